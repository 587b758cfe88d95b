"""Keep a rule's environment to itself."""

import sys
from pathlib import Path


def isolate() -> None:
    """Remove site-packages of other Python installations from `sys.path`.

    Snakemake appends its own site-packages to the path of every script, so a
    package that is missing from the rule's environment would be found there
    and the environment file would look sufficient when it is not.
    """
    own = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    sys.path[:] = [entry for entry in sys.path if not _is_foreign(entry, own)]


def _is_foreign(entry: str, own: set[Path]) -> bool:
    path = Path(entry)
    if path.name not in {"site-packages", "dist-packages"}:
        return False
    return not own.intersection(path.resolve().parents)
