"""Coverage of every interval and size of every p-value, in simulated studies.

``python benchmarks/coverage.py [--studies N] [--keep FOLDER] [--write]`` prints two
Markdown tables; ``--write`` puts them into docs/validation.md. The studies are those of
tests/linear_studies.py, and what judges them is the code of a study. With 200 studies
of each setting, the default, this takes about 15 minutes of one processor. FOLDER keeps
what was simulated, one table per setting; ``--only NUMBER ...`` simulates some settings
into it, so that several processes may share the work.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from tests.linear_studies import (  # noqa: E402
    FIXED,
    HARMONIZED,
    RAW,
    SELECTED,
    SITE,
    Setting,
    coverage,
    many,
    rejections,
)

PAGE = ROOT / "docs" / "validation.md"
MARKS = ("<!-- coverage: begin -->", "<!-- coverage: end -->")
ALL = (FIXED, SELECTED, HARMONIZED, RAW, SITE)
SETTINGS = [
    Setting(arms=ALL),
    Setting(repeats=5, arms=(FIXED, SELECTED, HARMONIZED, SITE)),
    Setting(signal=1.0),
    Setting(n=200, signal=1.8),
    Setting(n=50, signal=1.0),
    Setting(n=200, n_groups=10, arms=(HARMONIZED, RAW, SITE)),
    Setting(n=120, clustered=True),
    Setting(n=120, clustered=True, signal=1.0),
    Setting("survival", arms=ALL),
    Setting("survival", repeats=5),
    Setting("survival", signal=1.0),
    Setting("survival", n=200, signal=1.8),
]
QUANTITIES = {
    "cv, all": "`all`",
    "cv, within": "`within`",
    "cv, one group": "`group=`",
    "cv, difference": "difference",
    "loso, all": "left out, `all`",
    "loso, one group": "left out, `group=`",
    "loso, difference": "left out, difference",
}
TESTS = {
    "cv, p of the null": "null, `cv`",
    "loso, p of the null": "null, `loso`",
    "cv, p of the log-rank": "log-rank of risk groups",
}


def name_of(setting: Setting) -> str:
    """Words for a setting."""
    kind = "AUC" if setting.kind == "binary" else "C"
    parts = [f"{kind}, n {setting.n}, {setting.n_groups} groups"]
    parts.append("noise" if setting.signal == 0 else f"signal {setting.signal:g}")
    parts += [f"{setting.repeats} repeats"] if setting.repeats > 1 else []
    parts += ["patients of 1 to 3 lesions"] if setting.clustered else []
    return ", ".join(parts)


def simulated(number: int, n_studies: int, keep: Path | None) -> pd.DataFrame:
    """All numbers of the studies of a setting, from the folder if it has them."""
    path = None if keep is None else keep / f"{number}_{n_studies}.parquet"
    if path is not None and path.is_file():
        return pd.read_parquet(path)
    parts = list(many(SETTINGS[number], range(n_studies)))
    rows = pd.concat(parts, ignore_index=True)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.to_parquet(path)
    return rows


def coverage_rows(rows: pd.DataFrame, name: str) -> list[str]:
    """One line per arm and pair of arms: coverage, and mean width in brackets."""
    table = coverage(rows)
    lines = []
    for arm in dict.fromkeys(table.index.get_level_values("arm")):
        cells = []
        for quantity in QUANTITIES:
            if (quantity, arm) not in table.index:
                cells.append("")
                continue
            row = table.loc[(quantity, arm)]
            cells.append(f"{row['covered']:.3f} ({row['width']:.2f})")
        lines.append(f"| {name} | {arm} | {' | '.join(cells)} |")
    return lines


def rejection_rows(rows: pd.DataFrame, name: str) -> list[str]:
    """One line per arm: share of p-values at most 0.05 and at most 0.01."""
    table = rejections(rows)
    lines = []
    for arm in dict.fromkeys(table.index.get_level_values("arm")):
        mean = table.loc[("cv, p of the null", arm), "estimate"]
        se = rows.loc[
            (rows["quantity"] == "cv, p of the null") & (rows["arm"] == arm), "estimate"
        ].sem()
        cells = [f"{mean:.3f} ± {se:.3f}"]
        for quantity in TESTS:
            if (quantity, arm) not in table.index:
                cells.append("")
                continue
            row = table.loc[(quantity, arm)]
            cells.append(f"{row['at_05']:.3f}, {row['at_01']:.3f}")
        cells.append(_nominal(rows, arm))
        lines.append(f"| {name} | {arm} | {' | '.join(cells)} |")
    return lines


def _nominal(rows: pd.DataFrame, arm: str) -> str:
    """The same of the log-rank p that is not printed, for comparison."""
    if "nominal" not in rows:
        return ""
    p = rows.loc[rows["arm"] == arm, "nominal"].dropna()
    return f"{(p <= 0.05).mean():.3f}, {(p <= 0.01).mean():.3f}" if len(p) else ""


def document(n_studies: int, keep: Path | None) -> str:
    """Both tables, with the command that made them."""
    intervals, tests = [], []
    for number, setting in enumerate(SETTINGS):
        rows, name = simulated(number, n_studies, keep), name_of(setting)
        intervals += coverage_rows(rows, name)
        if setting.signal == 0:
            tests += rejection_rows(rows, name)
    se = np.sqrt(0.95 * 0.05 / n_studies)
    heads = ["setting", "arm", *QUANTITIES.values()]
    test_heads = ["setting, all noise", "arm", "mean value", *TESTS.values()]
    test_heads.append("not printed: log-rank p as if groups were given")
    return "\n".join(
        [
            f"`python benchmarks/coverage.py --studies {n_studies} --write`: "
            f"{n_studies} studies of each setting, 99 permutations, intervals of 95 % "
            f"(standard error of a coverage of 0.95: {se:.3f}). Coverage, and mean "
            "width in brackets:",
            "",
            *_table(heads, intervals),
            "",
            "Share of p-values at most 0.05 and at most 0.01 in noise:",
            "",
            *_table(test_heads, tests),
        ]
    )


def _table(heads: list[str], lines: list[str]) -> list[str]:
    return [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|", *lines]


def main() -> None:
    """Simulate, and print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", type=int, nargs="*")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.only:
        for number in options.only:
            simulated(number, options.studies, options.keep)
        return
    text = document(options.studies, options.keep)
    if not options.write:
        print(text)
        return
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    made = f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}"
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
