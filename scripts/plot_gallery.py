"""Rule plot_gallery: draw the cases in which readers agree worst.

Reads   the tiles of these cases (JSON).
Writes  the figure (SVG, PDF, PNG).
"""

from concord import files, jobs
from concord.figures import style
from concord.figures.readers import gallery
from concord.figures.settings import FigureSettings


def main(job) -> None:
    settings = jobs.settings(job, FigureSettings)

    figure = gallery.draw(files.read_json(job.input.tiles), settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
