"""Names that drafts propose for images, in the words of a fixed vocabulary.

Descriptions of a header are free text and may name a person. They are only looked
through for words of the vocabulary; nothing of them is copied.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Facts = Mapping[str, str | None]
Row = dict[str, Any]

#: Words of a description that tell the image, in the order in which they decide.
_MR = [
    ("ADC", r"adc|apparent diff\w*"),
    ("DWI", r"dwi|diff|diffusion|dti|trace\w*|tracew|ep2d diff"),
    ("DSC", r"dsc|ep2d perf|perfusion"),
    ("DCE", r"dce|dyn|dynamic|twist"),
    ("FLAIR", r"flair|dark fluid"),
    ("SWI", r"swi|swan"),
    ("T2star", r"t2(star|\*)|t2 star"),
    ("T2", r"t2w?|haste|t2 weighted"),
    ("PD", r"pd|pdw|proton dens\w*"),
    ("T1", r"t1w?|mp2?rage|bravo|f?spgr|vibe|lava|thrive"),
]
_CT = [
    ("CT_noncontrast", r"non ?contrast|without contrast|unenhanced|nativ(e|ed)?|plain"),
    ("CT_arterial", r"art|arterial|arteriell"),
    ("CT_venous", r"ven|venous|venoes|portal\w*|portovenous|pv"),
    ("CT_delayed", r"delayed|excretory|late"),
]
_PET = [
    ("PET_FMISO", r"f?miso|\w*misonidazole"),
    ("PET_FLT", r"flt|\w*thymidine"),
    ("PET_FET", r"fet|fluoroethyl ?l? ?tyrosine|fluoroethyltyrosine"),
    ("PET_FDOPA", r"f?dopa|\w*dihydroxyphenylalanine"),
    ("PET_PSMA", r"\w*psma\w*"),
    ("PET_DOTATATE", r"\w*dotatate"),
    ("PET_DOTATOC", r"\w*dotatoc"),
    ("PET_FAPI", r"fapi\w*"),
    ("PET_NaF", r"naf|sodium fluoride\w*"),
    ("PET_choline", r"\w*choline"),
    ("PET_FDG", r"f?fdg|\w*deoxyglucose|c b1031|35321007"),
]
#: Words that tell contrast in a description, and agents that are none.
_CONTRAST = r"gd|gad\w*|post|contrast|km|ce|\+c|c\+|t1c|t1ce|t1gd"
_NO_AGENT = {"", "none", "no", "n", "without", "0", "ohne", "keine", "null"}

#: Longest text that is searched; DICOM allows 64 characters for each of its parts.
_LONGEST_TEXT = 1024

#: Names by the suffix of a file in BIDS layout.
OF_SUFFIX = {
    "T1w": "T1",
    "T2w": "T2",
    "PDw": "PD",
    "FLAIR": "FLAIR",
    "T2star": "T2star",
    "T1map": "T1map",
    "T2map": "T2map",
    "UNIT1": "UNIT1",
}

#: Modalities whose images are always named by what they show.
_ALWAYS_TOLD = "MR"


def proposed(facts: Facts) -> str | None:
    """The name of the image by one header; None if it contains none.

    Parameters
    ----------
    facts : mapping of str
        `modality`, and texts of the header: `description`, `protocol`, `image_type`,
        `scanning_sequence`, `sequence_name`, `te`, `tr` and `ti` (ms), `agent`,
        `b_value` and `tracer`.
    """
    words = _words(facts, "description", "protocol")
    modality = facts.get("modality")
    if modality == "MR":
        return _of_mr(facts, words)
    if modality == "CT":
        return _first(_CT, words)
    if modality == "PT":
        return _first(_PET, _words(facts, "tracer")) or _first(_PET, words)
    return None


def of_bids(modality: str, suffix: str, entities: Mapping[str, str]) -> str | None:
    """The name of the image by the name of a file in BIDS layout."""
    if modality == "PT":
        return _first(_PET, entities.get("trc", "").lower())
    name = OF_SUFFIX.get(suffix)
    return "T1c" if name == "T1" and "ce" in entities else name


def assigned(series: Iterable[Row]) -> list[Row]:
    """Rows of images with the name of each, distinct within subject and session.

    What an MR series is told to be is its name. The phase of a CT and the tracer of a
    PET name it only if the study needs them: if a session has several series of the
    modality, or if there are several tracers. Else the modality is the name. Equal
    names in one session are numbered in the order of acquisition.

    Parameters
    ----------
    series : iterable of dict
        Rows of usable images with `subject_id`, `session`, and as `image` what is
        told of each, or None.
    """
    rows = sorted(series, key=_order)
    needed = _told_apart(rows)
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    named = []
    for row in rows:
        told = row["image"] if row["modality"] in needed else None
        names = taken[row["subject_id"], row["session"]]
        name = _free(told or row["modality"], names)
        names.add(name)
        named.append(row | {"image": name})
    return named


def _free(name: str, taken: set[str]) -> str:
    """A name, with the lowest number from 2 on if it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _told_apart(rows: Iterable[Row]) -> set[str]:
    """Modalities whose images are named by what is told of them."""
    sessions: dict[tuple[str, ...], int] = defaultdict(int)
    tracers = set()
    for row in rows:
        sessions[row["subject_id"], row["session"], row["modality"]] += 1
        tracers |= {row["image"]} if row["modality"] == "PT" and row["image"] else set()
    several = {key[-1] for key, count in sessions.items() if count > 1}
    return several | {_ALWAYS_TOLD} | ({"PT"} if len(tracers) > 1 else set())


def _order(row: Row) -> tuple[str | float, ...]:
    """Order of acquisition, as far as numbers tell it; then that of the files."""
    number = row["series_number"] or ""
    place = float(number) if re.fullmatch(r"\d+", number) else float("inf")
    texts = (str(row[key] or "") for key in ("study_date", "root", "folder", "file"))
    date, *files = texts
    return (row["subject_id"], row["session"], date, place, *files)


def _of_mr(facts: Facts, words: str) -> str | None:
    types = _words(facts, "image_type")
    if _has(r"adc|adc unspecified", types):
        return "ADC"
    told = _first(_MR, words)
    if told is None and (facts.get("b_value") or _has("diffusion", types)):
        told = "DWI"
    told = told or _by_sequence(facts)
    agent = (facts.get("agent") or "").strip().lower() not in _NO_AGENT
    if told == "T1" and (agent or _has(_CONTRAST, words)):
        return "T1c"
    return told or ("T1c" if _has(r"t1c|t1ce|t1gd", words) else None)


def _by_sequence(facts: Facts) -> str | None:
    """The weighting by echo, repetition and inversion time, where they leave no doubt.

    Only spin echoes are judged, and inversion recovery: of gradient echoes the
    weighting depends on flip angle and spoiling too.
    """
    sequence = (facts.get("scanning_sequence") or "").split("\\")
    te, tr, ti = (_milliseconds(facts.get(name)) for name in ("te", "tr", "ti"))
    if te is None or tr is None or not {"SE", "IR"} & set(sequence):
        return None
    if "IR" in sequence:
        return "FLAIR" if ti is not None and ti > 1500 and te > 70 else None
    if te <= 30 and tr <= 1000:
        return "T1"
    if tr >= 1500 and te >= 70:
        return "T2"
    return "PD" if tr >= 1500 and te <= 30 else None


def _milliseconds(value: str | None) -> float | None:
    try:
        return float(value or "")
    except ValueError:
        return None


def _words(facts: Facts, *names: str) -> str:
    """Texts of a header in small letters, words separated by one blank."""
    texts = ((facts.get(name) or "")[:_LONGEST_TEXT] for name in names)
    text = " ".join(texts).lower()
    return re.sub(r"[^a-z0-9*+]+", " ", text).strip()


def _first(vocabulary: Iterable[tuple[str, str]], words: str) -> str | None:
    """The first name of a vocabulary whose words are there."""
    return next((name for name, pattern in vocabulary if _has(pattern, words)), None)


def _has(pattern: str, words: str) -> bool:
    return re.search(rf"(?<!\S)(?:{pattern})(?!\S)", words) is not None


def with_images(
    rows: Sequence[dict[str, Any]], is_image: Callable[[Row], bool]
) -> list[dict[str, Any]]:
    """Rows with the names of images, which masks in BIDS layout refer to."""
    images = assigned(row for row in rows if is_image(row))
    names = {_place(row): row["image"] for row in images}
    known: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in images:
        known[row["subject_id"], row["session"], row["modality"]].append(row["image"])
    return [
        row | {"image": names.get(_place(row)) or _referred(row, known)} for row in rows
    ]


def _place(row: Row) -> tuple[Any, ...]:
    return tuple(row[key] for key in ("root", "folder", "file", "series", "bids_roi"))


def _referred(row: Row, known: Mapping[tuple[str, ...], list[str]]) -> str | None:
    """The image of a mask: the told one of its session if there, else the first."""
    if not row["bids_region"]:
        return None
    names = known.get((row["subject_id"], row["session"], row["modality"]), [])
    if row["image"] in names or not names:
        return row["image"] or row["modality"]
    return names[0]
