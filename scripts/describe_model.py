"""Rule describe_model: write what a reader needs beside every frozen model.

Reads   the frozen models (JSON).
Writes  of each a folder with its card (Markdown, HTML) and its equation (Markdown) and,
        of models that can have them, a file that scores without Concord and a nomogram.
"""

from concord import jobs
from concord.frozen import document
from concord.report.card.beside import describe
from concord.report.card.settings import DescribeModel


def main(job) -> None:
    settings = jobs.settings(job, DescribeModel)
    for path, folder in zip(job.input.models, job.output.described, strict=True):
        describe(document.read(path), folder, settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
