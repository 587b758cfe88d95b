"""Rule import_model: write published equations as frozen models, so that they travel.

Reads   the published equations (YAML).
Writes  the frozen model that is made of each (JSON), which all other rules read.
"""

from concord import jobs
from concord.frozen import document
from concord.frozen.published.reading import read_published


def main(job) -> None:
    for source, path in zip(job.input.models, job.output.models, strict=True):
        document.write(read_published(source), path)


if __name__ == "__main__":
    jobs.run(main, snakemake)
