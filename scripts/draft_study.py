"""Rule draft_study: draft the configuration and the sheets of a new study.

Reads   the drafts of the sheets of images and masks, which patient each id stands for
        (table kinds "images_sheet", "masks_sheet", "linkage"), the series of all roots
        (table kind "series"), and the clinical table; or NIfTI files by their names, or
        a table of features.
Writes  the configuration, its sheets and what is left to answer; copies them to the
        folder of the configuration, if none of them is there.
"""

from pathlib import Path

from concord import jobs
from concord.draft import writing
from concord.draft.settings import DraftStudy
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, DraftStudy)
    draft = writing.draft_of(settings, job.input)
    writing.write(draft, Path(job.output.folder), job.output.told)


if __name__ == "__main__":
    private_job.run(main, snakemake, DraftStudy)
