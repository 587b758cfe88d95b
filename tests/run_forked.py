"""Jobs of a finished study, each run again in a process of its own: a program.

``python tests/run_forked.py JOBS`` reads pairs of a script and what Snakemake hands it
from a file that the tests pickled, and prints how each ended. The processes are copies
of one that has imported all libraries, which saves a second for each job.
"""

import os
import pickle
import runpy
import signal
import sys
import traceback
from pathlib import Path

#: Seconds that a job may take.
LONGEST_S = 120


def run(script: str, job: object) -> str:
    """How a job ends: done, failed, or killed by a signal."""
    child = os.fork()
    if child == 0:
        code = 1
        signal.alarm(LONGEST_S)
        try:
            runpy.run_path(script, {"snakemake": job}, "__main__")
            code = 0
        except BaseException:
            with open("forked.log", "a") as log:
                log.write(f"== {job.rule}\n{traceback.format_exc()}\n")
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    sys.stderr.write(f"{job.rule} {used.ru_utime + used.ru_stime:.1f}\n")
    return {0: "done", 1: "failed"}.get(code, f"killed {code}")


def main(jobs: str) -> None:
    from concord.features.engines import setup

    setup.require_engine()
    for name in ("models.fitting", "figures.catalogue", "report.page", "ingest.image"):
        __import__(f"concord.{name}")
    for script, job in pickle.loads(Path(jobs).read_bytes()):
        sys.stdout.write(f"{job.rule}\t{run(script, job)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
