"""The figure of the risk groups: who is drawn, and who is not."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from concord.evaluation import risk_groups
from concord.evaluation.course.group_survival import group_survival
from concord.evaluation.course.log_rank_tests import log_rank_tests
from concord.evaluation.course.sets import evaluation_sets
from concord.evaluation.course.settings import SurvivalCourse
from concord.figures import kaplan_meier
from concord.statistics.risk_groups import named

from ...synthetic_results import null, plot_endpoint, predictions

COURSE = SurvivalCourse(reference_arm="clinical", confidence=0.95)
SETTINGS = plot_endpoint("survival", arms={"texture": "CT texture"})


def drawn(table, groups=None, settings=SETTINGS):
    """The figure of the tables that the evaluation makes of these predictions."""
    curves = risk_groups.survival_curves(table, SETTINGS.confidence)
    if groups is None:
        groups = risk_groups.risk_groups(table, null("survival"))
    sets = list(evaluation_sets(table))
    differences = group_survival(sets, COURSE)["rmst_differences"]
    tests = log_rank_tests(sets)
    return kaplan_meier.draw(curves, groups, differences, tests, settings)


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_each_subject_is_drawn_once_with_the_numbers_at_risk():
    table = predictions("survival", "texture")
    rows = risk_groups.evaluated(table)

    figure = drawn(table)

    assert rows["subject_id"].is_unique
    assert len(rows) == 60
    high = rows[rows["risk_group"] == "high"]
    assert f"High risk (n = {len(high)}, events = {high['event'].sum()})" in words(
        figure
    )
    at_risk = figure.axes[1].texts
    after_a_year = int((high["time_days"] >= 365.25).sum())
    assert at_risk[len(at_risk) // 2 + 2].get_text() == str(after_a_year)


def test_subjects_without_prediction_are_counted_below_the_figure():
    table = predictions("survival", "texture")
    table.loc[:4, ["risk_group", "score"]] = [pd.NA, np.nan]

    figure = drawn(table)

    assert "5 subjects without prediction." in words(figure)


def test_no_prediction_at_all_gives_a_figure_that_says_so():
    empty = predictions("survival", "texture").head(0)

    figure = drawn(empty)

    assert "There is no prediction of a risk group." in words(figure)


def test_the_curve_and_its_ticks_are_those_of_the_subjects():
    table = predictions("survival", "texture")
    rows = risk_groups.evaluated(table)
    high = rows[rows["risk_group"] == "high"]
    censored = np.sort(high.loc[high["event"] == 0, "time_days"].to_numpy(float))

    _, _, curve, ticks = drawn(table).axes[0].lines

    months, survival = ticks.get_data()
    assert months.tolist() == (censored / (365.25 / 12)).tolist()
    expected = [
        np.interp(month, *curve.get_data())
        if month not in curve.get_xdata()
        else curve.get_ydata()[curve.get_xdata() == month][-1]
        for month in months
    ]
    assert survival.tolist() == expected


def test_the_direction_and_the_permutation_p_are_those_of_the_table():
    table = predictions("survival", "texture")
    groups = risk_groups.risk_groups(table, null("survival"))

    known = groups.assign(log_rank_z=-1.25, p_value=0.345)
    text = words(drawn(table, known))
    assert "High risk: events later (log-rank Z = -1.25)" in text
    assert "one-sided p = 0.345 by permutation" in text
    assert "pointwise, log-log" in text


def test_too_few_permutations_give_no_p():
    table = predictions("survival", "texture")
    few = null("survival").query("permutation <= 50")
    groups = risk_groups.risk_groups(table, few)

    text = words(drawn(table, groups))
    assert "no p: 50 permutations; a p-value takes 99" in text


def test_other_arms_of_the_tables_are_not_drawn():
    table = predictions("survival", "texture")
    other = predictions("survival", "clinical")

    assert words(drawn(pd.concat([other, table]))) == words(drawn(table))


def test_the_note_says_the_cut_tau_and_why_there_is_no_log_rank_p():
    text = words(drawn(predictions("survival", "texture")))

    assert "cut at the median score of the development set" in text
    assert "a log-rank p would not hold" in text
    assert "Restricted mean until" in text
    assert "(no interval, as for p)" in text
    assert "Log-rank p =" not in text


def test_tertiles_and_a_declared_set_have_three_curves_in_two_panels_and_a_p():
    table = predictions("survival", "texture")
    table["risk_group"] = named(table["score"].to_numpy(float), [-0.2, 0.3])
    first = risk_groups.evaluated(table)
    declared = first.assign(scheme="fixed", fold="1")
    settings = SETTINGS.model_copy(update={"grouping": "the tertiles of the scores"})

    figure = drawn(pd.concat([table, declared]), settings=settings)
    text = words(figure)

    assert len(figure.axes) == 4
    assert "Log-rank p = " in text
    assert ", trend p = " in text
    assert "log-rank p holds" in text
    assert text.count("Middle risk (n = ") == 2
    assert "cut at the tertiles of the scores" in text


def test_a_declared_set_alone_is_drawn_without_a_cross_validation():
    table = risk_groups.evaluated(predictions("survival", "texture"))
    text = words(drawn(table.assign(scheme="fixed", fold="1")))
    assert "Log-rank p = " in text
    assert "permutation" not in text
