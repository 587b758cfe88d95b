"""Rule plot_site_effect: draw what harmonization leaves of the site effect.

Reads   kinds "site_effect" and "batch_prediction".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import site_effect, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    effect = tables.read(job.input.site_effect, kind="site_effect")
    prediction = tables.read(job.input.batch_prediction, kind="batch_prediction")

    figure = site_effect.draw(effect, prediction, looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
