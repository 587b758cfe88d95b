"""Rule plot_readers: draw how well readers agree, and where they agree worst.

Reads   the agreement of all images (kind "agreement"); where there are several readers,
        the tiles of the worst cases (JSON).
Writes  figures of agreement by site, between readers and by volume, and the gallery of
        the worst cases (SVG, PDF, PNG of each that the study has).
"""

from concord import files, jobs, tables
from concord.figures.readers import (
    agreement,
    agreement_matrix,
    agreement_volumes,
    gallery,
)
from concord.figures.settings import PlotReaders
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotReaders)
    table = tables.read(job.input.agreement, kind="agreement")
    tiles = [tile for path in job.input.tiles for tile in files.read_json(path)]

    compared = table, settings.headline, settings.style
    write(job.output.agreement, agreement.draw, *compared)
    write(job.output.agreement_matrix, agreement_matrix.draw, *compared)
    write(job.output.agreement_volumes, agreement_volumes.draw, *compared)
    write(job.output.gallery, gallery.draw, tiles, settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
