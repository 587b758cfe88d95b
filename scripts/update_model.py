"""Rule update_model: recalibrate frozen models by the outcomes of this hospital.

Reads   predictions of frozen models with outcomes (table kind "predictions"), and these
        models (model.json).
Writes  updates with their closed test (table kind "updates"), calibration before and
        after them (kind "update_performance"), and of every update that can be made a
        new model.json, which names its parent by its hash. The models that were given
        stay as they are.
"""

from pathlib import Path

from concord import jobs, tables
from concord.evaluation.updating import updating
from concord.frozen import document
from concord.frozen.updating.settings import UpdateModel


def main(job) -> None:
    settings = jobs.settings(job, UpdateModel)
    predictions = tables.read(job.input.predictions, "predictions")
    models = dict(zip(settings.arms, map(document.read, job.input.models), strict=True))

    found = updating.all_updates(models, predictions, settings)
    tables.write(found.updates, job.output.updates, "updates")
    tables.write(found.performance, job.output.performance, "update_performance")
    folder = Path(job.output.models)
    folder.mkdir(parents=True, exist_ok=True)
    for (arm, update), model in found.documents.items():
        document.write(model, folder / arm / update / "model.json")


if __name__ == "__main__":
    jobs.run(main, snakemake)
