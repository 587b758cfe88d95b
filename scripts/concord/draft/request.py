"""Request of a draft: folders and tables, as the command line names them."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..config_faults import Fault, nearest, raise_config_faults
from ..errors import ConfigError
from ..fields import key_fault
from .naming import name_of

#: Keys of ``--config`` that a draft, or the index of a study without configuration,
#: understands, with what each holds.
KEYS = {
    "dicom_roots": "folder with one folder per patient, or {A: FOLDER, B: FOLDER}",
    "nifti": "folder with NIfTI images and masks, one folder per subject",
    "bids": "folder in BIDS layout",
    "features": "table of features that were computed already",
    "clinical": "table with one row per subject: CSV, TSV or .xlsx",
    "sheet": "sheet of the workbook, if not the first one",
    "model": "frozen model (model.json) that the images are given to",
    "regions": "{REGION: NAME}: the ROI that is a region of the model",
    "settings_from": "parameter file of pyradiomics, or settings file of MIRP",
    "match_ids": "exact, or ignore_spelling",
    "site": "name of the site, if there is only one",
    "name": "name of the study",
    "privacy": "the section of the configuration",
    "data_root": "folder that dicom_roots are below",
}
#: Keys that name folders with images; a draft takes one of them, or a feature table.
ENTRIES = ("dicom_roots", "nifti", "bids", "features")
_FILES = ("features", "clinical", "model", "settings_from")
_MATCHING = ("exact", "ignore_spelling")
WHERE = "--config"


#: Rules and targets that need nothing but folders.
_OF_INDEX = frozenset({"index", "index_dicom", "draft_sheets"})
_OF_DRAFT = frozenset({"draft", "draft_study"})
_OF_SECRET = frozenset({"secret", "make_secret"})
_OTHERS = frozenset({"all", "check", "features", "models", "predict", "deidentify"})
#: What writes a plan, and what opens the seal: their rules exist only if asked for.
REGISTERS = frozenset({"register", "register_plan"})
UNSEALS = frozenset({"unseal", "open_sealed"})
#: Options that a folder or file follows, which may be called like a rule.
_BEFORE_A_PATH = frozenset(
    {"-d", "--directory", "-s", "--snakefile", "--profile", "--workflow-profile"}
    | {"--configfile", "--configfiles"}
)


def asked_rules(arguments: Iterable[str]) -> set[str]:
    """Rules and targets that a command line names, as far as they matter here.

    A job that Snakemake starts is named with its wildcards, such as
    ``index_dicom:root=A``.
    """
    words = list(arguments)
    names = {
        word.partition(":")[0]
        for before, word in zip(["", *words], words, strict=False)
        if before not in _BEFORE_A_PATH
    }
    known = _OF_INDEX | _OF_DRAFT | _OF_SECRET | _OTHERS | REGISTERS | UNSEALS
    return names & known


def drafts(asked: Iterable[str]) -> bool:
    """True if a draft is asked for."""
    return not _OF_DRAFT.isdisjoint(asked)


def asks_secret_alone(asked: Iterable[str]) -> bool:
    """True if nothing is asked for but a secret."""
    names = set(asked)
    return bool(names) and names <= _OF_SECRET


def needs_folders_alone(config: Mapping[str, Any], asked: Iterable[str]) -> bool:
    """True if a run needs only the folders of a study.

    Parameters
    ----------
    config : mapping
        The configuration with the values of the command line.
    asked : iterable of str
        From `asked_rules`.

    Raises
    ------
    ConfigError
        If something else is asked for and there is no configuration.
    """
    asked = set(asked)
    if drafts(asked) or asks_secret_alone(asked):
        return True
    # The DICOM of a simulated study has to be made first.
    if asked and asked <= _OF_INDEX and not config.get("simulation"):
        return True
    if not set(config) - set(KEYS):
        raise ConfigError(
            "There is no config/config.yaml in this folder. Draft one first: "
            "snakemake draft --config dicom_roots=FOLDER clinical=TABLE "
            "(docs/drafting.md says more)."
        )
    return False


def checked(given: Mapping[str, Any], drafts: bool) -> dict[str, Any]:
    """The request with absolute paths; roots by name, below one data root.

    Parameters
    ----------
    given : mapping
        Values of ``--config``, and those of a configuration that is there.
    drafts : bool
        A draft is asked for, not only the index.

    Raises
    ------
    ConfigError
        Listing every fault of the request, one line each.
    """
    faults = [*_key_faults(given), *_entry_faults(given, drafts)]
    raise_config_faults(faults)
    found = {key: given[key] for key in KEYS if given.get(key) is not None}
    for key in _FILES:
        if key in found:
            found[key] = str(_path(key, found[key], faults))
    for key in ("dicom_roots", "bids", "nifti"):
        if key in found and "data_root" not in found:
            roots = _roots(key, found.pop(key), faults)
            found["data_root"], found["dicom_roots"] = _below_one(roots)
            found["entry"] = "nifti" if key == "nifti" else "dicom"
    if "features" in found:
        found |= {"entry": "features", "data_root": str(Path(found["features"]).parent)}
    raise_config_faults(faults)
    return found


def _key_faults(given: Mapping[str, Any]) -> Iterable[Fault]:
    for key, value in given.items():
        if key not in KEYS:
            yield Fault(WHERE, key, f"unknown key{nearest(key, KEYS)}")
        elif key in ("dicom_roots", "nifti", "bids"):
            if not isinstance(value, str | list | dict) or not value:
                yield Fault(WHERE, key, f"expected a {KEYS[key]}, found {value!r}")
        elif key == "regions":
            yield from _region_faults(value)
        elif key != "privacy" and isinstance(value, dict | list | bool):
            yield Fault(WHERE, key, f"expected a {KEYS[key]}, found {value!r}")
    matching = given.get("match_ids", "exact")
    if matching not in _MATCHING:
        expected = " or ".join(_MATCHING)
        yield Fault(WHERE, "match_ids", f"expected {expected}, found {matching!r}")


def _region_faults(value: Any) -> Iterable[Fault]:
    is_mapping = isinstance(value, dict) and value
    if not is_mapping or not all(isinstance(one, str) for one in value.values()):
        expected = KEYS["regions"]
        yield Fault(WHERE, "regions", f"expected {expected}, found {value!r}")


def _entry_faults(given: Mapping[str, Any], drafts: bool) -> Iterable[Fault]:
    entries = [key for key in ENTRIES if given.get(key)]
    if not entries:
        verb = "draft" if drafts else "index"
        yield Fault(
            WHERE,
            "dicom_roots",
            f"this key is missing; `snakemake {verb}` needs a {KEYS['dicom_roots']}",
        )
    if given.get("model") and given.get("features"):
        yield Fault(
            WHERE,
            "model",
            "is given to images in a draft; for a table of features, write the "
            "configuration by hand (docs/prediction.md)",
        )
    if given.get("regions") and not given.get("model"):
        yield Fault(WHERE, "regions", "is for a draft with a frozen model; give model")
    if len(entries) > 1:
        yield Fault(WHERE, ", ".join(entries), "give one of these keys, not several")


def _roots(key: str, value: Any, faults: list[Fault]) -> dict[str, Path]:
    """Folders by name: those given, or made of the names of the folders."""
    if isinstance(value, dict):
        named = {str(name): path for name, path in value.items()}
    else:
        paths = [value] if isinstance(value, str) else value
        named = {}
        for path in map(str, paths):
            name = name_of(Path(path).name) or "root"
            named[name if name not in named else f"{name}_{len(named) + 1}"] = path
    for name in named:
        if told := key_fault(name):
            faults.append(Fault(WHERE, f"{key}.{name}", told))
    roots = {name: _path(key, path, faults) for name, path in named.items()}
    faults += [
        Fault(WHERE, f"{key}.{name}", f"{path} is a file, expected a folder")
        for name, path in roots.items()
        if path.is_file()
    ]
    return roots


def _path(key: str, value: Any, faults: list[Fault]) -> Path:
    """A path by where the command was given, or else by the folder of the study."""
    places = [Path(os.environ.get("PWD", ".")), Path.cwd()]
    found = [place / Path(str(value)).expanduser() for place in places]
    there = next((path for path in found if path.exists()), None)
    if there is None:
        seen = dict.fromkeys(os.path.normpath(path) for path in found)
        faults.append(Fault(WHERE, key, f"does not exist: {' nor '.join(seen)}"))
        return found[0]
    return Path(os.path.normpath(there.absolute()))


def _below_one(roots: Mapping[str, Path]) -> tuple[str, dict[str, str]]:
    """The folder that all roots are below, and the roots relative to it."""
    shared = Path(os.path.commonpath([str(path) for path in roots.values()]))
    relative = {name: path.relative_to(shared) for name, path in roots.items()}
    here = Path.cwd()
    inside = shared.is_relative_to(here) and shared != here
    data_root = shared.relative_to(here) if inside else shared
    return data_root.as_posix(), {n: path.as_posix() for n, path in relative.items()}
