"""Do frozen models tell what was planted in patients of another hospital?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..settings import RecoverApplied

#: Scores are those of the development study up to rounding.
TOLERANCE = 1e-12
#: Kind of each table.
KINDS = {
    "truth": "truth",
    "scores": "patient_scores",
    "flags": "patient_flags",
    "expected": "predictions",
    "updates": "update_performance",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class AppliedTables:
    """Tables of a simulated study that applies frozen models; `KINDS` tells theirs.

    `expected` holds predictions of the development study, in which the subjects were
    left out; it and `updates` are empty where there are none.
    """

    truth: pd.DataFrame
    scores: pd.DataFrame
    flags: pd.DataFrame
    expected: pd.DataFrame
    updates: pd.DataFrame


def recover(study: AppliedTables, settings: RecoverApplied) -> list[Row]:
    """Rows of kind "recovered": each planted fact, what was found, and the verdict."""
    names = ("claim", "planted", "found", "criterion", "recovered")
    claims = [
        *_same_scores(study),
        *_scanners(study, settings),
        *_lesions(study, settings),
        *_missing(study, settings),
        *_shift(study, settings.reference_arm),
    ]
    return [dict(zip(names, claim, strict=True)) for claim in claims]


Claim = tuple[str, str, str, str, bool]


def _same_scores(study: AppliedTables) -> Iterator[Claim]:
    """Scores from DICOM are those of the fold that left the hospital out."""
    if study.expected.empty:
        return
    usual = set(study.truth.loc[study.truth["unusual"].isna(), "subject_id"])
    for arm, rows in study.scores.groupby("arm", sort=True):
        # One row per subject: the score is the same at all horizons.
        own = rows.drop_duplicates("subject_id").set_index("subject_id")["score"]
        known = study.expected
        left_out = known[(known["arm"] == arm) & (known["scheme"] == "loso")]
        before = left_out.set_index("subject_id")["score"].reindex(sorted(usual))
        difference = (own.reindex(before.index) - before).abs()
        n, largest = int(difference.count()), float(difference.max())
        yield (
            f"{arm}: scores are those of the fold that left the hospital out",
            "the same patients, once in the development study and once from DICOM",
            f"largest difference {largest:.1e} over {n} patients",
            f"at most {TOLERANCE:g} in all {len(usual)} patients",
            n == len(usual) and largest <= TOLERANCE,
        )


def _scanners(study: AppliedTables, settings: RecoverApplied) -> Iterator[Claim]:
    """A change of the scanner within the hospital is flagged, with its name."""
    raised = _raised(study, settings, "unknown_scanner")
    for subject, name in _unusual(study):
        scanner = settings.planted[name].scanner
        if scanner is None:
            continue
        own = raised[raised["subject_id"] == subject]
        telling = own[own["seen"].astype(str).str.endswith(f" {scanner.model}")]
        yield (
            f"{subject}: the other scanner is flagged",
            f"scanner {scanner.model!r}",
            _told(telling),
            "unknown_scanner, with its name",
            len(telling) > 0,
        )


def _lesions(study: AppliedTables, settings: RecoverApplied) -> Iterator[Claim]:
    """Lesions beyond those of development are flagged, and have no score told."""
    far = _raised(study, settings, "out_of_range")
    counts = far[far["severity"] == "red"].groupby("subject_id").size()
    small = _raised(study, settings, "tiny_region")
    for subject, name in _unusual(study):
        planted = settings.planted[name]
        if planted.heterogeneity_hu is not None:
            most = counts.drop(subject, errors="ignore").max()
            found = int(counts.get(subject, 0))
            yield (
                f"{subject}: the extreme texture is out of range",
                f"amplitude {planted.heterogeneity_hu:g} HU",
                f"{found} predictors out of range, {_status(study, settings, subject)}",
                "more than of any other patient, and not applicable",
                found > np.nan_to_num(most)
                and _status(study, settings, subject) == "not applicable",
            )
        if planted.radius_mm is not None:
            own = small[small["subject_id"] == subject]
            yield (
                f"{subject}: the tiny lesion is flagged",
                f"radius {planted.radius_mm:g} mm",
                _told(own),
                "tiny_region, of nobody else",
                len(own) > 0 and len(own) == len(small),
            )


def _missing(study: AppliedTables, settings: RecoverApplied) -> Iterator[Claim]:
    """Who lacks an image that the model needs has no score, and the flag says why."""
    raised = _raised(study, settings, "missing_image")
    for subject, name in _unusual(study):
        modality = settings.planted[name].without
        if modality is None:
            continue
        own = raised[raised["subject_id"] == subject]
        status = _status(study, settings, subject)
        yield (
            f"{subject}: the missing image is flagged",
            f"no {modality}",
            f"{_told(own)}; {status}",
            "missing_image, and not scored",
            len(own) > 0 and status == "not scored",
        )


def _shift(study: AppliedTables, arm: str) -> Iterator[Claim]:
    """Another prevalence is seen, and recalibration in the large repairs it.

    Judged of the reference arm, whose predictors no scanner changes.
    """
    rows = study.updates
    if rows.empty:
        return
    rows = rows[(rows["metric"] == "observed_expected") & (rows["arm"] == arm)]
    before = rows[(rows["update"] == "none") & (rows["stage"] == "before")]
    after = rows[rows["update"] == "in_the_large"]
    after = after[after["stage"] == "cross_validated"]
    hazard = study.truth["site_log_hazard"].max()
    yield (
        f"{arm}: recalibration in the large repairs the prevalence",
        f"log odds of the hospital {hazard:g}",
        f"observed / expected {_interval(before)} before, {_interval(after)} after, "
        "in subjects that the update did not see",
        "the interval is above 1 before and holds 1 after",
        _lowest(before) > 1 and _lowest(after) <= 1 <= _highest(after),
    )


def _unusual(study: AppliedTables) -> list[tuple[str, str]]:
    """Subject and name of what is unusual of each that is."""
    rows = study.truth.dropna(subset="unusual")
    return list(zip(rows["subject_id"], rows["unusual"], strict=True))


def _raised(study: AppliedTables, settings: RecoverApplied, flag: str) -> pd.DataFrame:
    """Rows of one flag of the headline arm."""
    rows = study.flags
    return rows[(rows["arm"] == settings.headline_arm) & (rows["flag"] == flag)]


def _status(study: AppliedTables, settings: RecoverApplied, subject: str) -> str:
    rows = study.scores
    own = (rows["arm"] == settings.headline_arm) & (rows["subject_id"] == subject)
    return str(next(iter(rows.loc[own, "status"]), "none"))


def _told(rows: pd.DataFrame) -> str:
    seen = [f"{one['flag']}: {one['seen']}" for _, one in rows.iterrows()]
    return "; ".join(seen) or "no flag"


def _interval(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "none"
    one = rows.iloc[0]
    return f"{one['estimate']:.2f} ({one['lower']:.2f} to {one['upper']:.2f})"


def _lowest(rows: pd.DataFrame) -> float:
    return float(rows["lower"].iloc[0]) if len(rows) else float("nan")


def _highest(rows: pd.DataFrame) -> float:
    return float(rows["upper"].iloc[0]) if len(rows) else float("nan")
