"""The figures of external validation."""

import numpy as np
from matplotlib.text import Text

from concord.evaluation.external.populations import APPLICABLE
from concord.figures.external import expected_observed, score_shift

from ... import external_study as study

SETTINGS = study.plot_settings()
TABLES = study.compared()


def words_of(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_every_value_is_drawn_with_its_interval_as_the_table_has_it():
    axes = expected_observed.draw(TABLES["external"], SETTINGS).axes[0]
    lines = [line.get_xydata()[:, 0].tolist() for line in axes.get_lines()]
    own = TABLES["external"].query("arm == 'radiomics'").set_index("quantity")
    own = own[own["population"] == APPLICABLE]
    for quantity, name in (
        ("discrimination", "expected"),
        ("case_mix_corrected", "expected"),
        ("model_based", "observed"),
        ("discrimination", "observed"),
    ):
        row = own.loc[quantity]
        assert [row[f"{name}_lower"], row[f"{name}_upper"]] in lines
        assert [row[name]] in lines


def test_marks_differ_without_colour():
    axes = expected_observed.draw(TABLES["external"], SETTINGS).axes[0]
    looks = {
        (line.get_marker(), line.get_markerfacecolor() == "white")
        for line in axes.get_lines()
        if len(line.get_xdata()) == 1
    }
    assert len(looks) == 5


def test_flagged_subjects_have_a_line_of_their_own_and_untold_values_are_said():
    words = words_of(expected_observed.draw(TABLES["external"], SETTINGS))
    assert "Observed, n = 84" in words
    assert "Observed with flagged, n = 90" in words
    assert "Expected (cross-validation)" in words
    assert "not defined" in words  # the clinical model tells no expected value


def test_a_model_that_is_its_own_reference_is_drawn_once():
    alone = SETTINGS.model_copy(update={"reference_arm": "radiomics"})
    axes = expected_observed.draw(TABLES["external"], alone).axes[0]
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names.count("Clinical + CT texture") == 1


def test_bars_are_the_shares_of_the_table_and_the_line_is_one_tenth():
    table = TABLES["external_scores"]
    axes = score_shift.draw(table, SETTINGS).axes[0]
    own = table[table["population"] == APPLICABLE]
    heights = [bar.get_height() for bar in axes.patches[: len(own)]]
    assert np.allclose(heights, 100 * own["share"])
    (line,) = axes.get_lines()
    assert np.allclose(line.get_ydata(), 10)
    assert line.get_xdata().tolist() == [0.5, 10.5]


def test_without_anything_to_draw_they_say_so():
    words = words_of(expected_observed.draw(TABLES["external"].iloc[:0], SETTINGS))
    assert "No frozen model was compared" in words
    words = words_of(score_shift.draw(TABLES["external_scores"].iloc[:0], SETTINGS))
    assert "does not tell the scores of development" in words
