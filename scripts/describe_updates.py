"""Rule describe_updates: write what a reader needs of updated and imported models.

Reads   the folders of updated models and of imported ones (model.json).
Writes  a folder like theirs that holds, in place of each model.json, its card
        (Markdown, HTML) and its equation (Markdown) and, of models that can have them, a
        file that scores without Concord and a nomogram.
"""

from pathlib import Path

from concord import jobs
from concord.report.card.beside import describe_all
from concord.report.card.settings import DescribeUpdates


def main(job) -> None:
    settings = jobs.settings(job, DescribeUpdates)
    described = Path(job.output.described)
    described.mkdir(parents=True, exist_ok=True)
    for folder in map(Path, job.input.updated):
        describe_all(folder, described / "updated" / folder.name, settings.style)
    for folder in map(Path, job.input.imported):
        describe_all(folder, described / "imported", settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
