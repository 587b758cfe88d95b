"""Rule added_value: what each arm adds to the reference arm and to the clinical one.

Reads   predictions of all arms and, of an outcome with times, their
        absolute risks; comparisons of arms; their nulls, which widen the errors.
Writes  likelihood ratio, new information, difference of discrimination, IDI and NRI
        of every pair of arms, and the risks of each subject by the headline and the
        reference arm (table kinds "added_value" and "reclassification").
"""

from concord import jobs, tables
from concord.evaluation.added_value.added_value import added_value
from concord.evaluation.added_value.settings import AddedValue
from concord.evaluation.added_value.subject_risks import subject_risks
from concord.evaluation.calibration import Calibrations
from concord.evaluation.utility.risk_rows import risk_rows


def main(job) -> None:
    settings = jobs.settings(job, AddedValue)
    predictions = tables.read_all(job.input.predictions, "predictions")
    risks = tables.read_all(job.input.risks, "risks")
    rows = risk_rows(predictions, risks)
    judged = settings.evaluation
    table = added_value(
        predictions,
        rows,
        tables.read_all(job.input.comparisons, "comparisons"),
        settings.pairs(sorted(set(predictions["arm"]))),
        settings.probabilities,
        judged.confidence,
        Calibrations.of(tables.read_all(job.input.null, "null")),
        settings.ties,
    )
    tables.write(table, job.output.added_value, "added_value")
    arms = job.wildcards.endpoint, judged.headline_arm, judged.reference_arm
    moved = subject_risks(rows, *arms)
    tables.write(moved, job.output.reclassification, "reclassification")


if __name__ == "__main__":
    jobs.run(main, snakemake)
