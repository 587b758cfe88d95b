"""Rule plot_prediction_agreement: draw how far risks move with the reader.

Reads   the predictions by the segmentations of every reader (kind "reader_predictions")
        and their agreement (kind "prediction_agreement").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import style
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotHeadline


def main(job) -> None:
    settings = jobs.settings(job, PlotHeadline)
    predictions = tables.read_all(job.input.predictions, kind="reader_predictions")
    agreement = tables.read(job.input.agreement, kind="prediction_agreement")

    figure = prediction_agreement.draw(predictions, agreement, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
