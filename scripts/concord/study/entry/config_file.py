"""The file of a configuration, read as data before any other program reads it.

Snakemake executes Python in a configuration whose top level holds ``__use_yte__``, at a
dry run already. So the file is read here first, and such a key is refused.
"""

from pathlib import Path
from typing import Any

from ...config_faults import Fault, raise_config_faults
from ...tables.yaml_text import read_settings_file

#: Keys that have Snakemake's template engine execute what stands in the file.
EXECUTED = ("__use_yte__", "__variables__", "__definitions__")


def read_config(path: str | Path) -> dict[str, Any]:
    """The configuration of a file, as data.

    Raises
    ------
    ConfigError
        If it cannot be read, is no mapping, holds a key that has something executed,
        or what `tables.yaml_text` refuses, such as references that fill the memory.
    """
    found = read_settings_file(path)
    if not isinstance(found, dict):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        fault = Fault(str(path), "", f"holds {kind}, expected keys with their values")
        raise_config_faults([fault])
    raise_config_faults(
        [
            Fault(
                str(path),
                key,
                "has Snakemake execute what stands in this file; a study needs no such "
                "key: remove it, and look at who wrote it",
            )
            for key in EXECUTED
            if key in found
        ]
    )
    return dict(found)
