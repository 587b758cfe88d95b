"""Rule discriminate: measure in detail how well all arms of an endpoint discriminate.

Reads   the predictions; the risks at declared days, and nulls that widen intervals, if
        the study has them.
Writes  operating points at thresholds chosen in development; AUC, partial AUC,
        C-indices and AUC at declared days, their differences to the reference arm, and
        the AUC over time (table kinds "operating_points", "discrimination",
        "discrimination_differences", "time_dependent_auc").
"""

from concord import jobs, tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.discrimination.operating_points import operating_points
from concord.evaluation.discrimination.over_time import over_time
from concord.evaluation.discrimination.settings import Discriminate
from concord.evaluation.discrimination.tables import Judge, discrimination
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def main(job) -> None:
    settings = jobs.settings(job, Discriminate)
    predictions, risks, null = (
        tables.read_all(getattr(job.input, kind), kind)
        for kind in ("predictions", "risks", "null")
    )
    options, kind = settings.evaluation, OUTCOME_KINDS[settings.kind]
    judge = Judge(
        kind,
        settings.options,
        tuple(sorted(set(settings.horizons))),
        options.confidence,
        Calibrations.of(null),
    )
    drawn = options.headline_arm, options.reference_arm
    found = {
        "operating_points": operating_points(
            predictions, risks, judge, settings.thresholds
        ),
        **discrimination(predictions, judge, options.reference_arm),
        "time_dependent_auc": over_time(predictions, judge, drawn),
    }
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
