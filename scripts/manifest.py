"""Rule manifest: list every result with its hash, its size and the rule that made it.

Reads   the records of the jobs, and every result that they tell of.
Writes  the manifest (table kind "manifest"), which `snakemake verify` compares.
"""

from concord import jobs, tables
from concord.report.sharing import manifest


def main(job) -> None:
    settings = jobs.settings(job, manifest.WriteManifest)
    rows = [vars(one) for one in manifest.listed(settings.targets)]
    tables.write(rows, job.output.manifest, "manifest")


if __name__ == "__main__":
    jobs.run(main, snakemake)
