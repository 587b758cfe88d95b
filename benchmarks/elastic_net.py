"""Paths of elastic nets beside adelie, scikit-learn's saga and lifelines: CPU seconds.

``python benchmarks/elastic_net.py [--adelie PYTHON]`` prints Markdown tables. PYTHON is
the interpreter of an environment of its own with ``"adelie==1.1.52"`` (numpy below 2).

All solve the same problems: columns in correlated blocks of 50, five columns without
a penalty, times in months with many ties, three strata. `nested` are the 30 paths of
nested cross-validation, 5 x (5 + 1), each of 50 penalties down to a tenth of the
largest; `deep` one path of 100 penalties down to a hundredth. They take turns, so that
a busy machine slows all; one thread; medians of the rounds. Reading data and starting
Python is not counted. `departure` is the largest violation of the conditions of an
optimum along the last path, as a share of the penalty: what a tolerance means differs
between tools, this does not. saga and lifelines fit a single penalty (lifelines with
200 of the columns), as a path of them takes minutes to hours.
"""

import argparse
import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from concord.models.estimators.elastic_net import path
from concord.models.estimators.elastic_net.likelihoods import LogisticLikelihood
from concord.models.estimators.elastic_net.problem import Problem
from concord.models.estimators.partial_likelihood import PartialLikelihood

PEER = Path(__file__).with_name("peers") / "run_adelie.py"
N_COLUMNS, N_FREE, BLOCK, CORRELATION = 1500, 5, 50, 0.85
TOLERANCES = (1e-7, 1e-10)
FOLDS = 5


@dataclass(frozen=True)
class Case:
    """Rows of a simulated study, how they are penalized, and which paths are fitted."""

    label: str
    kind: str  # logistic or strata
    n: int
    l1_share: float
    ratio: float
    n_penalties: int
    nested: bool


CASES = tuple(
    Case(*how[:1], kind, *how[1:])
    for how in (
        ("nested", 1000, 1.0, 0.1, 50, True),
        ("deep", 500, 1.0, 0.01, 100, False),
        ("deep, L1 share 0.1", 500, 0.1, 0.01, 100, False),
    )
    for kind in ("logistic", "strata")
)


def simulated(n: int) -> dict[str, np.ndarray]:
    """Eight columns that matter, in blocks of correlated ones, and two free ones."""
    generator = np.random.default_rng(0)
    shape = (n, N_COLUMNS // BLOCK)
    shared = np.repeat(generator.normal(size=shape), BLOCK, axis=1)
    own = generator.normal(size=(n, N_COLUMNS))
    columns = np.sqrt(CORRELATION) * shared + np.sqrt(1 - CORRELATION) * own
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    free = generator.normal(size=(n, N_FREE))
    linear = 0.4 * columns[:, ::BLOCK][:, :8].sum(axis=1) + 0.3 * free[:, 0]
    months = np.ceil(24 * generator.exponential(np.exp(-linear)))
    censored = np.ceil(generator.uniform(6, 60, n))
    return {
        "columns": np.hstack([free, columns]),
        "answer": generator.random(n) < 1 / (1 + np.exp(-linear)),
        "event": months <= censored,
        "time": np.minimum(months, censored),
        "strata": generator.integers(0, 3, n),
        "factor": np.repeat([0.0, 1.0], [N_FREE, N_COLUMNS]),
    }


def problem(case: Case, data: dict[str, np.ndarray], rows: np.ndarray) -> Problem:
    """The problem of some rows; an intercept is its first column."""
    columns, factor = data["columns"][rows], data["factor"]
    if case.kind == "logistic":
        likelihood = LogisticLikelihood(data["answer"][rows])
        columns = np.column_stack([np.ones(len(rows)), columns])
        factor = np.concatenate([[0.0], factor])
    else:
        names = ("event", "time", "strata")
        likelihood = PartialLikelihood(*(data[name][rows] for name in names))
    return Problem(likelihood, np.asfortranarray(columns), factor, case.l1_share)


def rows_of_fits(case: Case) -> list[np.ndarray]:
    """Rows of the development sets, each without its inner folds and with."""
    everyone = np.arange(case.n)
    if not case.nested:
        return [everyone]
    found = []
    for outer in range(FOLDS):
        known = everyone[everyone % FOLDS != outer]
        inner = np.arange(len(known)) % FOLDS
        found += [known[inner != fold] for fold in range(FOLDS)] + [known]
    return found


class Ours:
    """The paths of a case by Concord, along which penalties are chosen or exactly."""

    def __init__(self, case: Case, data: dict[str, np.ndarray], tolerance: float):
        self.problems = [problem(case, data, rows) for rows in rows_of_fits(case)]
        self.grids = [
            path.penalties(one, case.n_penalties, case.ratio) for one in self.problems
        ]
        self._tolerance = tolerance

    def seconds(self) -> float:
        """CPU seconds of all paths; the last is kept."""
        start = time.process_time()
        for one, falling in zip(self.problems, self.grids, strict=True):
            self.last = path.solutions(one, falling, self._tolerance)
        return time.process_time() - start

    def departure(self) -> float:
        """Largest departure along the last path, as a share of the penalty."""
        return max(one.kkt_residual / one.penalty for one in self.last)


class Adelie:
    """The same paths by adelie, in a process of its own."""

    def __init__(
        self, python: str, folder: Path, case: Case, ours: Ours, tolerance: float
    ):
        self._ours, self._case = ours, case
        self._job = folder / f"{case.label}_{case.kind}_{tolerance}.npz"
        self._result = self._job.with_suffix(".result.npz")
        self._call = [python, str(PEER), str(self._job), str(self._result)]
        rows = rows_of_fits(case)
        padded = np.full((len(rows), max(map(len, rows))), -1)
        for number, own in enumerate(rows):
            padded[number, : len(own)] = own
        data = simulated(case.n)
        given = data | {"event": data["answer" if case.kind == "logistic" else "event"]}
        np.savez(
            self._job,
            **given,
            kind=case.kind,
            l1_share=case.l1_share,
            tolerance=tolerance,
            rows=padded,
            penalties=np.array(ours.grids),
        )

    def seconds(self) -> float:
        """CPU seconds of all paths."""
        subprocess.run(self._call, check=True, capture_output=True)
        return float(np.load(self._result)["cpu_s"])

    def departure(self) -> float:
        """Largest departure along the last path, as a share of the penalty."""
        found, one = np.load(self._result), self._ours.problems[-1]
        points = found["slopes"]
        if self._case.kind == "logistic":
            points = np.column_stack([found["intercepts"], points])
        largest = 0.0
        for penalty, point in zip(self._ours.grids[-1], points, strict=True):
            slope = one.likelihood.at(one.columns @ point).slope()
            departure = one.at(penalty).departures(one.columns.T @ slope, point)
            largest = max(largest, departure.max() / penalty)
        return largest


def table(python: str | None, rounds: int) -> None:
    """CPU seconds of the paths of all cases."""
    print("| paths | tool | CPU s | departure | ours, loose / it | ours, tight / it |")
    print("| --- | --- | --- | --- | --- | --- |")
    for case in CASES:
        data = simulated(case.n)
        tools = {
            "ours, loose": Ours(case, data, path.LOOSE),
            "ours, tight": Ours(case, data, path.TIGHT),
        }
        with tempfile.TemporaryDirectory() as folder:
            for tolerance in TOLERANCES if python else ():
                tools[f"adelie, {tolerance:g}"] = Adelie(
                    python, Path(folder), case, tools["ours, tight"], tolerance
                )
            seconds = in_turn(
                {name: one.seconds for name, one in tools.items()}, rounds
            )
            loose, tight = seconds["ours, loose"], seconds["ours, tight"]
            for name, one in tools.items():
                print(
                    f"| {case.label}, {case.kind} | {name} | {seconds[name]:.2f} | "
                    f"{one.departure():.0e} | {loose / seconds[name]:.2f} | "
                    f"{tight / seconds[name]:.2f} |",
                    flush=True,
                )


def in_turn(actions: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Median of the CPU seconds that each action gives."""
    done = [{name: action() for name, action in actions.items()} for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in done) for name in actions}


def single_fits() -> None:
    """One penalty by saga and by lifelines beside our whole path of 50."""
    print("\n| n = 1,000 | CPU s | / our path of 50 penalties |\n| --- | --- | --- |")
    for kind, name, fit in (
        ("logistic", "saga, 1,505 columns, 1 penalty", by_saga),
        ("strata", "lifelines, 200 columns, 1 penalty", by_lifelines),
    ):
        case = Case("", kind, 1000, 1.0, 0.1, 50, nested=False)
        data = simulated(case.n)
        ours = Ours(case, data, path.TIGHT)
        seconds = ours.seconds()
        peer = fit(data, ours.grids[0][20])
        print(f"| {name} | {peer:.1f} | {peer / seconds:.0f} |", flush=True)


def by_saga(data: dict[str, np.ndarray], penalty: float) -> float:
    """CPU seconds; a column times 100 is as good as not penalized."""
    from sklearn.linear_model import LogisticRegression

    scale = np.where(data["factor"] == 0, 100.0, 1.0)
    n = len(data["answer"])
    model = LogisticRegression(
        solver="saga", l1_ratio=1.0, C=1 / (n * penalty), tol=1e-6, max_iter=1000
    )
    start = time.process_time()
    model.fit(data["columns"] * scale, data["answer"])
    return time.process_time() - start


def by_lifelines(data: dict[str, np.ndarray], penalty: float) -> float:
    """CPU seconds of the first 200 columns."""
    import pandas as pd
    from lifelines import CoxPHFitter

    names = [f"x{number}" for number in range(200)]
    rows = pd.DataFrame(data["columns"][:, :200], columns=names)
    rows = rows.assign(**{name: data[name] for name in ("time", "event", "strata")})
    model = CoxPHFitter(penalizer=penalty * data["factor"][:200], l1_ratio=1.0)
    start = time.process_time()
    model.fit(rows, "time", "event", strata=["strata"])
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--adelie", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    table(options.adelie, options.rounds)
    warnings.simplefilter("ignore")
    single_fits()


if __name__ == "__main__":
    main()
