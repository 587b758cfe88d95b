"""Treatment by marker: found where it was planted, and nowhere else."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from scipy.special import expit
from scipy.stats import kstest

from concord import tables
from concord.evaluation.treatment.interaction import treatment_interaction
from concord.evaluation.treatment.markers import (
    KIND_COVARIATE,
    KIND_SCORE,
    Marker,
    adjustment,
    declared_markers,
)
from concord.evaluation.treatment.scale import MarkerScale
from concord.evaluation.treatment.settings import TreatmentInteraction
from concord.harmonization.estimators.covariates import natural_spline
from concord.models.estimators.penalized import RidgeCox
from concord.statistics.outcome_kinds import SURVIVAL

KINDS = ("interaction", "marker_effects", "treatment_effect", "marker_values")
NUMBERS = ["texture", "size"]


def made(
    n: int = 400,
    planted: float = 0.0,
    seed: int = 1,
    has_times: bool = True,
    effect: float = -0.3,
) -> pd.DataFrame:
    """A cohort of three groups whose treatment works the less, the more texture."""
    generator = np.random.default_rng(seed)
    group = generator.integers(3, size=n)
    treated = generator.integers(2, size=n)
    texture, size = generator.normal(size=(2, n))
    linear = 0.5 * texture + 0.4 * size + (group - 1) * 0.5
    linear += treated * (effect + planted * texture)
    cohort = pd.DataFrame(
        {
            "subject_id": [f"S{number:04d}" for number in range(n)],
            "site": "A",
            "group": [f"G{one}" for one in group],
            "covariate.texture": 20 + 5 * texture,
            "covariate.size": size,
            "treatment.benefit": treated.astype(float),
        }
    )
    cohort["cluster"] = cohort["subject_id"]
    if has_times:
        times = 500 * generator.exponential(1 / np.exp(linear))
        limit = generator.uniform(100, 1500, size=n)
        cohort["event.benefit"] = (times <= limit).astype(float)
        cohort["time_days.benefit"] = np.ceil(np.minimum(times, limit))
    else:
        cohort["event.benefit"] = (generator.random(n) < expit(linear)).astype(float)
    return cohort


def interactions(cohort, names=NUMBERS, adjust=(), scale="measured", markers=None):
    """Tables of the interaction by their kind, as the rule writes them."""
    given = markers or [
        Marker(name, KIND_COVARIATE, adjustment(cohort, [name])) for name in names
    ]
    adjusted = adjustment(cohort, list(adjust))
    found = treatment_interaction(cohort, "benefit", given, adjusted, scale, 0.95)
    assert set(found) == set(KINDS)
    return {
        kind: tables.check(pd.DataFrame(rows), kind, kind)
        for kind, rows in found.items()
        if len(rows)
    }


def effects(found, marker="texture"):
    rows = found["marker_effects"]
    return rows[rows["marker"] == marker].set_index("among")


@pytest.mark.parametrize("has_times", [True, False])
def test_a_planted_interaction_is_found_in_its_marker_and_not_in_the_other(has_times):
    cohort = made(n=1500, planted=0.7, has_times=has_times)
    found = interactions(cohort, adjust=["size"])

    p_values = found["interaction"].set_index("marker")["p_adjusted"]
    assert p_values["texture"] < 1e-4
    assert p_values["size"] > 0.05
    ratio = effects(found).loc["treated / control"]
    assert ratio["lower"] < np.exp(0.7) < ratio["upper"]
    assert effects(found).loc["control", "log_ratio"] == pytest.approx(0.5, abs=0.25)
    assert effects(found).loc["treated", "log_ratio"] == pytest.approx(1.2, abs=0.3)


def test_a_marker_that_matters_to_the_treated_alone_shows_it_by_treatment():
    cohort = made(n=700, planted=0.7)
    # What planted adds to the treated is all there is: the prognosis is taken away.
    flipped = cohort["covariate.texture"].where(cohort["treatment.benefit"] == 1)
    noise = pd.Series(np.random.default_rng(5).normal(20, 5, len(cohort)))
    found = interactions(cohort.assign(**{"covariate.texture": flipped.fillna(noise)}))

    by_treatment = effects(found)
    assert by_treatment.loc["treated", "lower"] > 1.5
    control = by_treatment.loc["control"]
    assert control["lower"] < 1 < control["upper"]


def test_the_effect_of_the_treatment_changes_over_the_marker_as_planted():
    found = interactions(made(n=700, planted=0.7), ["texture"], adjust=["size"])
    line = found["treatment_effect"].query("model == 'line'")

    truth = np.exp(-0.3 + 0.7 * (line["value"] - 20) / 5)
    assert ((line["lower"] < truth) & (truth < line["upper"])).mean() > 0.9
    assert line["value"].is_monotonic_increasing
    values = found["marker_values"]["value"]
    assert line["value"].iloc[[0, -1]].tolist() == pytest.approx(
        values.quantile([0.025, 0.975]).tolist()
    )


def test_the_test_of_a_line_and_of_a_curve_equal_those_of_another_package():
    cohort = made(n=200, planted=0.4)
    found = interactions(cohort, ["texture"], adjust=["size"])["interaction"].iloc[0]

    marker = cohort["covariate.texture"]
    scaled = ((marker - marker.mean()) / marker.std()).to_numpy()
    knots = np.quantile(scaled, [0.05, 0.35, 0.65, 0.95]).tolist()
    for prefix, columns in (
        ("", scaled[:, None]),
        ("curve_", natural_spline(scaled, knots)),
    ):
        gain = 2 * (
            likelihood(cohort, columns, True) - likelihood(cohort, columns, False)
        )
        assert found[f"{prefix}chi_squared"] == pytest.approx(gain, rel=1e-6)
        assert found[f"{prefix}df"] == columns.shape[1]


def likelihood(cohort, marker, interaction):
    treated = cohort[["treatment.benefit"]].to_numpy()
    parts = [treated, marker, cohort[["covariate.size"]].to_numpy()]
    parts += [treated * marker] * interaction
    table = pd.DataFrame(np.hstack(parts))
    given = cohort[["time_days.benefit", "event.benefit", "group"]]
    table = table.assign(t=given.iloc[:, 0], e=given.iloc[:, 1], g=given.iloc[:, 2])
    options = {"precision": 1e-9}
    return (
        CoxPHFitter()
        .fit(table, "t", "e", strata=["g"], fit_options=options)
        .log_likelihood_
    )


def test_the_other_name_for_the_treatments_turns_effects_round():
    cohort = made(planted=0.5)
    found = interactions(cohort, ["texture"])
    swapped = {"treatment.benefit": 1 - cohort["treatment.benefit"]}
    turned = interactions(cohort.assign(**swapped), ["texture"])

    for table in (found, turned):
        assert table["interaction"].loc[0, "chi_squared"] == pytest.approx(
            found["interaction"].loc[0, "chi_squared"], rel=1e-6
        )
    assert effects(turned).loc["control", "ratio"] == pytest.approx(
        effects(found).loc["treated", "ratio"], rel=1e-6
    )
    assert turned["treatment_effect"]["log_ratio"].to_numpy() == pytest.approx(
        -found["treatment_effect"]["log_ratio"].to_numpy(), rel=1e-5
    )


def test_ranks_know_no_unit_and_effects_stand_at_values_of_the_marker():
    cohort = made(planted=0.5)
    skewed = cohort.assign(
        **{"covariate.texture": np.exp(cohort["covariate.texture"] / 3)}
    )
    plain, other = (
        interactions(one, ["texture"], scale="ranks") for one in (cohort, skewed)
    )

    chi_squared = [t["interaction"].loc[0, "chi_squared"] for t in (plain, other)]
    assert chi_squared[0] == pytest.approx(chi_squared[1], rel=1e-9)
    assert np.isnan(plain["interaction"].loc[0, "step"])
    values = other["treatment_effect"]["value"]
    assert values.between(*skewed["covariate.texture"].agg(["min", "max"])).all()


def test_normal_scores_of_ranks_give_ties_one_score():
    scale = MarkerScale.ranks(np.array([3.0, 1.0, 1.0, 10.0]))
    scored = scale.of(np.array([1.0, 3.0, 10.0]))

    assert scored.tolist() == sorted(scored.tolist())
    assert scale.of(np.array([1.0]))[0] == pytest.approx(-0.52440051 + 0.0, abs=0.2)
    assert scored[1] == pytest.approx(-scale.of(np.array([1.0]))[0] * 0.5, abs=0.2)


@pytest.mark.parametrize("has_times", [True, False])
def test_of_noise_p_values_are_uniform(has_times):
    p_values = np.array(
        [
            interactions(made(200, seed=seed, has_times=has_times))["interaction"][
                "p_value"
            ]
            for seed in range(30)
        ]
    ).ravel()

    assert kstest(p_values, "uniform").pvalue > 0.01
    assert (p_values < 0.05).mean() < 0.12


@pytest.mark.slow
@pytest.mark.parametrize("has_times", [True, False])
def test_of_much_noise_one_in_twenty_p_values_is_below_five_percent(has_times):
    found = [
        interactions(made(300, seed=seed, has_times=has_times))["interaction"]
        for seed in range(1000)
    ]
    for name in ("p_value", "curve_p_value"):
        share = (pd.concat(found)[name] < 0.05).mean()
        assert 0.04 < share < 0.07, name


@pytest.mark.slow
def test_a_prognostic_score_of_other_folds_is_tested_almost_at_its_level():
    p_values = [score_test(seed) for seed in range(1000)]

    assert 0.035 < np.mean(np.array(p_values) < 0.05) < 0.085


def score_test(seed: int) -> float:
    """P-value of an out-of-fold score of ten columns, three of them prognostic."""
    generator = np.random.default_rng(seed)
    n = 200
    values = generator.normal(size=(n, 10))
    cohort = made(n, seed=seed)
    linear = values[:, :3].sum(axis=1) / np.sqrt(3) - 0.5 * cohort["treatment.benefit"]
    times = 500 * generator.exponential(1 / np.exp(linear))
    limit = generator.uniform(100, 1500, size=n)
    cohort["event.benefit"] = (times <= limit).astype(float)
    cohort["time_days.benefit"] = np.minimum(times, limit)
    y = SURVIVAL.target(
        cohort.rename(columns=lambda name: name.removesuffix(".benefit"))
    )
    fold, score = generator.permutation(n) % 5, np.empty(n)
    names = np.array([f"x{number}" for number in range(10)])
    for number in range(5):
        out = fold == number
        model = RidgeCox(penalty=0.1).fit_values(names, values[~out], y[~out])
        score[out] = model.scores_of(values[out])
    scores = pd.DataFrame({"score": score}, index=cohort["subject_id"])
    found = interactions(cohort, markers=[Marker("arm", KIND_SCORE, scores)])
    return float(found["interaction"].loc[0, "p_value"])


def test_a_category_is_one_test_with_an_effect_at_each_level():
    cohort = made(planted=0.5)
    cut = pd.qcut(cohort["covariate.texture"], 3, labels=["I", "II", "III"])
    for level in ("II", "III"):
        cohort[f"covariate.grade={level}"] = (cut == level).astype(float)
    values = adjustment(cohort, ["grade"])
    marker = Marker("grade", KIND_COVARIATE, values, ("I", "II", "III"))
    found = interactions(cohort, markers=[marker])

    row = found["interaction"].iloc[0]
    assert row["df"] == 2
    assert row["p_value"] < 0.01
    assert row["curve_reason"] == "too few distinct values for a curve"
    rows = found["treatment_effect"]
    assert rows["marker_level"].tolist() == ["I", "II", "III"]
    assert rows["ratio"].is_monotonic_increasing
    assert set(found["marker_effects"]["term"]) == {"grade=II", "grade=III"}
    assert "marker_values" not in found


def test_a_marker_of_0_and_1_has_an_effect_at_both():
    cohort = made()
    cohort["covariate.texture"] = (cohort["covariate.texture"] > 20).astype(float)
    found = interactions(cohort, ["texture"])

    assert found["treatment_effect"]["value"].tolist() == [0.0, 1.0]
    assert found["interaction"].loc[0, "step"] == 1.0
    assert found["interaction"].loc[0, "curve_reason"]


def test_everybody_left_out_is_counted():
    cohort = made(n=120)
    cohort.loc[0, "treatment.benefit"] = np.nan
    cohort.loc[1, ["event.benefit", "time_days.benefit"]] = np.nan
    cohort.loc[2, "covariate.texture"] = np.nan
    cohort.loc[3, "covariate.size"] = np.nan
    cohort.loc[5, "cluster"] = cohort.loc[4, "cluster"]
    cohort.loc[118:, "group"] = "last"
    cohort.loc[118:, "event.benefit"] = 0.0
    row = interactions(cohort, ["texture"], adjust=["size"])["interaction"].iloc[0]

    assert row["n_missing"] == 4
    assert row["n_repeated"] == 1
    assert row["n_untelling"] == 2
    assert row["n"] == 120 - 7
    assert row["n_groups"] == 3
    kept = cohort.drop(index=[0, 1, 2, 3, 5, 118, 119])
    assert row["n_treated"] == kept["treatment.benefit"].sum()
    assert row["n_events"] == kept["event.benefit"].sum()
    both = kept["treatment.benefit"] * kept["event.benefit"]
    assert row["n_events_treated"] == both.sum()


def test_declared_strata_part_the_groups_further():
    cohort = made(n=200)
    halves = np.where(np.arange(200) % 2, "first", "second")
    parted = cohort.assign(group=cohort["group"] + halves)
    found = interactions(cohort.assign(**{"stratum.benefit": halves}), ["texture"])

    assert found["interaction"].loc[0, "n_groups"] == 6
    other = interactions(parted, ["texture"])["interaction"].loc[0, "chi_squared"]
    assert found["interaction"].loc[0, "chi_squared"] == pytest.approx(other)


def test_a_marker_is_not_adjusted_for_itself():
    found = interactions(made(), ["size"], adjust=["size", "texture"])

    assert np.isfinite(found["interaction"].loc[0, "p_value"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: {"treatment.benefit": 1.0}, "80 of 80 subjects were treated"),
        (
            lambda c: {"event.benefit": c["event.benefit"] * c["treatment.benefit"]},
            "the treatment separates the outcomes",
        ),
        (
            lambda c: {"treatment.benefit": (c["group"] == "G1").astype(float)},
            "the treatment has one value in all subjects that inform",
        ),
        (lambda c: {"covariate.texture": 3.0}, "texture has one value in all subjects"),
        (lambda c: {"covariate.texture": np.nan}, "0 of 0 subjects were treated"),
    ],
)
def test_what_cannot_be_tested_says_why(change, reason):
    cohort = made(n=80)
    found = interactions(cohort.assign(**change(cohort)), ["texture", "size"])

    row = found["interaction"].iloc[0]
    assert reason in row["reason"]
    assert np.isnan(row["p_value"])
    assert row["curve_reason"] == "the line has no test"
    assert effects(found)["reason"].str.contains(reason, regex=False).all()
    assert effects(found)["ratio"].isna().all()
    assert "treatment_effect" not in found or "texture" not in set(
        found["treatment_effect"]["marker"]
    )


def test_p_values_count_all_declared_markers():
    cohort = made(planted=0.3)
    rows = interactions(cohort)["interaction"]

    low, high = rows["p_value"].sort_values()
    adjusted = rows["p_adjusted"].sort_values().tolist()
    assert adjusted == pytest.approx([2 * low, max(high, 2 * low)])
    assert (rows["n_markers"] == 2).all()


SETTINGS = {
    "endpoint": "benefit",
    "markers": {
        "markers": ["size", "CT.tumour.original.glcm.*"],
        "marker_arms": ["radiomics"],
    },
    "levels": {},
    "ties": "efron",
    "confidence": 0.95,
    "baseline_session": "baseline",
    "reference_reader": "A",
}


def test_markers_are_covariates_features_and_scores_of_the_first_repeat():
    cohort = made(n=3)
    keys = {"session": "baseline", "reader": "A", "image": "CT", "region": "tumour"}
    matrix = pd.DataFrame({"subject_id": cohort["subject_id"], "site": "A", **keys})
    matrix["original.glcm.contrast"] = [1.0, 2.0, 3.0]
    matrix["original.morphology.volume"] = 9.0
    scored = pd.DataFrame(
        {"subject_id": cohort["subject_id"], "score": [0.1, 0.2, 0.3]}
    )
    first = scored.assign(arm="radiomics", scheme="cv", repeat=1)
    others = (
        first.assign(repeat=2, score=9.0),
        first.assign(scheme="loso", score=9.0),
        first.assign(arm="clinical", score=9.0),
    )
    settings = TreatmentInteraction(**SETTINGS)
    predictions = pd.concat([*others, first])
    found = declared_markers(settings, cohort, [matrix], predictions)

    assert [(one.kind, one.name) for one in found] == [
        ("covariate", "size"),
        ("feature", "CT.tumour.original.glcm.contrast"),
        ("score", "radiomics"),
    ]
    assert found[1].values.iloc[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert found[2].values.iloc[:, 0].tolist() == [0.1, 0.2, 0.3]
