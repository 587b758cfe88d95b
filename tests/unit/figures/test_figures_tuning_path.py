"""concord.figures.models.tuning_path: paths of inner folds, and what was chosen."""

import pandas as pd
import pytest

from concord.figures.models import tuning_path
from concord.figures.settings import FigureStyle, PlotEndpoint

from ... import synthetic_results as synthetic

SETTINGS = PlotEndpoint(
    style=FigureStyle(),
    headline_arm="texture",
    reference_arm="clinical",
    confidence=0.95,
    arms={"texture": "Texture", "clinical": "Clinical"},
    label="Metastasis",
    model=synthetic.ARMS["texture"].model,
)


@pytest.fixture(scope="module")
def rows():
    return synthetic.tuning("metastasis")


def test_each_fold_of_the_first_repeat_has_its_path_and_its_choice(rows):
    left, right = tuning_path.draw(rows, SETTINGS).axes

    lines = [line for line in left.lines if line.get_linestyle() != "None"]
    assert len(lines) == 5
    for line, (_, part) in zip(lines, rows.groupby("fold"), strict=True):
        chosen = part[part["chosen"]].iloc[0]
        path = part[part["max_features"] == chosen["max_features"]]
        assert line.get_xdata().tolist() == path["penalty"].tolist()
        assert line.get_ydata().tolist() == path["deviance"].tolist()
    marked = [line for line in left.lines if line.get_linestyle() == "None"]
    points = sorted(float(line.get_xdata()[0]) for line in marked)
    assert points == sorted(rows.loc[rows["chosen"], "penalty"])
    assert [bar.get_width() for bar in right.patches] == [60, 40]


def test_ticks_of_the_penalty_are_plain_numbers(rows):
    figure = tuning_path.draw(rows, SETTINGS)
    figure.canvas.draw()

    names = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    assert [float(name) for name in names if name]


def test_without_a_penalty_the_left_panel_says_so(rows):
    left, _ = tuning_path.draw(rows.assign(penalty=float("nan")), SETTINGS).axes

    assert [text.get_text() for text in left.texts] == ["no penalty tuned"]


def test_an_arm_that_could_not_be_tuned_gives_a_sentence():
    nothing = pd.DataFrame(columns=synthetic.tuning("metastasis").columns)
    figure = tuning_path.draw(nothing, SETTINGS)

    assert "No arm could be tuned" in figure.texts[0].get_text()
