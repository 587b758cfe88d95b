"""Rule plot_protocol: draw how far each site conforms to the protocol.

Reads   the conformance by site and item (kind "protocol_summary").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import protocol, style
from concord.figures.settings import FigureSettings


def main(job) -> None:
    settings = jobs.settings(job, FigureSettings)
    summary = tables.read(job.input.protocol_summary, kind="protocol_summary")

    style.write(job.output.protocol, protocol.draw, summary, settings.style)


if __name__ == "__main__":
    jobs.run(main, snakemake)
