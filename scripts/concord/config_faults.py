"""Faults of the study's input, gathered so that all are shown at once."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from .errors import ConfigError
from .file_names import on_one_line


class Fault(NamedTuple):
    """One thing to repair: the file, the key or cell in it, and what is wrong."""

    where: str
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.where}: {self.key}" if self.key else self.where
        return on_one_line(f"{place}: {self.message}")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the known names nearest to a wrong one, to end a message with."""
    known = sorted(known)
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(known)}" if known else ""


def raise_config_faults(faults: list[Fault]) -> None:
    """Raise ConfigError with one line per fault, if there is any."""
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = [f"  {fault}" for fault in dict.fromkeys(faults)]
        raise ConfigError(
            "\n".join([f"The study cannot start, {count} to repair:", *lines])
        )
