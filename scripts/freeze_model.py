"""Rule freeze_model: write models that predict where the study's data do not exist.

Reads   the fitted models (JSON) of all arms to freeze and endpoints, the rows that they
        were fitted to (one directory per endpoint), the dictionary of features, facts
        and masks of the images, and, for models of all subjects alone, what the
        evaluation found and the registered plan.
Writes  of each endpoint and arm, one frozen model (JSON).
"""

from concord import jobs, tables
from concord.frozen import document
from concord.frozen.freezing import reading
from concord.frozen.freezing.freezing import StudyTables, freeze
from concord.frozen.settings import FreezeModel


def main(job) -> None:
    settings = jobs.settings(job, FreezeModel)
    given = job.input
    study = StudyTables(
        dictionary=tables.read(given.dictionary, "dictionary"),
        acquisition=reading.table(given.acquisition, "acquisition"),
        masks=reading.table(given.masks, "masks"),
        validation=reading.validation(
            given.performance, given.comparisons, given.calibration, given.subgroups
        ),
        plan=reading.registered_plan(given.registrations),
    )
    parts = reading.development(
        given.estimates, given.development, given.phantom, settings
    )
    paths = iter(job.output.models)
    for rows, fitted in parts:
        for model in freeze(rows, fitted, study, settings):
            document.write(model, next(paths))


if __name__ == "__main__":
    jobs.run(main, snakemake)
