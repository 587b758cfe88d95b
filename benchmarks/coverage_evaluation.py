"""Coverage of the intervals of calibration, utility, reclassification and operation.

``python benchmarks/coverage_evaluation.py [--studies N] [--write]`` prints a Markdown
table, or puts it into docs/evaluation.md. The studies are those of
tests/predicted_studies.py: plain models refitted in five folds, judged by the functions
of the rules. The truth of a number is its mean over the models of the folds in a large
population with known probabilities. 300 studies of each design, the default, take about
ten minutes of one processor.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy import optimize, special  # noqa: E402

from concord.evaluation.added_value.added_value import added_value  # noqa: E402
from concord.evaluation.calibration import Calibrations  # noqa: E402
from concord.evaluation.comparisons import comparisons  # noqa: E402
from concord.evaluation.discrimination.operating_points import (  # noqa: E402
    operating_points,
)
from concord.evaluation.discrimination.tables import (  # noqa: E402
    Judge,
    discrimination,
)
from concord.evaluation.probabilities import (  # noqa: E402
    calibration_table,
    judged,
    overall,
)
from concord.evaluation.settings import DiscriminationOptions  # noqa: E402
from concord.evaluation.utility import decision_curves as curves  # noqa: E402
from concord.evaluation.utility.risk_rows import risk_rows  # noqa: E402
from concord.models.settings.thresholds import Thresholds  # noqa: E402
from concord.statistics.outcome_kinds import OUTCOME_KINDS  # noqa: E402
from tests.predicted_studies import (  # noqa: E402
    CLINICAL,
    FULL,
    HORIZON_DAYS,
    Design,
    Known,
    PredictedStudy,
    many,
)

PAGE = ROOT / "docs" / "evaluation.md"
MARKS = ("<!-- coverage: begin -->", "<!-- coverage: end -->")
CONFIDENCE = 0.95
#: Coverage below which the report warns of an interval.
LEAST = 0.88
DESIGNS = {
    "binary, noise, n 200": Design(),
    "binary, signal, n 200": Design(signal=1.0, added=0.6),
    "binary, signal, n 80": Design(n=80, signal=1.0, added=0.6),
    "survival, noise, n 200": Design("survival"),
    "survival, signal, n 200": Design("survival", signal=0.8, added=0.5),
}
THRESHOLDS = (0.3, 0.5, 0.7)
curves.GRID = np.array(THRESHOLDS)  # the other thresholds of a curve cost time
Truth = Callable[[Known], float]


def sensitivity(known: Known) -> float:
    """Share of subjects with the event above the threshold of development."""
    high = known.score >= known.threshold
    return float(known.true[high].sum() / known.true.sum())


def specificity(known: Known) -> float:
    """Share of the others below it."""
    low, free = known.score < known.threshold, 1 - known.true
    return float(free[low].sum() / free.sum())


def predictive(known: Known) -> float:
    """Share of subjects above the threshold who have the event."""
    return float(known.true[known.score >= known.threshold].mean())


def ratio(known: Known) -> float:
    """Observed over expected."""
    return float(known.true.mean() / known.predicted.mean())


def brier(known: Known) -> float:
    """Mean squared error of the probabilities."""
    true = known.true
    return float(((known.predicted - true) ** 2 + true * (1 - true)).mean())


def net_benefit(limit: float) -> Truth:
    """Net benefit of acting from a risk on."""

    def value(known: Known) -> float:
        gain = known.true - (1 - known.true) * limit / (1 - limit)
        return float(((known.predicted >= limit) * gain).mean())

    return value


def recalibrated(slope: bool) -> Truth:
    """Slope, or calibration in the large, on the scale of the link."""

    def value(known: Known) -> float:
        p = np.clip(known.predicted, 1e-9, 1 - 1e-9)
        linear = np.log(-np.log1p(-p)) if known.has_times else special.logit(p)
        inverse = _cloglog if known.has_times else special.expit

        def excess(found: np.ndarray) -> np.ndarray:
            if not slope:
                return np.atleast_1d((known.true - inverse(linear + found[0])).mean())
            error = known.true - inverse(found[0] + found[1] * linear)
            return np.array([error.mean(), (error * linear).mean()])

        start = np.array([0.0, 1.0]) if slope else np.array([0.0])
        return float(optimize.root(excess, start).x[-1])

    return value


def _cloglog(value: np.ndarray) -> np.ndarray:
    return np.asarray(-np.expm1(-np.exp(value)))


def area(known: Known) -> float:
    """AUC of who has the event (by the horizon) against who has not."""
    true = known.true[np.argsort(known.score)]
    below = np.cumsum(1 - true) - (1 - true) / 2
    return float((true * below).sum() / (true.sum() * (1 - true).sum()))


def discrimination_slope(known: Known) -> float:
    """Mean prediction of those with the event less that of the others."""
    p, true = known.predicted, known.true
    return float(p @ true / true.sum() - p @ (1 - true) / (1 - true).sum())


def difference(study: PredictedStudy, truth: Truth) -> float:
    """Mean over folds of the difference of the arms."""
    return study.truth(FULL, truth) - study.truth(CLINICAL, truth)


def reclassified(study: PredictedStudy) -> float:
    """Continuous NRI of the full arm, mean over folds."""
    found = []
    true = study.population.probability
    every = study.everybody
    for new, old in zip(every[FULL], every[CLINICAL], strict=True):
        moved = np.sign(new.predicted - old.predicted)
        events = moved @ true / true.sum()
        found.append(events - moved @ (1 - true) / (1 - true).sum())
    return float(np.mean(found))


def judged_study(study: PredictedStudy, design: Design) -> Iterator[dict[str, object]]:
    """Every interval of a study with its truth."""
    timed = design.kind == "survival"
    predictions, risks = study.predictions, study.risks
    parts = list(judged.parts(predictions, risks, timed))
    yield from _calibration(study, parts)
    yield from _overall(study, parts)
    rows = risk_rows(predictions, risks)
    yield from _decisions(study, rows)
    yield from _discrimination(study, design)
    yield from _added(study, rows, design)


def _row(
    name: str, found: pd.Series, truth: float, start: str = ""
) -> dict[str, object]:
    lower, upper = found[f"{start}lower"], found[f"{start}upper"]
    held = lower <= truth <= upper if np.isfinite(lower) else None
    return {"quantity": name, "covered": held, "width": upper - lower}


def _calibration(study: PredictedStudy, parts: list) -> Iterator[dict[str, object]]:
    table = calibration_table.calibration(parts, CONFIDENCE)
    row = _only(table, arm=FULL, stratum="all")
    yield _row("O:E", row, study.truth(FULL, ratio), "oe_")
    large = study.truth(FULL, recalibrated(False))
    yield _row("calibration in the large", row, large, "intercept_")
    yield _row(
        "calibration slope", row, study.truth(FULL, recalibrated(True)), "slope_"
    )


def _overall(study: PredictedStudy, parts: list) -> Iterator[dict[str, object]]:
    table = overall.overall(parts, CLINICAL, CONFIDENCE)
    row = _only(table, arm=FULL, stratum="all", metric="brier")
    yield _row("Brier score", row, study.truth(FULL, brier))
    yield _row("Brier score, difference", row, difference(study, brier), "difference_")


def _decisions(
    study: PredictedStudy, rows: pd.DataFrame
) -> Iterator[dict[str, object]]:
    table = curves.decision_curves(
        rows, "endpoint", CLINICAL, THRESHOLDS, CONFIDENCE, Calibrations()
    )
    for limit in THRESHOLDS:
        row = _only(table, arm=FULL, threshold=limit)
        truth = study.truth(FULL, net_benefit(limit))
        yield _row(f"net benefit at {limit:g}, not widened", row, truth)
        yield _row(
            f"net benefit at {limit:g}, difference, not widened",
            row,
            difference(study, net_benefit(limit)),
            "over_reference_",
        )


def _discrimination(
    study: PredictedStudy, design: Design
) -> Iterator[dict[str, object]]:
    timed = design.kind == "survival"
    days = (HORIZON_DAYS,) if timed else ()
    judge = Judge(OUTCOME_KINDS[design.kind], DiscriminationOptions(), days, CONFIDENCE)
    found = discrimination(study.predictions, judge, CLINICAL)
    measure = "auc_at" if timed else "auc"
    name = "AUC at a time" if timed else "AUC"
    table = found["discrimination"]
    row = _only(table, arm=FULL, measure=measure, stratum="all")
    yield _row(f"{name}, not widened", row, study.truth(FULL, area))
    row = _only(
        found["discrimination_differences"], arm=FULL, measure=measure, stratum="all"
    )
    yield _row(f"{name}, difference, not widened", row, difference(study, area))
    if not timed:
        points = operating_points(study.predictions, study.risks, judge, Thresholds())
        row = _only(points, arm=FULL, stratum="all", rule="youden")
        yield _row("sensitivity", row, study.truth(FULL, sensitivity), "sensitivity_")
        yield _row("specificity", row, study.truth(FULL, specificity), "specificity_")
        yield _row("PPV", row, study.truth(FULL, predictive), "ppv_")


def _added(
    study: PredictedStudy, rows: pd.DataFrame, design: Design
) -> Iterator[dict[str, object]]:
    kind = OUTCOME_KINDS[design.kind]
    fits = study.predictions[["endpoint", "arm", "scheme", "repeat", "fold"]]
    pairs, none = [(FULL, CLINICAL)], Calibrations()
    compared = comparisons(
        study.predictions, fits.drop_duplicates(), kind, CONFIDENCE, pairs, none
    )
    table = added_value(study.predictions, rows, compared, pairs, (), CONFIDENCE, none)
    slopes = difference(study, discrimination_slope)
    yield _row("IDI, not widened", _only(table, measure="idi"), slopes)
    yield _row(
        "continuous NRI, not widened", _only(table, measure="nri"), reclassified(study)
    )


def _only(table: pd.DataFrame, **values: object) -> pd.Series:
    """The row with these values."""
    for name, value in values.items():
        table = table[table[name] == value]
    if len(table) != 1:
        raise ValueError(f"{len(table)} rows of {values}, expected one.")
    return table.iloc[0]


def document(n_studies: int) -> str:
    """Coverage of each interval in each design, as a Markdown table."""
    found = []
    for name, design in DESIGNS.items():
        for study in many(design, n_studies):
            found += [one | {"design": name} for one in judged_study(study, design)]
    table = pd.DataFrame(found).dropna(subset="covered")
    table["covered"] = table["covered"].astype(float)
    means = table.pivot_table(
        index="quantity", columns="design", values="covered", sort=False
    )[list(DESIGNS)]
    lines = [f"| interval | {' | '.join(means.columns)} |"]
    lines.append("| --- " * (len(means.columns) + 1) + "|")
    for quantity, values in means.iterrows():
        cells = [f"{v:.3f}" if np.isfinite(v) else "" for v in values]
        cells = [f"**{c}**" if c and float(c) < LEAST else c for c in cells]
        lines.append(f"| {quantity} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Simulate, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = document(options.studies)
    if not options.write:
        print(text)
        return
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
