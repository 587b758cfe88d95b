"""Settings that inner folds chose, arm by arm."""

import pandas as pd

from ....figures import labels
from ....figures.summaries import groups
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results

_OPTIONS = ("transform", "harmonizer", "max_features", "l1_share")


def tuning_table(results: Results, endpoint: str) -> Table | None:
    """Settings that each tuned arm chose in the folds of each scheme."""
    rows = results.of("tuning", endpoint=endpoint)
    if rows.empty:
        return None
    return table(
        "Tuning",
        [
            "Arm",
            "Scheme",
            "Folds",
            "Settings tried",
            "Transform",
            "Harmonizer",
            "Features, at most",
            "L1 share",
            "Penalty",
        ],
        [_row(results, names, part) for names, part in groups(rows, ["arm", "scheme"])],
        "Inner folds of each development set chose these; counts of folds in brackets, "
        "penalty as median with its range. All that was tried, fold by fold, is in "
        f"results/evaluation/{endpoint}_tuning.tsv.",
    )


def _row(results: Results, names: tuple[str, ...], part: pd.DataFrame) -> list[str]:
    arm, scheme = names
    folds = part.groupby(["repeat", "fold"])
    chosen = part[part["chosen"].astype(bool)]
    return [
        results.arm_label(arm),
        labels.SCHEMES.get(scheme, scheme),
        str(len(folds)),
        str(int(folds.size().max())),
        *(_counted(chosen[name]) for name in _OPTIONS),
        _penalty(chosen["penalty"]),
    ]


def _counted(values: pd.Series) -> str:
    """Values with the number of folds that chose them, the commonest first."""
    counts = values.value_counts()
    if len(counts) == 1:
        return _printed(counts.index[0])
    return ", ".join(f"{_printed(value)} ({count})" for value, count in counts.items())


def _printed(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _penalty(values: pd.Series) -> str:
    known = values.dropna()
    if known.empty:
        return n.NONE
    low, middle, high = known.min(), known.median(), known.max()
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"
