"""Rule calibrate: compare predicted probabilities with what was observed.

Reads   kinds "predictions" and, of an endpoint that declares horizons, "risks".
Writes  calibration, its curves, histograms of predictions, squared errors and, where
        groups are pooled, calibration over groups (table kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation.probabilities import (
    calibration_table,
    curves,
    judged,
    overall,
    pooled,
)
from concord.evaluation.probabilities.settings import Calibrate
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def main(job) -> None:
    settings = jobs.settings(job, Calibrate)
    predictions = tables.read_all(job.input.predictions, "predictions")
    risks = tables.read_all(job.input.risks, "risks")
    confidence, reference = settings.confidence, settings.reference_arm
    times = OUTCOME_KINDS[settings.kind].has_times
    parts = list(judged.parts(predictions, risks, times))
    found = calibration_table.calibration(parts, confidence)
    curved = curves.calibration_curves(parts, confidence)
    scores = overall.overall(parts, reference, confidence)
    tables.write(found, job.output.calibration, "calibration")
    tables.write(curved, job.output.calibration_curve, "calibration_curve")
    histograms = curves.histograms(parts)
    tables.write(histograms, job.output.calibration_histogram, "calibration_histogram")
    tables.write(scores, job.output.overall, "overall")
    for path in job.output.pooled_calibration:  # one, or none
        over_groups = pooled.pooled_calibration(found, confidence)
        tables.write(over_groups, path, "pooled_calibration")


if __name__ == "__main__":
    jobs.run(main, snakemake)
