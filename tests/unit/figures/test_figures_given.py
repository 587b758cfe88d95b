"""Figures of predictions that another tool made say that nothing was fitted anew."""

from matplotlib.text import Text

from concord.evaluation.curves import curves
from concord.figures import kaplan_meier, performance
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ... import synthetic_results as synthetic

ENDPOINT = "survival"


def words(figure) -> str:
    found = (one.get_text() for one in figure.findobj(Text))
    return " ".join(" ".join(found).split())


def drawn(given: bool) -> tuple[str, str]:
    """Words of the forest plot and of the curves of the risk groups."""
    settings = synthetic.plot_endpoint(ENDPOINT).model_copy(update={"given": given})
    null = synthetic.null(ENDPOINT)
    predictions = synthetic.predictions(ENDPOINT, "texture")
    found = curves(predictions, OUTCOME_KINDS["survival"], 0.95, null)
    course = synthetic.course(ENDPOINT)
    groups = found["kaplan_meier"], found["risk_groups"]
    groups += course["rmst_differences"], course["log_rank_tests"]
    forest = performance.draw(synthetic.performance(ENDPOINT), null, settings)
    return words(forest), words(kaplan_meier.draw(*groups, settings))


def test_bands_are_of_scores_as_given_and_groups_of_the_table():
    forest, survival = drawn(given=True)

    assert "scores as given (first repeat)" in forest
    assert "risk groups as given" in survival
    assert "made anew" not in survival


def test_own_models_are_fitted_anew():
    forest, survival = drawn(given=False)

    assert "its analysis repeated (first repeat)" in forest
    assert "made anew" in survival
