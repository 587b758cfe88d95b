"""Rule predict_readers: score evaluation subjects by the segmentations of every reader.

Reads   the directory of evaluation rows and, of all endpoints, the fitted models
        (JSON) of the arms that use features.
Writes  of each endpoint, one row per arm, fold, reader and evaluation subject (table
        kind "reader_predictions").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import fitted_model, reader_predictions
from concord.models.settings import PredictReaders


def main(job) -> None:
    settings = jobs.settings(job, PredictReaders)
    folds = list(splitting.read(job.input.evaluation))
    estimates = iter(job.input.estimates)
    for endpoint, path in zip(settings.endpoints, job.output.predictions, strict=True):
        fitted = {arm: fitted_model.read(next(estimates)) for arm in settings.arms}
        rows = reader_predictions.predict_readers(
            folds, fitted, endpoint, settings.seed
        )
        tables.write(rows, path, "reader_predictions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
