"""Rule import_model: write published equations as frozen models, so that they travel.

Reads   the models that the study applies (published equations in YAML, or JSON).
Writes  of every published equation the frozen model that was made of it (JSON).
"""

from pathlib import Path

from concord import jobs
from concord.frozen import document
from concord.frozen.naming import is_published
from concord.frozen.published.settings import ImportModel
from concord.frozen.reading import read_model


def main(job) -> None:
    settings = jobs.settings(job, ImportModel)
    folder = Path(job.output.models)
    folder.mkdir(parents=True, exist_ok=True)
    for arm, path in zip(settings.arms, job.input.models, strict=True):
        if is_published(path):
            document.write(read_model(path), folder / arm / "model.json")


if __name__ == "__main__":
    jobs.run(main, snakemake)
