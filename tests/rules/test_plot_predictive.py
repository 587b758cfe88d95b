"""Rule plot_predictive: the script on small tables, without Snakemake."""

import numpy as np
import pandas as pd
import pytest
from plot_predictive import main

from concord.evaluation.treatment.interaction import treatment_interaction
from concord.evaluation.treatment.markers import KIND_COVARIATE, Marker, adjustment
from concord.figures.models import treatment_effect
from concord.figures.settings import FigureStyle, PlotPredictive

from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

KINDS = ("interaction", "treatment_effect", "marker_values")
DRAWN = ("treatment_effect",)
SPEC = PlotPredictive(
    style=FigureStyle(),
    confidence=0.95,
    label="Recurrence",
    treatment="Hormone therapy",
    treated="yes",
    control="no",
    randomized=False,
    scale="measured",
    has_times=True,
    arms={},
    labels={"size": "Tumour size", "grade": "Tumour grade"},
    units={"size": "mm"},
)


def made(n_numbers=1) -> dict[str, pd.DataFrame]:
    """Tables of some numbers, a category, and a marker that cannot be tested."""
    generator = np.random.default_rng(1)
    subjects = [f"S{number}" for number in range(200)]
    cohort = pd.DataFrame({"subject_id": subjects, "cluster": subjects, "group": "A"})
    cohort["treatment.recurrence"] = generator.integers(2, size=200).astype(float)
    cohort["event.recurrence"] = generator.integers(2, size=200).astype(float)
    cohort["time_days.recurrence"] = generator.uniform(1, 900, size=200)
    names = ["size", *(f"number_{extra}" for extra in range(1, n_numbers))]
    for name in names:
        cohort[f"covariate.{name}"] = generator.normal(30, 10, size=200)
    level = generator.integers(3, size=200)
    cohort["covariate.grade=II"] = (level == 1).astype(float)
    cohort["covariate.grade=III"] = (level == 2).astype(float)
    cohort["covariate.constant"] = 1.0
    levels = {"grade": ("I", "II", "III")}
    markers = [
        Marker(name, KIND_COVARIATE, adjustment(cohort, [name]), levels.get(name, ()))
        for name in (*names, "grade", "constant")
    ]
    none = adjustment(cohort, [])
    found = treatment_interaction(cohort, "recurrence", markers, none, "measured", 0.95)
    return {kind: pd.DataFrame(found[kind]) for kind in KINDS}


def inputs_in(folder):
    return written_tables(folder, **made())


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


@pytest.mark.parametrize("kind", KINDS)
def test_another_table_is_refused(tmp_path, kind):
    inputs = inputs_in(tmp_path)
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )


def words_of(figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(match=_is_text))


def _is_text(artist):
    return hasattr(artist, "get_text")


def test_it_says_what_was_tested_and_that_nobody_was_randomized():
    figure = treatment_effect.draw(*made().values(), SPEC)
    shown = " ".join(words_of(figure).split())

    assert "Hormone therapy, yes against no (not randomized, exploratory)" in shown
    assert "the ratios are no effects of the treatment" in shown
    assert "Tumour size (mm)" in shown
    assert "Hazard ratio, log scale" in shown
    assert "No test: constant has one value" in shown
    assert "interaction not tested" in shown
    drawn = SPEC.model_copy(update={"randomized": True, "has_times": False})
    other = " ".join(words_of(treatment_effect.draw(*made().values(), drawn)).split())
    assert "(randomized)" in other
    assert "no effects" not in other
    assert "Odds ratio" in other


def test_of_many_markers_the_first_are_drawn_and_the_rest_told():
    figure = treatment_effect.draw(*made(n_numbers=7).values(), SPEC)

    visible = [axes for axes in figure.axes if axes.get_visible()]
    assert len(visible) == treatment_effect.MOST
    assert "first 6 of 9 markers" in " ".join(words_of(figure).split())


def test_without_a_marker_there_is_a_sentence():
    empty = {kind: table.iloc[:0] for kind, table in made().items()}

    assert "no marker" in words_of(treatment_effect.draw(*empty.values(), SPEC))
