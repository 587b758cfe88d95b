"""Rule fit_arms: fit arms of all endpoints to the development rows of some folds.

Reads   the directories of development rows (one per endpoint), the dictionary of
        features (for the hashes of recipes) and, if batch effects are estimated from
        a phantom, its rows fold by fold; no evaluation row. What is known of an arm
        comes from the cache.
Writes  of each arm and endpoint, fits and coefficients (table kinds of these names)
        and the fitted models, fold by fold (JSON); of tuned arms, what was tried.
"""

from concord import jobs, tables
from concord.models import fitted_model, fitting, known_results
from concord.models.settings.rules import FitArms


def main(job) -> None:
    models = jobs.settings(job, FitArms).models
    endpoints = list(dict.fromkeys(model.endpoint for model in models))
    folders, phantoms = (
        dict(zip(endpoints, paths, strict=bool(paths)))
        for paths in (job.input.development, job.input.phantom)
    )
    dictionary = tables.read(job.input.dictionary, "dictionary")
    hashes = dictionary.set_index("name")["recipe_hash"].to_dict()
    outputs = job.output.fits, job.output.coefficients, job.output.estimates
    files = [
        dict(zip(("fits", "coefficients", "estimates"), paths, strict=True))
        for paths in zip(*outputs, strict=True)
    ]
    tuned = iter(job.output.tuning)
    for model, paths in zip(models, files, strict=True):
        paths |= {"tuning": next(tuned)} if model.arm.tuning else {}

    def fit(numbers: list[int]) -> None:
        arms = [models[number] for number in numbers]
        found = fitting.fit_in_sets(folders, phantoms, arms, hashes)
        for number, one in zip(numbers, found, strict=True):
            if one.error is None:
                write(one, **files[number])
        fitting.require_fitted(found)

    inputs = [*dict.fromkeys(folders.values()), job.input.dictionary]
    known_results.complete(job, models, files, fit, inputs)


def write(fit, fits, coefficients, estimates, tuning=None) -> None:
    tables.write(fit.fits, fits, "fits")
    tables.write(fit.coefficients, coefficients, "coefficients")
    fitted_model.write(fit.models, estimates)
    if tuning:
        tables.write(fit.tuning, tuning, "tuning")


if __name__ == "__main__":
    jobs.run(main, snakemake)
