"""Rule verify: check every result that the report and the models were made from.

Reads   the records of the jobs and the manifest, and every file that they tell of.
Writes  what is not as its job wrote it (table kind "verification"; it stays if the
        rule fails, which it does if there is a row), and how many files were checked.
"""

from concord import files, jobs, records, tables
from concord.records import Verify
from concord.report.sharing.manifest import with_manifest


def main(job) -> None:
    checked = with_manifest(records.check(jobs.settings(job, Verify).targets))
    rows = [vars(one) for one in checked.departures]
    tables.write(rows, records.VERIFICATION, "verification")
    records.require_as_recorded(checked)
    files.write_text(f"{checked.n_files} files\n", job.output.verified)


if __name__ == "__main__":
    jobs.run(main, snakemake)
