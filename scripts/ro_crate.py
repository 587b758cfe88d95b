"""Rule ro_crate: describe results, configuration, code and software as an RO-Crate.

Reads   the manifest of the results, the report (its time alone); settings and hashes of
        the sheets come with the job.
Writes  the crate's metadata (JSON-LD), its preview (HTML), and what it adds to the
        results: the workflow, the configuration, the hashes of inputs and code.
"""

from pathlib import Path

from concord import jobs, tables
from concord.provenance import SCRIPTS
from concord.report.sections import origin
from concord.report.sharing import crate
from concord.report.sharing.settings import PackCrate


def main(job) -> None:
    settings = jobs.settings(job, PackCrate)
    root = Path(job.output.metadata).parent.as_posix()
    snakefile = SCRIPTS.parent.joinpath("Snakefile").read_text(encoding="utf-8")
    crate.write_added(settings, snakefile, root)

    found = crate.crate(
        settings,
        tables.read(job.input.manifest, "manifest"),
        origin.software(),
        crate.ended_at(job.input.report),
        root,
    )
    crate.write(found, job.output.metadata, job.output.preview)


if __name__ == "__main__":
    jobs.run(main, snakemake)
