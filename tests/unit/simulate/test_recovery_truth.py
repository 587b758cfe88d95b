"""Recovery of planted truth: closed forms, and claims that must fail."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from concord.simulate.recovery import claims, readers, study_tables
from concord.simulate.settings import RecoverTruth

from ... import synthetic_results as synthetic

SETTINGS = RecoverTruth(
    headline_arm="texture",
    reference_arm="clinical",
    group_arms=["site_only"],
    control_arms=[],
    baseline_session="baseline",
    reference_reader="A",
)
CLAIMS = (
    "damaged",
    "reader B",
    "reader AI",
    "failures",
    "tell the site",
    "removes variance",
    "drives",
    "permuted",
    "site alone",
)


#: What the image rule excluded: the scan that the truth says is damaged.
DAMAGED = pd.DataFrame(
    {
        "stage": ["convert_image", "convert_mask"],
        "subject_id": ["A-000", "A-000"],
        "session": ["retest", "retest"],
        "code": ["MISSING_SLICE", "IMAGE_EXCLUDED"],
    }
)


def study(**changes):
    tables = {
        "truth": synthetic.truth(),
        "exclusions": DAMAGED,
        "agreement": synthetic.agreement_of_three(),
        "review": synthetic.review_list(),
        "features": synthetic.features(),
        "site_effect": synthetic.site_effect(),
        "batch_prediction": synthetic.batch_prediction(),
        "selection": synthetic.selection("metastasis"),
        "null": synthetic.null("metastasis"),
        "performance": synthetic.performance("metastasis"),
        "null_tests": synthetic.permutation_tests("metastasis"),
    }
    return study_tables.StudyTables(**(tables | changes))


def verdicts(planted):
    rows = claims.recover(planted, SETTINGS)
    return {key: r["recovered"] for r in rows for key in CLAIMS if key in r["claim"]}


def test_a_study_that_finds_what_was_planted_recovers_every_claim():
    assert verdicts(study()) == dict.fromkeys(CLAIMS, True)


def test_the_shift_of_a_sphere_is_the_difference_of_its_radii():
    volumes = [4 / 3 * np.pi * r**3 for r in (10.0, 11.5)]
    pair = pd.DataFrame(
        {
            "status": ["ok", "one_empty"],
            "volume_mm3": [volumes[0]] * 2,
            "volume_b_mm3": [volumes[1], 0.0],
        }
    )

    assert readers.radius_shift_mm(pair).tolist() == pytest.approx([1.5])


def test_readers_named_the_other_way_round_give_the_same_shift():
    table = synthetic.agreement_of_three()
    names = {"reader": "reader_b", "reader_b": "reader"}
    names |= {"volume_mm3": "volume_b_mm3", "volume_b_mm3": "volume_mm3"}

    straight = claims.recover(study(), SETTINGS)[:5]
    turned = claims.recover(study(agreement=table.rename(columns=names)), SETTINGS)

    assert turned[:5] == straight
    assert all("reader" in row["claim"] for row in straight[1:])


def test_a_shift_is_measured_between_the_two_readers_named():
    table = synthetic.agreement_of_three()
    found = [
        readers.shift_from(table, *names).median()
        for names in (("A", "B"), ("AI", "B"), ("B", "AI"))
    ]
    assert found == pytest.approx([1.0, 1.8, -1.8], abs=0.1)


def test_failures_of_the_algorithm_do_not_count_as_its_shift():
    # The volume of both is half as large, a shift of some 4 mm.
    rows = claims.recover(study(), SETTINGS)
    shifts = [row["found"] for row in rows if "reader AI" in row["claim"]]
    assert shifts == ["-0.81 mm (mean of 58)"] * 2


def test_a_reader_that_was_never_compared_is_not_found():
    found = verdicts(study(agreement=synthetic.agreement()))

    assert found["reader AI"] is False
    assert found["reader B"] is True


def test_correlation_is_taken_within_sites():
    # Rising in each site, but the site with the higher texture has lower values.
    planted = pd.Series([1.0, 2, 3, 11, 12, 13])
    values = pd.Series([11.0, 12, 13, 1, 2, 3])
    site = pd.Series(list("AAABBB"))

    assert study_tables.within_site_correlation(values, planted, site) == 1.0
    assert np.isnan(study_tables.within_site_correlation(values * 0, planted, site))


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("reader B", {"truth": synthetic.truth().assign(reader_bias_mm=2.0)}),
        ("reader AI", {"truth": synthetic.truth().assign(automatic_bias_mm=0.0)}),
        ("failures", {"review": synthetic.review_list().query("rank != 1")}),
        ("failures", {"review": synthetic.review_list().head(0)}),
        (
            "tell the site",
            {
                "batch_prediction": synthetic.batch_prediction().assign(
                    auc=[0.7, 0.5, 0.5]
                )
            },
        ),
        (
            "removes variance",
            {"site_effect": synthetic.site_effect().assign(eta_squared=0.4)},
        ),
        (
            "drives",
            {
                "features": synthetic.features().assign(
                    **{"original.glcm.joint_entropy": 1.0}
                )
            },
        ),
        ("permuted", {"null": synthetic.null("metastasis").assign(estimate=0.6)}),
        (
            "site alone",
            {"performance": synthetic.performance("metastasis").assign(estimate=0.5)},
        ),
    ],
)
def test_a_claim_that_is_not_found_is_not_recovered(claim, changes):
    found = verdicts(study(**changes))

    assert [key for key, value in found.items() if not value] == [claim]


def test_a_site_effect_that_was_not_measured_is_not_recovered():
    found = verdicts(study(site_effect=synthetic.site_effect().head(0)))

    assert found["removes variance"] is False


def test_every_verdict_is_recomputed_from_other_texture():
    truth = synthetic.truth()
    shuffled = truth["heterogeneity_hu"].sample(frac=1, random_state=1).to_numpy()

    found = verdicts(
        dataclasses.replace(study(), truth=truth.assign(heterogeneity_hu=shuffled))
    )

    assert found["drives"] is False


@pytest.mark.parametrize(
    "excluded",
    [
        DAMAGED.head(0),
        DAMAGED.assign(code="NON_UNIFORM_SPACING"),
        DAMAGED.assign(session="baseline"),
        pd.concat([DAMAGED, DAMAGED.assign(subject_id="A-001")]),
    ],
    ids=["missed", "misnamed", "another session", "one too many"],
)
def test_damaged_scans_must_be_found_exactly(excluded):
    assert not verdicts(study(exclusions=excluded))["damaged"]


@pytest.mark.parametrize(
    ("p_value", "recovered"), [(0.3, True), (0.01, False), (np.nan, False)]
)
def test_noise_in_place_of_the_image_must_predict_nothing(p_value, recovered):
    tests = synthetic.permutation_tests("metastasis")
    rows = tests.assign(estimate=0.52, p_value=p_value)
    settings = SETTINGS.model_copy(update={"control_arms": ["texture"]})
    found = claims.recover(study(null_tests=rows), settings)
    (claim,) = [row for row in found if "noise in place" in row["claim"]]
    assert claim["recovered"] is recovered
    assert claim["found"].startswith("0.52 (auc")
