"""How a runner is timed: the same code in each environment (Python 3.9 or later).

A runner gets a job as JSON and leaves its result as JSON in the file that the job
names; what the tools print does not matter.
"""

import json
import re
import sys
import time
from pathlib import Path


def run(extract) -> None:
    """Do the job `repeats` times and write seconds, memory and the last values.

    ``process_s`` is the CPU time of the process until its first table is there, with
    starting Python and importing the tool; ``steady_s`` the least of the later ones.
    """
    job = json.loads(sys.argv[1])
    values, seconds = {}, []
    for number in range(job["repeats"]):
        start = 0.0 if number == 0 else time.process_time()
        values = extract(job, number)
        seconds.append(time.process_time() - start)
    result = {
        "process_s": seconds[0],
        "steady_s": min(seconds[1:], default=None),
        "peak_mb": peak_mb(),
        "values": values,
    }
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


def peak_mb() -> float:
    """Largest resident memory of this process; what its parent held does not count."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
