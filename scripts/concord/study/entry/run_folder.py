"""Folder of a study as a run finds it: nothing in it is taken for a program.

A folder with results may come from elsewhere, with what Snakemake and others keep there
or look for where they run.
"""

import os
from pathlib import Path

from ...config_faults import Fault, raise_config_faults
from ...privacy.own_folder import require_own, user_cache

#: Files of settings that libraries look for where they run, and who does.
SETTINGS = {".numba_config.yaml": "numba", "matplotlibrc": "matplotlib"}
#: What Snakemake keeps of a dry run as a pickle, which may hold any program, and reads
#: if it is told to by ``--trust-io-cache``.
PICKLED = Path(".snakemake", "iocache", "latest.pkl")


def make_safe(folder: str | Path = ".") -> None:
    """Have nothing that lies in the folder of a study executed.

    Scripts then import nothing from ``.snakemake/scripts``, nor processes of Snakemake
    from where they are started, and what it has pickled is removed.

    Raises
    ------
    ConfigError
        If the folder holds settings of a library, which change what it computes.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    Path(folder, PICKLED).unlink(missing_ok=True)
    raise_config_faults(
        [
            Fault(
                name,
                "",
                f"{library} would take its settings from this file in the folder of "
                "the study, so that results differ by where they are computed; move it",
            )
            for name, library in SETTINGS.items()
            if os.path.lexists(Path(folder, name))
        ]
    )


def environments() -> str:
    """Folder of conda environments of rules, this user's and outside of any study.

    Raises
    ------
    ConfigError
        If others could write to it.
    """
    folder = user_cache() / "conda"
    try:
        require_own(folder)
    except (OSError, RuntimeError) as error:
        fault = Fault(
            "--conda-prefix",
            "",
            f"environments of rules are kept in {folder}: {error}; or name another "
            "folder of your own by this option",
        )
        raise_config_faults([fault])
    return str(folder)
