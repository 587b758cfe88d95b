"""Rule index_dicom: list every series below one DICOM root.

Reads   all files of the root, by content; no pixels.
Writes  one row per series (table kind "series").
"""

from pathlib import Path

from concord import jobs, tables
from concord.ingest import index


def main(job) -> None:
    settings = jobs.settings(job)
    root = Path(job.input.root)
    rows = index.index_root(root, settings["root"], settings["seed"])
    tables.write(rows, job.output.series, "series")


if __name__ == "__main__":
    jobs.run(main, snakemake)
