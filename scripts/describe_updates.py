"""Rule describe_updates: write what a reader needs of updated and imported models.

Reads   folders of updated models, and imported models (model.json).
Writes  a folder with one for each model, which holds its card (Markdown, HTML), its
        equation (Markdown) and, of models that can have them, a nomogram and a file
        that scores without Concord.
"""

from pathlib import Path

from concord import jobs
from concord.frozen import document
from concord.report.card.beside import describe, describe_all
from concord.report.card.settings import DescribeUpdates


def main(job) -> None:
    settings = jobs.settings(job, DescribeUpdates)
    described = Path(job.output.described)
    described.mkdir(parents=True, exist_ok=True)
    for folder in map(Path, job.input.updated):
        describe_all(folder, described / "updated" / folder.name, settings.style)
    for path in map(Path, job.input.imported):
        folder = described / "imported" / path.parent.name
        describe(document.read(path), folder, settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
