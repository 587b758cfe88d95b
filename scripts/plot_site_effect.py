"""Rule plot_site_effect: draw what harmonization leaves of the site effect.

Reads   kinds "site_effect" and "batch_prediction".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import site_effect, style
from concord.figures.settings import FigureSettings


def main(job) -> None:
    settings = jobs.settings(job, FigureSettings)
    effect = tables.read(job.input.site_effect, kind="site_effect")
    prediction = tables.read(job.input.batch_prediction, kind="batch_prediction")

    figure = site_effect.draw(effect, prediction, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
