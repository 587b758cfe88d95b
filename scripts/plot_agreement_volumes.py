"""Rule plot_agreement_volumes: draw volumes by two readers, and Dice by volume.

Reads   the agreement of all images (kind "agreement").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import agreement_volumes, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    table = tables.read(job.input.agreement, kind="agreement")

    figure = agreement_volumes.draw(table, settings["headline"], looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
