"""Rule decide: what acting on the predictions of an endpoint is worth.

Reads   predictions of all arms and, of an outcome with times, their
        absolute risks; nulls of all arms, which widen the errors.
Writes  net benefit over a grid of thresholds, and what acting at declared thresholds
        does to 1000 patients (table kinds "decision_curve" and "clinical_impact").
"""

from concord import jobs, tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.utility.clinical_impact import clinical_impact
from concord.evaluation.utility.decision_curves import decision_curves
from concord.evaluation.utility.risk_rows import risk_rows
from concord.evaluation.utility.settings import Decide


def main(job) -> None:
    settings = jobs.settings(job, Decide)
    endpoint = job.wildcards.endpoint
    predictions = tables.read_all(job.input.predictions, "predictions")
    risks = tables.read_all(job.input.risks, "risks")
    rows = risk_rows(predictions, risks)
    widened = Calibrations.of(tables.read_all(job.input.null, "null"))
    asked = settings.probabilities, settings.confidence, widened
    found = {
        "decision_curve": decision_curves(
            rows, endpoint, settings.reference_arm, *asked
        ),
        "clinical_impact": clinical_impact(rows, endpoint, *asked),
    }
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
