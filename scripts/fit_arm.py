"""Rule fit_arm: fit one arm to the development rows of some folds.

Reads   the directory of development rows and, if it teaches the batch effects, the
        table of a phantom; no evaluation row.
Writes  fits and coefficients (table kinds of these names) and everything that was
        learnt, fold by fold (JSON).
"""

from concord import files, jobs, tables
from concord.folds import splitting
from concord.models import fitting, phantom_table
from concord.models.settings import FitArm


def main(job) -> None:
    settings = jobs.settings(job, FitArm)
    result = fitting.fit_folds(
        splitting.read(job.input.development),
        settings.model,
        phantom_table.read_if_given(job.input.phantom),
    )
    tables.write(result.fits, job.output.fits, "fits")
    tables.write(result.coefficients, job.output.coefficients, "coefficients")
    files.write_json(result.estimates, job.output.estimates)


if __name__ == "__main__":
    jobs.run(main, snakemake)
