"""Rule instability: tell how far models of other samples differ from the original one.

Reads   the cohort; what the models of all bootstrap samples predict and select (kinds
        "sample_predictions" and "sample_fits") of the arms that are looked at.
Writes  instability of predictions, classes and calibration, in sum and by subject
        (kinds of these names), and the stability of selected features
        ("selection_stability").
"""

from concord import jobs, tables
from concord.evaluation.instability import instability, selection_stability
from concord.evaluation.instability.settings import Instability
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, Instability)
    predictions = tables.read_all(job.input.sample_predictions, "sample_predictions")
    fits = tables.read_all(job.input.sample_fits, "sample_fits")
    outcomes = cohort.target_of(cohort.read(job.input.cohort), job.wildcards.endpoint)

    asked = settings.samples, settings.probabilities
    found = instability.instability(predictions, outcomes, *asked)
    for kind, table in found.items():
        tables.write(table, getattr(job.output, kind), kind)
    drawn = fits[fits["sample"] <= settings.samples]
    stable = selection_stability.of_samples(drawn, settings.confidence)
    tables.write(stable, job.output.sample_stability, "selection_stability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
