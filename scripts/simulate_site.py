"""Rule simulate_site: write the DICOM of one site of the demo study.

Reads   nothing but its settings.
Writes  a folder of CT, PET and RTSTRUCT files, and what was planted in them (table
        kind "truth").
"""

from concord import files, jobs, tables
from concord.simulate.settings import SimulateSite
from concord.simulate.site import write_site


def main(job) -> None:
    settings = jobs.settings(job, SimulateSite)
    with files.whole_folder(job.output.dicom) as folder:
        truth = write_site(folder, settings.simulation, settings.site, settings.seed)
    tables.write(truth, job.output.truth, "truth")


if __name__ == "__main__":
    jobs.run(main, snakemake)
