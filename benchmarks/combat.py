"""CPU time and memory of ComBat beside neuroCombat, on simulated features.

``python benchmarks/combat.py`` prints a Markdown table. Both harmonize the same
rows in turn, so that a busy machine slows both. One thread is used. Times are
CPU seconds; memory is what Python allocated at its peak, in copies of the
matrix of features, beside the matrix itself.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import contextlib
import io
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from concord.harmonization.estimators.combat import ComBat

ROUNDS = 5
FOLDS = 500


def simulated(n: int, p: int, n_sites: int, seed: int = 1) -> pd.DataFrame:
    """Rows of sites with shifts and scales, and an age that they share."""
    generator = np.random.default_rng(seed)
    site = generator.integers(n_sites, size=n)
    shift = generator.normal(size=(n_sites, p))
    scale = generator.uniform(0.7, 1.4, size=(n_sites, p))
    age = generator.normal(60, 10, size=n)
    values = shift[site] + scale[site] * generator.normal(size=(n, p))
    values += 0.02 * age[:, None]
    table = pd.DataFrame(values).add_prefix("f")
    others = {"site": [f"S{number:02d}" for number in site], "age": age}
    return pd.concat([table, pd.DataFrame(others)], axis=1)


def combat(rows: pd.DataFrame, keep: tuple[str, ...]) -> np.ndarray:
    """Fit and transform the same rows."""
    features = _features(rows)
    harmonizer = ComBat("site", keep=keep, columns=features)
    return harmonizer.fit_transform(rows)[features].to_numpy()


def neurocombat(rows: pd.DataFrame, keep: tuple[str, ...]) -> np.ndarray:
    """The same by the package neuroCombat."""
    from neuroCombat import neuroCombat

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        result = neuroCombat(
            rows[_features(rows)].to_numpy().T,
            rows[["site", *keep]],
            batch_col="site",
            continuous_cols=list(keep),
        )
    return result["data"].T


def beside(keep: tuple[str, ...]) -> dict[str, object]:
    """Median CPU seconds of both on 2,000 rows, 2,000 features and 20 sites."""
    rows = simulated(2000, 2000, 20)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_cpu_s(lambda: combat(rows, keep)))
        theirs.append(_cpu_s(lambda: neurocombat(rows, keep)))
    return {
        "what": f"2,000 x 2,000, 20 sites, {len(keep)} covariates kept",
        "combat_cpu_s": np.median(ours),
        "neurocombat_cpu_s": np.median(theirs),
        "ratio": np.median(theirs) / np.median(ours),
        "lowest_ratio": (np.array(theirs) / np.array(ours)).min(),
    }


def nested_folds() -> dict[str, object]:
    """CPU seconds of fit and transform in 500 folds of 400 rows, 500 features."""
    rows = simulated(500, 500, 10)
    chosen = np.random.default_rng(2)
    total = 0.0
    for _ in range(FOLDS):
        fold = rows.iloc[np.sort(chosen.choice(500, 400, replace=False))]
        total += _cpu_s(lambda fold=fold: combat(fold, ("age",)))
    return {"what": f"{FOLDS} folds of 400 x 500, 1 covariate", "combat_cpu_s": total}


def memory(keep: tuple[str, ...]) -> dict[str, object]:
    """Peak of what a fit and a transform allocate, in copies of the matrix."""
    rows = simulated(2000, 2000, 20)
    harmonizer = ComBat("site", keep=keep, columns=_features(rows))
    peaks = {}
    for step in (harmonizer.fit, harmonizer.transform):
        tracemalloc.start()
        step(rows)
        peaks[step.__name__] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    copies = {name: peak / (2000 * 2000 * 8) for name, peak in peaks.items()}
    return {
        "what": f"copies allocated, {len(keep)} covariates kept",
        "fit_copies": copies["fit"],
        "transform_copies": copies["transform"],
    }


def markdown(rows: list[dict[str, object]]) -> str:
    """One list item per measurement."""
    return "\n".join(
        f"- {row['what']}: "
        + ", ".join(f"{k} {v:.2f}" for k, v in row.items() if k != "what")
        for row in rows
    )


def _features(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in ("site", "age")]


def _cpu_s(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


if __name__ == "__main__":
    kept: list[tuple[str, ...]] = [(), ("age",)]
    results = [beside(keep) for keep in kept] + [memory(keep) for keep in kept]
    sys.stdout.write(markdown([*results, nested_folds()]) + "\n")
