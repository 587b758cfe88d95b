"""Rule predict_arms: score evaluation subjects by what the arms have learnt.

Reads   the directory of evaluation rows and the fitted models (JSON) of all arms.
Writes  one row per arm, fold and evaluation subject (table kind "predictions").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import fitted_model, prediction
from concord.models.settings import PredictArms


def main(job) -> None:
    settings = jobs.settings(job, PredictArms)
    fitted = [fitted_model.read(path) for path in job.input.estimates]
    rows = prediction.predict_folds(
        splitting.read(job.input.evaluation),
        dict(zip(settings.arms, fitted, strict=True)),
        job.wildcards.endpoint,
        settings.seed,
    )
    tables.write(rows, job.output.predictions, "predictions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
