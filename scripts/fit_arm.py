"""Rule fit_arm: fit one arm to the development rows of some folds.

Reads   the directory of development rows, the dictionary of features (for the hashes
        of recipes) and, if batch effects are estimated from it, the table of a
        phantom; no evaluation row.
Writes  fits and coefficients (table kinds of these names) and the fitted models, fold
        by fold (JSON).
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import fitted_model, fitting, phantom_table
from concord.models.settings import FitArm


def main(job) -> None:
    dictionary = tables.read(job.input.dictionary, "dictionary")
    settings = jobs.settings(job, FitArm)
    result = fitting.fit_folds(
        splitting.read(job.input.development),
        settings.model,
        phantom_table.read_if_given(job.input.phantom),
        recipe_hashes=dictionary.set_index("name")["recipe_hash"].to_dict(),
    )
    tables.write(result.fits, job.output.fits, "fits")
    tables.write(result.coefficients, job.output.coefficients, "coefficients")
    fitted_model.write(result.models, job.output.estimates)


if __name__ == "__main__":
    jobs.run(main, snakemake)
