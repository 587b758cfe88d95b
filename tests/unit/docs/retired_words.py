"""Words that the project has given up: what is said instead, and why.

`remaining_words.tsv` lists where they still are. ``python
tests/unit/docs/retired_words.py`` takes out of it what is no longer needed; nothing
ever adds to it.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
REMAINING = Path(__file__).with_name("remaining_words.tsv")


@dataclass(frozen=True)
class Retired:
    """A word that is no longer used, outside of the places that have a reason to."""

    pattern: str
    instead: str
    reason: str
    allowed: tuple[str, ...] = ()  # beginnings of paths


RETIRED: dict[str, Retired] = {
    "outline": Retired(
        r"(?i)outlin",
        "segmentation (the act and the mask), contour (polygons of an RTSTRUCT)",
        "BIDS, DICOM SEG and CLEAR say segmentation",
    ),
    "given": Retired(
        r"\b(?:read_given|given_[a-z]+)\b|\bresults\.given\b",
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
        ("docs/privacy.md",),
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
    "draw": Retired(
        r"\b(?:reader|readers|who|whoever|another|she|he) (?:draws?|drew|has drawn|"
        r"have drawn)\b",
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
        r"FrozenArm|(?i:\bfrozen (?:arm|model)s?\b)",
        "fitted model",
        "one document for folds and the final fit",
    ),
    "slogan": Retired(
        r"(?i)refus\w+ to lie",
        "(nothing: the slogan of the project only)",
        "a slogan, not a manner of speech in code",
        ("README.md", "docs/architecture.md"),
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
    "tests/unit/docs/remaining_words.tsv",
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


def place(path: str) -> str:
    """Part of the repository that a path belongs to, as the list names it."""
    parts = path.split("/")
    depth = 3 if path.startswith(("scripts/concord/", "tests/unit/")) else 2
    folder = parts[: min(depth, len(parts) - 1)]
    return "/".join(folder) + "/" if folder else path


@cache
def occurrences(word: str) -> dict[str, list[str]]:
    """Places that use a word, each with its lines; paths count as lines, too."""
    retired, found = RETIRED[word], {}
    pattern = re.compile(retired.pattern)
    for path, text in texts().items():
        if path.startswith(retired.allowed):
            continue
        if pattern.search(path) or pattern.search(text):
            lines = [
                line for line in [path, *text.splitlines()] if pattern.search(line)
            ]
            found.setdefault(place(path), []).extend(f"{path}: {one}" for one in lines)
    return found


def remaining() -> list[tuple[str, str]]:
    """Words that are still used, and where; written once, shortened since."""
    lines = REMAINING.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line)
    return [(word, where) for word, _, where in pairs]


def main() -> None:
    """Take out what is no longer needed."""
    used = {word: set(occurrences(word)) for word in RETIRED}
    kept = [(word, where) for word, where in remaining() if where in used[word]]
    text = "".join(f"{word}\t{where}\n" for word, where in kept)
    REMAINING.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
