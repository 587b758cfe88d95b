"""Rule predict_readers: score evaluation subjects by the segmentations of every reader.

Reads   the directory of evaluation rows and, of all endpoints, the fitted models
        (JSON) of the arms that use features. What is known of an endpoint from an
        earlier job comes from the cache.
Writes  of each endpoint, one row per arm, fold, reader and evaluation subject (table
        kind "reader_predictions").
"""

from concord import jobs, result_cache, tables
from concord.folds import splitting
from concord.models import fitted_model, known_results, reader_predictions
from concord.models.settings import PredictReaders


def main(job) -> None:
    settings = jobs.settings(job, PredictReaders)
    arms, n = settings.arms, len(settings.arms)
    estimates = [
        job.input.estimates[n * number : n * (number + 1)]
        for number in range(len(settings.endpoints))
    ]

    def score(numbers: list[int]) -> None:
        folds = list(splitting.read(job.input.evaluation))
        for number, endpoint, path in zip(
            range(len(estimates)),
            settings.endpoints,
            job.output.predictions,
            strict=True,
        ):
            if number in numbers:
                fitted = map(fitted_model.read, estimates[number])
                rows = reader_predictions.predict_readers(
                    folds, dict(zip(arms, fitted, strict=True)), endpoint, settings.seed
                )
                tables.write(rows, path, "reader_predictions")

    rows = result_cache.hash_of(job.input.evaluation)
    decisive = [
        [rows, result_cache.hash_of(*paths), arms, endpoint, settings.seed]
        for paths, endpoint in zip(estimates, settings.endpoints, strict=True)
    ]
    files = [{"predictions": path} for path in job.output.predictions]
    known_results.complete_files(job, decisive, files, score)


if __name__ == "__main__":
    jobs.run(main, snakemake)
