"""Words that the project has given up: what is said instead, and why.

A word is used nowhere, but for the lines that its `allowed` names with a reason.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Allowed:
    """Lines of one file that use a retired word, because they must."""

    path: str
    text: str  # part of each such line
    reason: str


@dataclass(frozen=True)
class Retired:
    """A word that is no longer used, outside of the lines that have a reason to."""

    pattern: str
    instead: str
    reason: str
    allowed: tuple[Allowed, ...] = ()


_SIMULATE = "scripts/concord/simulate"
_UIDS = "the UIDs of the demo are hashes of this word"
_BYTES = "written into the DICOM files of the demo, which stay as they are"

RETIRED: dict[str, Retired] = {
    "outline": Retired(
        r"(?i)outlin",
        "segmentation (the act and the mask), contour (polygons of an RTSTRUCT)",
        "BIDS, DICOM SEG and CLEAR say segmentation",
        (
            Allowed(f"{_SIMULATE}/rtstruct.py", '"outline", reader', _UIDS),
            Allowed(f"{_SIMULATE}/segmentation.py", '"outline", reader', _UIDS),
            Allowed(f"{_SIMULATE}/segmentation.py", '"OUTLINE"', _BYTES),
        ),
    ),
    "given": Retired(
        # Files of predictions that another tool made bear the name of their part.
        r"\b(?:read_given|given_(?!(?:predictions|risks|null)\b)[a-z]+)\b"
        r"|\bresults\.given\b",
        "imported, read_feature_table",
        "given is an everyday word and a variable elsewhere",
    ),
    "measuring": Retired(
        r"\b_?measuring\b|\bmeasured_by\b|\b_measuring_\w+",
        "region features",
        "a participle names no thing",
    ),
    "estimability": Retired(
        r"(?i)estimabil", "collinearity", "what statisticians call it"
    ),
    "biology": Retired(
        r"(?i)biolog(?!ical)",
        "associations",
        "correlations with covariates and outcomes are no biology",
        (
            Allowed(
                "scripts/concord/harmonization/estimators/phantom_combat.py",
                "PLOS Biology",
                "the name of a journal",
            ),
        ),
    ),
    "predictability": Retired(
        r"(?i)predictabilit", "batch prediction", "it is the AUC of predicting a batch"
    ),
    "proof": Retired(
        r"(?i)\bproof\b|\bproof_|prove_no_leak|\bprove\(",
        "leakage test",
        "a test cannot prove that nothing leaks",
    ),
    "attack": Retired(r"(?i)attack", "perturbation", "nobody attacks"),
    "poison": Retired(r"(?i)poison", "perturbed rows", "nobody is poisoned"),
    "toothless": Retired(
        r"(?i)toothless|\bteeth\b", "without power, undetected", "tests have power"
    ),
    "honest": Retired(
        r"(?i)(?<!dis)honest", "study fit", "code is neither honest nor dishonest"
    ),
    "what chance reaches": Retired(
        r"(?i)what chance reaches",
        "null distribution under permuted outcomes",
        "the statistician's term",
    ),
    "teach": Retired(
        r"(?i)\bteach(?:es|er|ers|ing)?\b|\btaught\b",
        "fit, estimate",
        "rows do not teach; a fit estimates from them",
    ),
    "learn": Retired(
        r"\blearnt\(|\blearnt_from\b|\b_learn\w*\(|\blearnable\b",
        "fit, fitted_values, fittable",
        "one verb in the names of functions: the one of scikit-learn",
    ),
    "draw": Retired(
        r"\b(?:reader|readers|who|whoever|another|she|he) (?:draws?|drew|has drawn|"
        r"have drawn)\b|\bdrawn_on\b|\b(?:masks?|segmentations?) (?:was|were) drawn\b",
        "segment",
        "readers segment; figures are drawn",
    ),
    "Looks": Retired(r"\bLooks\b", "FigureStyle", "a class is named for a thing"),
    "Found": Retired(
        r"\bclass Found\b|\bFound\(", "the thing found", "a class is named for a thing"
    ),
    "handled": Retired(
        r"\bhandled\(|import handled\b",
        "resolve_unseen_batches",
        "a verb and its object",
    ),
    "listed": Retired(
        r"\bunlisted\(|\bdef listed\(values|import .*\bunlisted\b",
        "to_json, from_json",
        "says what the format is",
    ),
    "chain": Retired(
        r"\bas chains\b|\bchains\.|\b_chain\(|\bchain = build",
        "pipeline",
        "one word for one thing",
    ),
    "frozen arm": Retired(
        r"FrozenArm|(?i:\bfrozen arms?\b)",
        "fitted model, frozen model",
        "one document for folds and the final fit, one for use elsewhere",
    ),
    "slogan": Retired(
        r"(?i)refus\w+ to lie",
        "(nothing: the slogan of the project only)",
        "a slogan, not a manner of speech in code",
        (
            Allowed("README.md", "refuses to lie", "the slogan itself"),
            Allowed("docs/architecture.md", "refuses to lie", "the slogan itself"),
        ),
    ),
    "embarrass": Retired(
        r"(?i)embarrass", "is reported beside its baselines", "plain words"
    ),
    "old places": Retired(
        r"\btable_kinds\b|concord[./]config\b|concord[./]harmonize\b|"
        r"features[./]engine\.py|\bingest[./](?:convert|masks|outlines|placing)\b",
        "the module's place in its package",
        "modules have moved",
    ),
}

#: History and generated files, whose sources are searched, and the words themselves.
SKIPPED = (
    "CHANGELOG.md",
    "LICENSE",
    "config/schema.json",
    "docs/faults.md",
    "docs/rules.md",
    "docs/tables.md",
    "requirements.lock",
    "tests/unit/docs/retired_words.py",
    "tests/unit/docs/test_docs_words.py",
)
FOLDERS = (
    "benchmarks",
    "config",
    "docs",
    "envs",
    "resources",
    "scripts",
    "tests",
    "workflow",
)
TEXTS = {".py", ".md", ".smk", ".rst", ".yaml", ".yml", ".toml", ".tsv", ".csv", ""}


@cache
def texts() -> dict[str, str]:
    """Path and content of every text of the repository that is searched."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    found += [path for name in FOLDERS for path in (ROOT / name).rglob("*")]
    chosen = [path for path in found if path.is_file() and path.suffix in TEXTS]
    named = {path.relative_to(ROOT).as_posix(): path for path in chosen}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in sorted(named.items())
        if name not in SKIPPED and "__pycache__" not in name
    }


def uses(word: str) -> list[tuple[str, str]]:
    """Path and line of each use of a word; a path counts as a line of its own."""
    pattern = re.compile(RETIRED[word].pattern)
    return [
        (path, line)
        for path, text in texts().items()
        if pattern.search(path) or pattern.search(text)
        for line in (path, *text.splitlines())
        if pattern.search(line)
    ]


def is_allowed(allowed: Allowed, path: str, line: str) -> bool:
    """True if an exception is made for this line."""
    return path == allowed.path and allowed.text in line
