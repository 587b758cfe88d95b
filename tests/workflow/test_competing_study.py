"""A study whose causes compete, from two tables to its report."""

import pytest

from concord import tables

from ..competing_study import HORIZON_DAYS, write_competing_study
from .conftest import StudyFolder


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small study with competing causes, run to its end; do not change it."""
    folder = tmp_path_factory.mktemp("competing") / "study"
    study = StudyFolder(write_competing_study(folder))
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    return study


def test_an_effect_on_the_competing_cause_moves_incidence_but_not_the_hazard(finished):
    path = finished.folder / "results/evaluation/recurrence_competing_effects.tsv"
    table = tables.read(path, "competing_effects")
    age = table[table["term"] == "age"].set_index("cause")
    assert age.loc[1, "specific_lower"] < 0 < age.loc[1, "specific_upper"]
    assert age.loc[1, "subdistribution_upper"] < 0
    assert age.loc[2, "specific_lower"] > 0

    page = (finished.folder / "results/report/report.html").read_text()
    assert "“Age” has no clear effect on the hazard of Recurrence" in page
    assert "Cumulative incidence of each cause" in page
    assert "Causes compete in Recurrence (Recurrence against Death without" in page


def test_the_arms_predict_the_cause_of_interest_and_nothing_leaks(finished):
    results = finished.folder / "results"
    cohort = tables.read_sheet(results / "cohort/cohort.tsv")
    of_interest = cohort["cause.recurrence"].astype(float) == 1
    path = results / "evaluation/recurrence_performance.tsv"
    performance = tables.read(path, "performance")
    assert set(performance["metric"]) == {"c_index"}
    whole = performance[performance["stratum"] == "all"]
    assert (whole["n_events"] == of_interest.sum()).all()

    leakage = tables.read(results / "harmonization/recurrence_leakage.tsv", "leakage")
    own = leakage[leakage["fit"] == "study"]
    assert own["unchanged"].all()
    assert "outcome flipped" in set(own["perturbation"])


def test_risks_at_horizons_are_calibrated_against_the_cumulative_incidence(finished):
    folder = finished.folder / "results/evaluation"
    table = tables.read(folder / "recurrence_calibration.tsv", "calibration")
    whole = table[(table["stratum"] == "all") & (table["scheme"] == "cv")]
    assert set(whole["horizon_days"]) == {180, 365, 540, HORIZON_DAYS}
    incidence = tables.read(
        folder / "recurrence_competing_incidence.tsv", "competing_incidence"
    )
    own = incidence[(incidence["risk_group"] == "all") & (incidence["cause"] == 1)]
    reached = own[own["time_days"] <= 365]["incidence"].iloc[-1]
    at = whole[whole["horizon_days"] == 365]
    assert at["observed"].to_numpy() == pytest.approx(reached, rel=1e-6)
    # Risks of models of the other subjects have the right mean.
    assert (at["oe_lower"] < 1).all()
    assert (at["oe_upper"] > 1).all()

    scores = tables.read(folder / "recurrence_overall.tsv", "overall")
    assert "integrated_brier" in set(scores["metric"])
    page = (finished.folder / "results/report/report.html").read_text()
    assert "Recurrence: calibration" in page
    assert "at 365 days" in page
    assert "Curve of observed against predicted probability" in page


def test_risks_at_the_declared_time_are_weighed_and_compared(finished):
    folder = finished.folder / "results/evaluation"
    curves = tables.read(folder / "recurrence_decision_curve.tsv", "decision_curve")
    assert HORIZON_DAYS in set(curves["horizon_days"])
    value = tables.read(folder / "recurrence_added_value.tsv", "added_value")
    measures = {"likelihood_ratio", "difference_c_index", "idi", "nri"}
    assert measures <= set(value["measure"])
    assert value["method"].str.contains("widened by the permutations").any()
    for name in ("decision_curve", "reclassification"):
        assert (finished.folder / f"results/figures/{name}_recurrence.png").exists()

    page = (finished.folder / "results/report/report.html").read_text()
    assert "Recurrence: usefulness" in page
    assert "No threshold of a decision is declared" in page
    assert "beside acting on everybody and on nobody" in page
    assert "so added value is not shown" in page
    assert "Risks of each subject by the headline" in page


def test_another_cause_of_interest_runs_what_depends_on_it_again(finished, tmp_path):
    assert "Nothing to be done" in finished.snakemake("--dry-run").stdout
    study = finished.copy(tmp_path / "study")
    study.change("endpoints.recurrence.cause", 2)
    rules = study.planned_rules()
    again = {"assemble_cohort", "fit_arms", "competing_risks", "plot_competing"}
    assert rules >= again | {"report"}
