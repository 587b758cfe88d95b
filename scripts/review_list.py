"""Rule review_list: list the cases in which readers agree worst with another one.

Reads   the agreement of all images (kinds "agreement" and "surface_dice") and the masks
        of all chunks (kind "masks").
Writes  the worst cases of each site, the worst first (table kind "review_list").
"""

from concord import jobs, tables
from concord.agreement import review
from concord.agreement.settings import ReviewList


def main(job) -> None:
    settings = jobs.settings(job, ReviewList)
    rows = review.review_list(
        tables.read(job.input.agreement, "agreement"),
        tables.read_all(job.input.masks, "masks"),
        settings.review,
        settings.headline,
        tables.read(job.input.surface_dice, "surface_dice"),
    )
    tables.write(rows, job.output.review, "review_list")


if __name__ == "__main__":
    jobs.run(main, snakemake)
