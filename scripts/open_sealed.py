"""Rule open_sealed: judge the final models on the sealed subjects, once.

Reads   the subjects sheet, facts of the images, the cohort of development, the feature
        matrix, the final models (JSON), and the registered plan, if there is one.
Writes  a line of the ledger, after all lines that are there; none if this very pipeline
        looked before. The rows of the sealed subjects stay in the memory of this job.
"""

from concord import files, jobs, tables
from concord.evaluation.sealed import chained, looks, opening
from concord.evaluation.sealed.settings import OpenSealed
from concord.folds import cohort
from concord.ingest.acquisition import facts
from concord.models import fitted_model
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, OpenSealed)
    paths = iter(job.input.estimates)
    models = {
        endpoint: {arm: fitted_model.read(next(paths)) for arm in settings.arms}
        for endpoint in settings.endpoints
    }
    opened = opening.Opening(
        settings,
        tables.read_sheet(job.input.subjects),
        facts.read_facts(job.input.acquisition),
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        models,
    )
    hashes = [files.sha256(path) for path in job.input.estimates]
    pipeline = opened.pipeline(job.params.code, hashes)
    ledger = job.output.ledger
    if looks.known_look(chained.read(ledger), pipeline):
        opening.keep(ledger)
    else:
        registered = opening.registered_version(job.input.registration)
        looks.add_look(ledger, pipeline, *opened.look(registered))


if __name__ == "__main__":
    discretion.run(main, snakemake)
