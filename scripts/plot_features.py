"""Rule plot_features: draw the maps of features, and how far features repeat.

Reads   pictures of the maps of all chunks (JSON) and the stability of the features
        (kind "stability"), as far as the study has them.
Writes  figures of the maps and of the stability (SVG, PDF, PNG of each that it has).
"""

from concord import files, jobs, tables
from concord.figures import feature_maps, stability
from concord.figures.settings import PlotFeatures
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotFeatures)
    pictures = [one for path in job.input.pictures for one in files.read_json(path)]
    table = tables.read_all(job.input.stability, kind="stability")

    mapped = pictures, settings.radius_mm, settings.style
    write(job.output.feature_maps, feature_maps.draw, *mapped)
    judged = table, settings.threshold, settings.confidence, settings.style
    write(job.output.stability, stability.draw, *judged)


if __name__ == "__main__":
    jobs.run(main, snakemake)
