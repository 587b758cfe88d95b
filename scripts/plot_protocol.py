"""Rule plot_protocol: draw how far each site conforms to the protocol.

Reads   the conformance by site and item (kind "protocol_summary").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import protocol, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    summary = tables.read(job.input.summary, kind="protocol_summary")

    figure = protocol.draw(summary, looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
