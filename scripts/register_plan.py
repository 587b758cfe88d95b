"""Rule register_plan: write the plan of the analysis before its answer.

Reads   the feature matrix and the tables of folds that see no outcome; settings, hashes
        of sheets without outcomes and of code come with the job.
Writes  the registration (JSON), to which a version is added if the plan is another one
        than the last, and a readable page of it (Markdown).
"""

from concord import files, jobs
from concord.report.registration import content, page, versions, words
from concord.report.registration.settings import RegisterPlan
from concord.report.sections import origin


def main(job) -> None:
    settings = jobs.settings(job, RegisterPlan)
    found = versions.register(
        job.output.registration,
        content.content_of(settings, job.input.features, job.input.folds),
        words.paragraphs(settings.explained),
        origin.software(),
    )
    text = page.page(settings.explained.study.name, found)
    files.write_text(text, job.output.page)


if __name__ == "__main__":
    jobs.run(main, snakemake)
