"""Figures of competing causes: what is drawn, and what is left open."""

import numpy as np
import pytest
from matplotlib.text import Text

from concord.figures.models import competing_effects, cumulative_incidence

from ...competing_study import plot_settings, tables_of

TABLES = tables_of()


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_each_cause_has_a_panel_with_its_events_and_the_numbers_at_risk():
    table = TABLES["competing_incidence"]
    figure = cumulative_incidence.draw(table, plot_settings())
    titles = [axes.get_title(loc="left") for axes in figure.axes[:2]]
    assert titles == ["Recurrence (of interest)", "Death without recurrence"]
    low = table[table["risk_group"] == "low"]
    for cause in (1, 2):
        events = int(low.loc[low["cause"] == cause, "n_events"].sum())
        assert f"Low risk ({events} of 60)" in words(figure)
    at_risk = [text.get_text() for text in figure.axes[2].texts]
    assert at_risk[0] == "60"
    after_a_year = low[(low["cause"] == 1) & (low["time_days"] >= 365.25)]
    assert at_risk[1] == str(int(after_a_year["n_at_risk"].iloc[0]))


def test_the_cause_of_interest_comes_first():
    figure = cumulative_incidence.draw(
        TABLES["competing_incidence"], plot_settings(cause=2)
    )
    assert figure.axes[0].get_title(loc="left").startswith("Death")


def test_without_risk_groups_there_is_a_message():
    table = TABLES["competing_incidence"]
    figure = cumulative_incidence.draw(
        table[table["risk_group"] == "all"], plot_settings()
    )
    assert "no prediction of a risk group" in words(figure)


def test_numbers_are_drawn_per_sd_and_levels_as_they_are():
    table = TABLES["competing_effects"]
    figure = competing_effects.draw(table, plot_settings())
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels[:3] == ["Age", "Stage: II", "Stage: III"]
    sure = figure.axes[1].lines[0].get_xdata()
    rows = table[(table["cause"] == 2) & table["specific_lower"].notna()]
    expected = rows["specific_log_hr"].to_numpy(copy=True)
    expected[0] *= rows["standard_deviation"].iloc[0]
    np.testing.assert_allclose(sure, expected)


def test_effects_without_an_interval_have_open_symbols():
    figure = competing_effects.draw(TABLES["competing_effects"], plot_settings())
    filled, hollow = figure.axes[0].lines[:2]
    assert hollow.get_markerfacecolor() == "none"
    assert len(hollow.get_xdata()) == 2  # scores of both arms
    assert len(filled.get_xdata()) == 4


@pytest.mark.parametrize("column", ["specific_log_hr", "subdistribution_log_hr"])
def test_terms_without_any_effect_are_left_out(column):
    table = TABLES["competing_effects"].copy()
    age = table["term"] == "age"
    table.loc[age, column] = np.nan
    figure = competing_effects.draw(table, plot_settings())
    assert "Age" in words(figure)
    table.loc[age, ["specific_log_hr", "subdistribution_log_hr"]] = np.nan
    assert "Age" not in words(competing_effects.draw(table, plot_settings()))
    nothing = competing_effects.draw(table[age], plot_settings())
    assert "No effect is defined" in words(nothing)
