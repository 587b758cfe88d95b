"""Rule plot_feature_maps: draw the maps of features beside the images.

Reads   pictures of the maps of all chunks (JSON).
Writes  the figure (SVG, PDF, PNG).
"""

from concord import files, jobs
from concord.figures import feature_maps, style
from concord.figures.settings import PlotFeatureMaps


def main(job) -> None:
    settings = jobs.settings(job, PlotFeatureMaps)

    pictures = [one for path in job.input.pictures for one in files.read_json(path)]
    figure = feature_maps.draw(pictures, settings.radius_mm, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
