"""Rule describe_model: write what a reader needs beside every frozen model.

Reads   the frozen models (JSON).
Writes  beside each, its card (Markdown, HTML) and its equation (Markdown) and, of
        models that can have them, a file that scores without Concord and a nomogram.
"""

from concord import jobs
from concord.frozen import document
from concord.report.card.beside import describe
from concord.report.card.settings import DescribeModel


def main(job) -> None:
    settings = jobs.settings(job, DescribeModel)
    for path in job.input.models:
        describe(document.read(path), path, settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
