"""Rule evaluate: judge all arms of one endpoint on subjects they never saw.

Reads   the cohort; predictions, fits, coefficients, nulls and tuning of all arms.
Writes  performance, comparisons, who is not judged or with imputed values, selection
        with its stability, curves, guards, tuning and fusion (kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation import (
    comparisons,
    curves,
    exclusions,
    fusion,
    missing_values,
    performance,
)
from concord.evaluation.given import planned
from concord.evaluation.guards.tables import guards
from concord.evaluation.instability.selection_stability import selection_tables
from concord.evaluation.settings import Evaluate
from concord.folds import cohort
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def main(job) -> None:
    settings = jobs.settings(job, Evaluate)
    predictions, fits, coefficients, null = (
        tables.read_all(getattr(job.input, kind), kind)
        for kind in ("predictions", "fits", "coefficients", "null")
    )
    kind, options = OUTCOME_KINDS[settings.kind], settings.evaluation
    arms = sorted(set(predictions["arm"])), options.reference_arm, settings.arms
    pairs = comparisons.comparison_pairs(*arms, options.headline_arm)
    fits, widened = planned.fits_and_widening(predictions, fits, null)
    judged = predictions, fits, kind, options.confidence
    subjects = cohort.read(job.input.cohort)
    found = {
        "performance": performance.performance(*judged, widened),
        "comparisons": comparisons.comparisons(*judged, pairs, widened),
        "arm_exclusions": exclusions.arm_exclusions(predictions, fits, subjects),
        **selection_tables(coefficients, fits, options.confidence),
        "missing_values": missing_values.missing_values(predictions),
        **guards(subjects, fits, settings.arms, kind, settings.expected),
        **curves.curves(predictions, kind, options.confidence, null),
    }
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)
    tried = tables.read_all(job.input.tuning, "tuning")
    members = fusion.fusion(settings.arms, coefficients, predictions)
    write_if_asked(job, tuning=tried, fusion=members)


def write_if_asked(job, **found) -> None:
    for kind, table in found.items():
        for path in getattr(job.output, kind):  # one, or none
            tables.write(table, path, kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
