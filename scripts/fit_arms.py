"""Rule fit_arms: fit arms of all endpoints to the development rows of some folds.

Reads   the directory of development rows, the dictionary of features (for the hashes
        of recipes) and, if batch effects are estimated from it, the table of a
        phantom; no evaluation row. What is known of an arm comes from the cache.
Writes  of each arm and endpoint, fits and coefficients (table kinds of these names)
        and the fitted models, fold by fold (JSON).
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import fitted_model, fitting, known_results, phantom_table
from concord.models.settings import FitArms


def main(job) -> None:
    models = jobs.settings(job, FitArms).models
    dictionary = tables.read(job.input.dictionary, "dictionary")
    hashes = dictionary.set_index("name")["recipe_hash"].to_dict()
    outputs = job.output.fits, job.output.coefficients, job.output.estimates
    files = [
        dict(zip(("fits", "coefficients", "estimates"), paths, strict=True))
        for paths in zip(*outputs, strict=True)
    ]

    def fit(numbers: list[int]) -> None:
        found = fitting.fit_arms(
            splitting.read(job.input.development),
            [models[number] for number in numbers],
            phantom_table.read_if_given(job.input.phantom),
            recipe_hashes=hashes,
        )
        for number, one in zip(numbers, found, strict=True):
            if one.error is None:
                tables.write(one.fits, files[number]["fits"], "fits")
                tables.write(
                    one.coefficients, files[number]["coefficients"], "coefficients"
                )
                fitted_model.write(one.models, files[number]["estimates"])
        fitting.require_fitted(found)

    inputs = [job.input.development, job.input.dictionary]
    known_results.complete(job, models, files, fit, inputs)


if __name__ == "__main__":
    jobs.run(main, snakemake)
