"""CPU time of ridge models beside scikit-learn, with more columns than rows and fewer.

``python benchmarks/penalized.py`` prints a Markdown table. Both fit the same rows in
turn, so that a busy machine slows both; one thread; medians of the rounds in CPU
seconds. scikit-learn's quasi-Newton solver (lbfgs) gets a tolerance of 1e-10; ours ends
at a gradient of 1e-10 and checks it. `apart` is the largest difference of a coefficient
from scikit-learn's Newton-Cholesky.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sklearn.linear_model import LogisticRegression

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.outcome_kinds import SURVIVAL

ROUNDS = 5
PENALTY = 0.1
SIZES = ((300, 20), (300, 200), (300, 1500), (1000, 20), (1000, 200), (1000, 1500))


def simulated(n: int, p: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Correlated columns, an outcome of one of their causes, and times with ties."""
    generator = np.random.default_rng(1)
    hidden = generator.normal(size=(n, 20))
    columns = 0.3 * hidden @ generator.normal(size=(20, p))
    columns += generator.normal(size=(n, p))
    event = generator.random(n) < 1 / (1 + np.exp(-hidden[:, 0]))
    time_days = np.ceil(generator.exponential(20 * np.exp(-hidden[:, 0])))
    survival = pd.DataFrame({"event": event, "time_days": time_days})
    names = [f"x{number}" for number in range(p)]
    return pd.DataFrame(columns, columns=names), event, SURVIVAL.target(survival)


def row(n: int, p: int) -> list[str]:
    """CPU seconds of each model on n rows and p columns."""
    X, event, times = simulated(n, p)
    values = X.to_numpy()
    ours = RidgeLogistic(PENALTY)
    options = {"C": 1 / (PENALTY * n), "max_iter": 10_000}
    lbfgs = LogisticRegression(solver="lbfgs", tol=1e-10, **options)
    newton = LogisticRegression(solver="newton-cholesky", tol=1e-10, **options)
    cpu_s = in_turn(
        lambda: ours.fit(X, event),
        lambda: lbfgs.fit(values, event),
        lambda: newton.fit(values, event),
        lambda: RidgeCox(PENALTY).fit(X, times),
    )
    apart = np.abs(ours.coef_ - newton.coef_[0]).max()
    ratio = cpu_s[0] / cpu_s[1]
    return [
        f"{n}, {p}",
        *(f"{one:.4f}" for one in cpu_s),
        f"{ratio:.2f}",
        f"{apart:.0e}",
    ]


def in_turn(*actions: Callable[[], object]) -> list[float]:
    """Median CPU seconds of each action."""
    rounds = [[cpu_s(action) for action in actions] for _ in range(ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def cpu_s(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    columns = ["rows, columns", "logistic", "lbfgs", "Newton-Cholesky", "Cox"]
    columns += ["logistic / lbfgs", "apart"]
    print("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns))
    for size in SIZES:
        print("| " + " | ".join(row(*size)) + " |", flush=True)


if __name__ == "__main__":
    main()
