"""Rule plot_gallery: draw the cases in which readers agree worst.

Reads   the tiles of these cases (JSON).
Writes  the figure (SVG, PDF, PNG).
"""

from concord import files, jobs
from concord.figures import gallery, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])

    figure = gallery.draw(files.read_json(job.input.tiles), looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
