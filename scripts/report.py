"""Rule report: write the study as one HTML page that needs nothing else.

Reads   the cohort, every table of results (their kinds), the figures (SVG).
Writes  the report (HTML); where frozen models are judged, their external validation
        alone as well.
"""

from concord import files, jobs
from concord.report import external_page, page
from concord.report.settings import Report


def main(job) -> None:
    settings = jobs.settings(job, Report)
    paths = dict(job.input.items())

    html = page.build(paths, settings)
    files.write_text(html, job.output.report)
    for path in job.output.external:  # one, or none
        files.write_text(external_page.build(paths, settings), path)


if __name__ == "__main__":
    jobs.run(main, snakemake)
