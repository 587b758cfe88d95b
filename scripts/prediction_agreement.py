"""Rule prediction_agreement: report how far predictions depend on the reader.

Reads   the predictions by the segmentations of every reader (kind "reader_predictions")
        and the fits of these arms (kind "fits").
Writes  agreement with the reference reader (table kind "prediction_agreement").
"""

from concord import jobs, tables
from concord.evaluation import reader_agreement
from concord.evaluation.settings import PredictionAgreement
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def main(job) -> None:
    settings = jobs.settings(job, PredictionAgreement)
    rows = reader_agreement.prediction_agreement(
        tables.read_all(job.input.predictions, "reader_predictions"),
        tables.read_all(job.input.fits, "fits"),
        settings.reference_reader,
        OUTCOME_KINDS[settings.kind],
        settings.confidence,
    )
    tables.write(rows, job.output.agreement, "prediction_agreement")


if __name__ == "__main__":
    jobs.run(main, snakemake)
