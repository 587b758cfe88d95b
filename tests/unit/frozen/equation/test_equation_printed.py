"""The printed equation gives the score, read by a second, small parser."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from concord.frozen.equation.printed import equation_page
from concord.models.absolute_risk import risks_of_fold
from concord.models.prediction import Predictor

from ....frozen_documents import frozen_document, lacking_study
from ....modelling_study import make_specification
from .test_equation_score import PAIRS, frozen_by, others

FUNCTIONS = {
    "ln": np.log,
    "exp": np.exp,
    "abs": abs,
    "max": np.maximum,
    "sign": np.sign,
    "missing": lambda x: float(math.isnan(x)),
}


class Page:
    """Formulas and tables of a printed equation; knows nothing of Concord."""

    def __init__(self, text):
        self.inputs, self.filling, self.blocks, self.knots = {}, {}, {}, {}
        heading, inside = "", False
        for line in text.splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ").replace("\\", "")
            elif line.startswith("```"):
                inside = not inside
                if inside:
                    self.blocks[heading] = []
            elif inside:
                if line.startswith("  "):
                    self.blocks[heading][-1] += line
                else:
                    self.blocks[heading].append(line)
            elif line.startswith("|"):
                self._row(heading, line.replace("\\", ""))
        self.kept = dict(
            re.findall(r"a missing (x\d+) counts as (.+)\.$", text, re.MULTILINE)
        )

    def _row(self, heading, line):
        cells = [one.strip() for one in line.strip("|").split("|")]
        if heading == "Predictors" and re.fullmatch(r"x\d+", cells[0]):
            self.inputs[cells[0]] = cells[1]
        if heading == "Missing values" and " = " in cells[1]:
            self.filling[cells[0]] = float(cells[1].partition(" = ")[2])
        if heading == "Values":
            if re.fullmatch(r"x\d+", cells[0]):
                self.symbol = cells[0]
                self.knots[self.symbol] = []
            elif set(cells[0]) != {"-"}:
                self.knots[self.symbol].append(tuple(map(float, cells)))

    def values(self, row, batch):
        """All names after the score of a subject was worked out."""
        given = {s: float(row[n]) for s, n in self.inputs.items()}
        known = {}

        def evaluated(line):
            name, _, formula = line.partition(" = ")
            scope = {**given, **known} | {
                s: float(v) for s, v in self.kept.items() if math.isnan(given[s])
            }
            text = formula.replace("^", "**")
            for symbol in self.knots:
                text = text.replace(f"score({symbol})", f"score('{symbol}')")
            scope["normal_score"] = lambda s: np.interp(
                given[s], *zip(*self.knots[s], strict=True)
            )
            known[name] = eval(text, {"__builtins__": {}}, {**FUNCTIONS, **scope})

        for line in self.blocks.get("Values", []):
            evaluated(line)
        for line in self.blocks.get(batch, []):
            evaluated(line)
        for s, v in self.filling.items():
            name = s.replace("x", "h")
            known[name] = v if math.isnan(known[name]) else known[name]
        for heading in ("Score", "Probability", "Risk"):
            for line in self.blocks.get(heading, []):
                evaluated(line)
        return known


def by_words(row):
    """Values of a subject by the words of the page."""
    found = {}
    for name, value in row.items():
        words = name.removeprefix("covariate.")
        if words.startswith("stage="):
            words = f"Stage is {words.partition('=')[2]}"
        found["Age" if words == "age" else words] = value
    for group in "ABCD":
        found[f"group is {group}"] = float(row.get("group") == group)
    return found


@pytest.mark.parametrize(("name", "harmonization"), PAIRS)
@pytest.mark.parametrize("outcome", ["binary", "survival"])
def test_the_printed_numbers_give_the_score(name, harmonization, outcome):
    document = frozen_by(lacking_study(), name, harmonization, outcome)
    page = Page(equation_page(document))
    predictor = Predictor.of(document.model)
    predictors = predictor.predictors(others())
    expected = predictor.predict(predictors, 1).dropna(subset="score")
    days = document.outcome.at_days
    risks = risks_of_fold(document.model, expected, days)
    assert len(expected) > 20
    for place, (subject, row) in enumerate(predictors.loc[expected.index].iterrows()):
        batch = f"batch.CT.site = {row.get('batch.CT.site')}"
        found = page.values(by_words(row), batch)
        gap = abs(found["score"] - expected.loc[subject, "score"])
        assert gap < 1e-6 * document.estimates.spread
        for number, day in enumerate(days):
            assert abs(found[f"risk({day:g})"] - risks[place, number]) < 1e-6
        if outcome == "binary":
            chance = expected.loc[subject, "probability"]
            assert abs(found["probability"] - chance) < 1e-6


def test_the_worked_example_is_the_score_of_the_means():
    document = frozen_by(lacking_study(), "plain", "passthrough", "binary")
    text = equation_page(document)
    printed = float(re.search(r"^score = (\S+)$", text.split("Worked")[1], re.M)[1])
    names = document.estimates.columns
    means = {n: one.mean for n, one in document.applicability.ranges.items()}
    row = {n: 0.0 if "=" in n else means.get(n, np.nan) for n in names}
    rows = pd.DataFrame([row], index=["X"])
    rows = rows.assign(**{n: "elsewhere" for n in names if n.startswith("batch")})
    expected = Predictor.of(document.model).predict(rows, 1)["score"].iloc[0]
    assert printed == pytest.approx(expected, abs=1e-6)


def test_trees_have_no_equation_and_the_page_says_why():
    plan = make_specification("binary", model={"kind": "forest", "trees": 5})
    assert "trees" in equation_page(frozen_document(lacking_study(), plan))
