"""Rule predict_readers: score evaluation subjects by the segmentations of every reader.

Reads   the directories of evaluation rows and, of all endpoints, the fitted models
        (JSON) of the arms that use features. What is known of an endpoint from an
        earlier job comes from the cache.
Writes  of each endpoint, one row per arm, fold, reader and evaluation subject (table
        kind "reader_predictions").
"""

from concord import jobs, result_cache, tables
from concord.folds import splitting
from concord.models import fitted_model, known_results, reader_predictions
from concord.models.settings.rules import PredictReaders


def main(job) -> None:
    settings = jobs.settings(job, PredictReaders)
    n = len(settings.arms)
    estimates = [
        job.input.estimates[n * number : n * (number + 1)]
        for number in range(len(settings.endpoints))
    ]
    hash_of = result_cache.hash_of
    decisive = [
        [hash_of(rows), hash_of(*paths), settings.arms, endpoint, settings.seed]
        for rows, paths, endpoint in zip(
            job.input.evaluation, estimates, settings.endpoints, strict=True
        )
    ]
    files = [{"predictions": path} for path in job.output.predictions]
    known_results.complete_files(
        job, decisive, files, lambda numbers: score(job, settings, estimates, numbers)
    )


def score(job, settings, estimates, numbers) -> None:
    folders = job.input.evaluation
    folds = {folder: list(splitting.read(folder)) for folder in dict.fromkeys(folders)}
    endpoints, places = settings.endpoints, range(len(estimates))
    for number, endpoint, path in zip(
        places, endpoints, job.output.predictions, strict=True
    ):
        if number in numbers:
            fitted = map(fitted_model.read, estimates[number])
            arms = dict(zip(settings.arms, fitted, strict=True))
            rows = reader_predictions.predict_readers(
                folds[folders[number]], arms, endpoint, settings.seed
            )
            tables.write(rows, path, "reader_predictions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
