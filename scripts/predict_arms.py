"""Rule predict_arms: score evaluation subjects by what the arms have learnt.

Reads   the directories of evaluation rows (one per endpoint) and the fitted models
        (JSON) of all arms and endpoints.
Writes  of each endpoint, one row per arm, fold and evaluation subject (table kind
        "predictions"); of those with days at which risks are judged, the risks (table
        kind "risks").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import absolute_risk, fitted_model, prediction
from concord.models.settings.rules import PredictArms


def main(job) -> None:
    settings = jobs.settings(job, PredictArms)
    folders = job.input.evaluation
    folds = {folder: list(splitting.read(folder)) for folder in dict.fromkeys(folders)}
    estimates, judged = iter(job.input.estimates), iter(job.output.risks)
    for endpoint, folder, path in zip(
        settings.endpoints, folders, job.output.predictions, strict=True
    ):
        fitted = {arm: fitted_model.read(next(estimates)) for arm in settings.arms}
        rows = prediction.predict_folds(folds[folder], fitted, endpoint, settings.seed)
        tables.write(rows, path, "predictions")
        if endpoint in settings.at_days:
            days = settings.at_days[endpoint]
            tables.write(
                absolute_risk.risks_of(rows, fitted, days), next(judged), "risks"
            )


if __name__ == "__main__":
    jobs.run(main, snakemake)
