"""CPU time and memory of each rule of a finished study, or of two side by side.

``python benchmarks/stages.py FOLDER`` prints a Markdown table of one study;
``python benchmarks/stages.py BEFORE AFTER`` one of two, by rule, with the ratio of
their CPU seconds. Each folder holds `results/`. Rules whose names changed, or whose
work is done by another rule since, share the row that `ROWS` gives them.

The numbers are those of Snakemake's benchmark files. It samples CPU time and memory of
a job every few seconds and misses the end of each, so short jobs show 10 to 20 % too
little CPU time, and no memory (a dash). `benchmarks/study.py` has the whole CPU time.
"""

import sys
from pathlib import Path

import pandas as pd

#: Row of the table by how a rule is called: its name, or the beginning of its name
#: before a star. Add a rule here that another one took the work of.
ROWS = {
    "fit_arm": "fit_arms",
    "fit_null": "fit_nulls",
    "plot_*": "figures (plot_*)",
}


def table(folder: Path) -> pd.DataFrame:
    """Jobs, wall and CPU seconds, and largest memory of each rule."""
    rows = []
    for rule in sorted((folder / "results" / "benchmarks").iterdir()):
        jobs = pd.concat(
            pd.read_csv(path, sep="\t", na_values="-") for path in rule.glob("*.tsv")
        )
        rows.append(
            {
                "rule": rule.name,
                "jobs": len(jobs),
                "wall_s": jobs["s"].sum(),
                "longest_job_s": jobs["s"].max(),
                "cpu_s": jobs["cpu_time"].sum(),
                "largest_memory_mb": jobs["max_rss"].max(),
            }
        )
    return pd.DataFrame(rows).sort_values("wall_s", ascending=False)


def row_of(rule: str) -> str:
    """The row of a rule in a table of two studies."""
    for name, row in ROWS.items():
        if rule == name or (name[-1] == "*" and rule.startswith(name[:-1])):
            return row
    return rule


def side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Jobs and CPU seconds of two tables of rules, and the ratio after / before."""
    joined = pd.concat(
        [
            stages.groupby(stages["rule"].map(row_of))[["jobs", "cpu_s"]]
            .sum()
            .add_suffix(f"_{when}")
            for when, stages in (("before", before), ("after", after))
        ],
        axis=1,
    ).fillna(dict.fromkeys(("jobs_before", "jobs_after"), 0))
    joined = joined.sort_values("cpu_s_before", ascending=False, na_position="last")
    joined.loc["**all**"] = joined.sum()
    joined["ratio"] = joined["cpu_s_after"] / joined["cpu_s_before"].where(
        joined["cpu_s_before"] > 0
    )
    counts = dict.fromkeys(("jobs_before", "jobs_after"), int)
    found = joined.astype(counts).rename_axis("rule").reset_index()
    names = ["rule", "jobs_before", "jobs_after", "cpu_s_before", "cpu_s_after"]
    return found[[*names, "ratio"]]


def with_total(stages: pd.DataFrame) -> pd.DataFrame:
    """The table of one study with a row of totals."""
    total = {"rule": "**all**", "longest_job_s": stages["longest_job_s"].max()}
    total |= {c: stages[c].sum() for c in ("jobs", "wall_s", "cpu_s")}
    total["largest_memory_mb"] = stages["largest_memory_mb"].max()
    return pd.concat([stages, pd.DataFrame([total])])


def markdown(rows: pd.DataFrame) -> str:
    """A table as Markdown."""
    columns = list(rows.columns)
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    for row in rows.to_dict("records"):
        lines.append(" | ".join(_cell(column, row[column]) for column in columns))
    return "\n".join(f"| {line} |" for line in lines)


def _cell(column: str, value: object) -> str:
    if isinstance(value, float):
        return "-" if pd.isna(value) else f"{value:.{2 if column == 'ratio' else 1}f}"
    return str(value)


def main(folders: list[str]) -> None:
    first, *others = [table(Path(folder)) for folder in folders]
    shown = side_by_side(first, others[0]) if others else with_total(first)
    sys.stdout.write(markdown(shown) + "\n")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        raise SystemExit("give one folder with results/, or two: BEFORE AFTER")
    main(sys.argv[1:])
