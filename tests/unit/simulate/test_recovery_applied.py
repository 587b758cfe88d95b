"""Planted patients of another hospital: found, and not found where nothing was told."""

import numpy as np
import pandas as pd
import pytest

from concord.simulate.recovery.applied import AppliedTables, recover
from concord.simulate.settings import RecoverApplied

SETTINGS = RecoverApplied(
    headline_arm="radiomics",
    reference_arm="clinical",
    planted={
        "coarse": {"heterogeneity_hu": 150.0},
        "scanner": {"scanner": {"model": "upgraded"}},
        "tiny": {"radius_mm": 4.0},
        "without": {"without": "CT"},
    },
)
USUAL = ["C1", "C2", "C3"]
PLANTED = dict(zip(("C4", "C5", "C6", "C7"), SETTINGS.planted, strict=True))
STATUS = {"C4": "not applicable", "C6": "not applicable", "C7": "not scored"}
FLAGS = [
    ("C1", "out_of_range", "red", "1 HU"),
    ("C4", "out_of_range", "red", "2 HU"),
    ("C4", "out_of_range", "red", "3 HU"),
    ("C1", "unknown_scanner", "amber", "Phantom C"),
    ("C5", "unknown_scanner", "amber", "Phantom C upgraded"),
    ("C6", "tiny_region", "red", "9 voxels"),
    ("C7", "missing_image", "red", "missing"),
]
#: Claims by the first words that tell them apart.
CLAIMS = ("scores are", "other scanner", "extreme", "tiny", "missing", "prevalence")


def tables(flags=FLAGS, status=None, before=1.1, after=(0.8, 1.3), scores=0.0):
    names = [*USUAL, *PLANTED]
    truth = pd.DataFrame({"subject_id": names, "site_log_hazard": 1.2})
    truth["unusual"] = [None] * len(USUAL) + list(PLANTED.values())
    known = pd.DataFrame({"subject_id": names, "arm": "radiomics", "score": 0.5})
    known["status"] = [(STATUS | (status or {})).get(n, "scored") for n in names]
    expected = known[known["subject_id"].isin(USUAL)].assign(scheme="loso")
    raised = pd.DataFrame(flags, columns=["subject_id", "flag", "severity", "seen"])
    updates = pd.DataFrame(
        [
            ("none", "before", 1.5, before, 2.0),
            ("in_the_large", "apparent", 1.0, np.nan, np.nan),
            ("in_the_large", "cross_validated", 1.0, *after),
        ],
        columns=["update", "stage", "estimate", "lower", "upper"],
    ).assign(arm="clinical", metric="observed_expected")
    return AppliedTables(
        truth,
        known.assign(score=known["score"] + scores),
        raised.assign(arm="radiomics"),
        expected,
        updates,
    )


def found(study) -> dict[str, bool]:
    rows = recover(study, SETTINGS)
    (one,) = ([r for r in rows if word in r["claim"]] for word in CLAIMS[:1])
    assert len(rows) == len(CLAIMS)
    assert len(one) == 1
    return {
        word: row["recovered"]
        for word in CLAIMS
        for row in rows
        if word in row["claim"]
    }


def without(subject: str) -> list:
    return [row for row in FLAGS if row[0] != subject]


def test_all_that_was_planted_is_found():
    assert found(tables()) == dict.fromkeys(CLAIMS, True)


@pytest.mark.parametrize(
    ("lost", "study"),
    [
        ("scores are", {"scores": 1e-11}),
        ("scores are", {"scores": np.nan}),
        ("other scanner", {"flags": without("C5")}),
        ("extreme", {"flags": without("C4")}),
        ("extreme", {"flags": [*FLAGS, FLAGS[0], FLAGS[0]]}),
        ("extreme", {"status": {"C4": "scored"}}),
        ("tiny", {"flags": without("C6")}),
        ("tiny", {"flags": [*FLAGS, ("C1", "tiny_region", "red", "8 voxels")]}),
        ("missing", {"flags": without("C7")}),
        ("missing", {"status": {"C7": "scored"}}),
        ("prevalence", {"before": 0.9}),
        ("prevalence", {"before": np.nan}),
        ("prevalence", {"after": (1.05, 2.0)}),
        ("prevalence", {"after": (0.5, 0.9)}),
    ],
)
def test_what_was_not_told_is_not_found(lost, study):
    assert found(tables(**study)) == dict.fromkeys(CLAIMS, True) | {lost: False}


def test_without_scores_to_repeat_and_without_updates_there_is_nothing_to_say():
    study = tables()
    nothing = pd.DataFrame()
    alone = AppliedTables(study.truth, study.scores, study.flags, nothing, nothing)

    claims = " ".join(row["claim"] for row in recover(alone, SETTINGS))
    assert "scores are" not in claims
    assert "prevalence" not in claims
