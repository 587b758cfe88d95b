"""Paths of elastic nets by adelie: CPU seconds of all fits, coefficients of the last.

``run_adelie.py JOB.npz RESULT.npz`` in an environment with ``"adelie==1.1.52"``.
"""

import sys
import time

import adelie
import numpy as np


def fitted(job, rows, penalties):
    """Coefficients (penalties, columns) of one path."""
    columns = np.asfortranarray(job["columns"][rows])
    if job["kind"] == "logistic":
        model = adelie.glm.binomial(job["event"][rows].astype(float))
    else:
        times = job["time"][rows]
        model = adelie.glm.cox(
            start=np.full(len(rows), -1.0),
            stop=times,
            status=job["event"][rows].astype(float),
            strata=job["strata"][rows],
            tie_method="efron",
        )
    start = time.process_time()
    state = adelie.grpnet(
        columns,
        model,
        penalty=job["factor"],
        alpha=float(job["l1_share"]),
        lmda_path=penalties,
        early_exit=False,
        progress_bar=False,
        tol=float(job["tolerance"]),
        irls_tol=float(job["tolerance"]),
        n_threads=1,
        intercept=bool(job["kind"] == "logistic"),
    )
    seconds = time.process_time() - start
    return seconds, state.betas.toarray(), np.asarray(state.intercepts)


if __name__ == "__main__":
    given = np.load(sys.argv[1])
    summed = 0.0
    for numbers, falling in zip(given["rows"], given["penalties"], strict=True):
        rows = numbers[numbers >= 0]
        seconds, slopes, intercepts = fitted(given, rows, falling)
        summed += seconds
    np.savez(sys.argv[2], cpu_s=summed, slopes=slopes, intercepts=intercepts)
