"""Rule evaluate: judge all arms of one endpoint on subjects they never saw.

Reads   predictions, fits, coefficients and permutations of all arms and schemes, the
        cohort.
Writes  performance, comparisons of arms, who is not judged and why, who was scored
        with imputed values, how often features were selected, ROC curves or survival
        of the risk groups (table kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation import (
    comparisons,
    curves,
    exclusions,
    missing_values,
    performance,
    selection,
)
from concord.evaluation.calibration import Calibrations
from concord.evaluation.settings import Evaluate
from concord.folds import cohort
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def main(job) -> None:
    settings = jobs.settings(job, Evaluate)
    predictions = tables.read_all(job.input.predictions, "predictions")
    fits = tables.read_all(job.input.fits, "fits")
    coefficients = tables.read_all(job.input.coefficients, "coefficients")
    null = tables.read_all(job.input.null, "null")
    kind, options = OUTCOME_KINDS[settings.kind], settings.evaluation
    pairs = comparisons.comparison_pairs(
        sorted(set(predictions["arm"])),
        options.reference_arm,
        settings.arms,
        options.headline_arm,
    )
    confidence, widened = options.confidence, Calibrations.of(null)
    found = {
        "performance": performance.performance(
            predictions, fits, kind, confidence, widened
        ),
        "comparisons": comparisons.comparisons(
            predictions, fits, kind, confidence, pairs, widened
        ),
        "arm_exclusions": exclusions.arm_exclusions(
            predictions, fits, cohort.read(job.input.cohort)
        ),
        "selection": selection.selection_frequency(coefficients, fits),
        "missing_values": missing_values.missing_values(predictions),
        **curves.curves(predictions, kind, confidence, null),
    }
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
