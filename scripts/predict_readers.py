"""Rule predict_readers: score evaluation subjects by the segmentations of every reader.

Reads   the directory of evaluation rows and the fitted models (JSON) of the arms that
        use features.
Writes  one row per arm, fold, reader and evaluation subject (table kind
        "reader_predictions").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import fitted_model, reader_predictions
from concord.models.settings import PredictReaders


def main(job) -> None:
    settings = jobs.settings(job, PredictReaders)
    fitted = [fitted_model.read(path) for path in job.input.estimates]
    rows = reader_predictions.predict_readers(
        splitting.read(job.input.evaluation),
        dict(zip(settings.arms, fitted, strict=True)),
        job.wildcards.endpoint,
        settings.seed,
    )
    tables.write(rows, job.output.predictions, "reader_predictions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
