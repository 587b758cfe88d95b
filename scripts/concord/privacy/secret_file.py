"""File of a secret: made once per site, checked whenever it is read.

A secret protects as long as nobody else can read, exchange or guess it.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from ..errors import StudyError
from . import randomness

#: A shorter secret could be tried out.
LEAST_BYTES = 32
#: Folders that leave the hospital, or may.
PUBLIC = ("results", "logs")
#: Where a secret is made if the configuration names no place.
DEFAULT_PLACE = "~/.concord_site/secret"
#: Command that makes one.
MAKE = "snakemake secret"

_LINE = "`privacy: {{secret_file: {}}}`"

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_KEEP = "Keep a copy with the patients' data; without it no hash can be made again."


def read_secret(file: str | Path) -> bytes:
    """The secret in a file, without white space at its ends.

    Raises
    ------
    StudyError
        If the file is absent, unreadable, too short, easily guessed, in a folder of
        results, or open to others.
    """
    path = Path(file).expanduser()
    _require_private(file, path)
    make = f"Make one with `{MAKE}`. {_KEEP}"
    try:
        found = path.read_bytes().strip()
    except OSError as error:
        raise StudyError(
            f"the secret cannot be read ({type(error).__name__}). {make}"
        ) from None
    if reason := _open_to_others(path):
        raise StudyError(reason)
    if len(found) < LEAST_BYTES:
        raise StudyError(
            f"the secret has {len(found)} bytes, expected {LEAST_BYTES} or more. "
            f"Move the file away. {make}"
        )
    if reason := randomness.weakness(found):
        raise StudyError(
            f"the secret can be guessed: {reason}. Expected are {LEAST_BYTES} bytes "
            f"drawn at random. Move the file away. {make}"
        )
    return found


def make_secret(file: str | Path | None) -> str:
    """Write a new secret of 32 random bytes in hex digits, for its owner alone.

    A secret that is there is kept, because without it no hash can be made again.

    Parameters
    ----------
    file : path, optional
        Where the configuration wants it; without it at `DEFAULT_PLACE`.

    Returns
    -------
    str
        What was done, and the line for a configuration that does not name the file.

    Raises
    ------
    StudyError
        If one is there that cannot be used, or others can read or exchange it.
    """
    named = DEFAULT_PLACE if file is None else str(file)
    path = Path(named).expanduser().absolute()
    _require_private(named, path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Made for its owner alone from the first moment on, whatever the umask says.
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        read_secret(path)
        done = f"A secret is there already and was left as it is: {path}."
    else:
        with os.fdopen(number, "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(LEAST_BYTES) + "\n")
        if reason := _open_to_others(path):
            path.unlink()
            raise StudyError(reason)
        done = f"A secret was made: {path}. {_KEEP}"
    line = "" if file is not None else f" In config.yaml: {_LINE.format(named)}"
    return f"{done}{line}\n"


def _require_private(file: str | Path, path: Path) -> None:
    """Raise StudyError if a path lies in a folder that may leave the hospital."""
    place = path.resolve()
    if any(place.is_relative_to(Path(name).resolve()) for name in PUBLIC):
        raise StudyError(
            f"{file} lies in a folder that may leave the hospital "
            f"({' or '.join(PUBLIC)}). Move it elsewhere."
        )


def _open_to_others(path: Path) -> str:
    """Reason why others could read or exchange a file; empty if they cannot."""
    place = path.resolve()
    mode = place.stat().st_mode
    if mode & _OTHERS:
        return (
            f"others can read or write the secret (mode {stat.S_IMODE(mode):04o}, "
            f"expected 0600). Close it with `chmod 600 {path}` and, if somebody may "
            f"have read it, move it away and make another with `{MAKE}`."
        )
    for folder in _exchangeable(place):
        return (
            f"others can write in {folder}, and so exchange the secret. Close the "
            f"folder with `chmod go-w {folder}`, or keep the secret elsewhere."
        )
    return ""


def _exchangeable(place: Path) -> Iterator[Path]:
    """Folders above a file in which others can put another one in its place.

    A folder farther up counts if everybody can write in it, unless its sticky bit
    keeps them from moving what is not theirs, as in /tmp.
    """
    if place.parent.stat().st_mode & _OTHERS_WRITE:
        yield place.parent
    for folder in place.parent.parents:
        mode = folder.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            yield folder
