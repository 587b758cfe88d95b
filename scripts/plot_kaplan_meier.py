"""Rule plot_kaplan_meier: draw the survival of the predicted risk groups.

Reads   curves and sizes of the risk groups (kinds "kaplan_meier", "risk_groups").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import kaplan_meier, style
from concord.figures.settings import PlotKaplanMeier


def main(job) -> None:
    settings = jobs.settings(job, PlotKaplanMeier)
    curves = tables.read(job.input.kaplan_meier, kind="kaplan_meier")
    groups = tables.read(job.input.risk_groups, kind="risk_groups")

    figure = kaplan_meier.draw(curves, groups, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
