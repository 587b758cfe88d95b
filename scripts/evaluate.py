"""Rule evaluate: judge all arms of one endpoint on subjects they never saw.

Reads   predictions, fits and coefficients of all arms and schemes.
Writes  performance, comparisons of arms and how often features were selected
        (table kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation import performance, selection
from concord.evaluation.settings import Evaluate


def main(job) -> None:
    settings = jobs.settings(job, Evaluate)
    predictions = tables.read_all(job.input.predictions, "predictions")
    fits = tables.read_all(job.input.fits, "fits")
    coefficients = tables.read_all(job.input.coefficients, "coefficients")
    kind, options = settings.kind, settings.evaluation
    pairs = performance.comparison_pairs(
        sorted(set(predictions["arm"])), options.reference_arm, settings.arms
    )
    judged = performance.performance(predictions, fits, kind, options.confidence)
    compared = performance.comparisons(
        predictions, fits, kind, options.confidence, pairs
    )
    selected = selection.selection_frequency(coefficients, fits)
    tables.write(judged, job.output.performance, "performance")
    tables.write(compared, job.output.comparisons, "comparisons")
    tables.write(selected, job.output.selection, "selection")


if __name__ == "__main__":
    jobs.run(main, snakemake)
