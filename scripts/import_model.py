"""Rule import_model: write published equations as frozen models.

Reads   the equations (YAML).
Writes  the model of each (JSON), as it is applied here; it may travel in its place.
"""

from concord import jobs
from concord.frozen import document
from concord.frozen.reading import read_model


def main(job) -> None:
    for source, path in zip(job.input.models, job.output.models, strict=True):
        document.write(read_model(source), path)


if __name__ == "__main__":
    jobs.run(main, snakemake)
