"""Rule plot_site_effect: draw what harmonization leaves of the site effect.

Reads   kinds "site_effect" and "site_predictability".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import site_effect, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    effect = tables.read(job.input.site_effect, kind="site_effect")
    predictability = tables.read(
        job.input.site_predictability, kind="site_predictability"
    )

    figure = site_effect.draw(effect, predictability, looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
