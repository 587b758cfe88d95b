"""Rule plot_kaplan_meier: draw the survival of the predicted risk groups.

Reads   predictions of the headline arm (kind "predictions").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import kaplan_meier, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    predictions = tables.read_all(job.input.predictions, kind="predictions")

    figure = kaplan_meier.draw(predictions, settings, looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
