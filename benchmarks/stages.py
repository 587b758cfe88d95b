"""Time and memory of each rule of a finished study, from its benchmark files.

``python benchmarks/stages.py FOLDER`` prints a Markdown table; FOLDER holds
`results/`. The memory of jobs shorter than a few seconds is not sampled by
Snakemake and is shown as a dash.
"""

import sys
from pathlib import Path

import pandas as pd


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


def markdown(stages: pd.DataFrame) -> str:
    """The table as Markdown, with a line of totals."""
    columns = list(stages.columns)
    total = {"rule": "**all**", "longest_job_s": stages["longest_job_s"].max()}
    total |= {c: stages[c].sum() for c in ("jobs", "wall_s", "cpu_s")}
    total["largest_memory_mb"] = stages["largest_memory_mb"].max()
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    for row in [*stages.to_dict("records"), total]:
        lines.append(" | ".join(_cell(row[column]) for column in columns))
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if pd.isna(value) else f"{value:.1f}"
    return str(value)


if __name__ == "__main__":
    sys.stdout.write(markdown(table(Path(sys.argv[1]))) + "\n")
