"""Rule plot_site_effect: draw what harmonization leaves of the site effect.

Reads   kinds "site_effect" and "site_predictability".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import site_effect, style
from concord.figures.settings import FigureSettings


def main(job) -> None:
    settings = jobs.settings(job, FigureSettings)
    effect = tables.read(job.input.site_effect, kind="site_effect")
    predictability = tables.read(
        job.input.site_predictability, kind="site_predictability"
    )

    figure = site_effect.draw(effect, predictability, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
