"""Keyed hashes: identifiers that only the holder of a secret can recompute.

A plain hash of a patient number is no protection, because all numbers of a hospital can
be tried in seconds. The key comes from a file that never leaves the hospital. A study
without one takes its key from its seed: equal identifiers get equal hashes, but whoever
knows the seed can try all numbers.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

from ..errors import StudyError

#: A shorter secret could be tried out.
LEAST_BYTES = 32
#: Folders that leave the hospital, or may.
PUBLIC = ("results", "logs")

_KEY: ContextVar[bytes] = ContextVar("key", default=b"no study")


@contextmanager
def keyed(key: bytes) -> Iterator[None]:
    """Within this context, `keyed_hash` uses this key."""
    token = _KEY.set(key)
    try:
        yield
    finally:
        _KEY.reset(token)


def read_secret(file: str | Path) -> bytes:
    """The secret in a file, without white space at its ends.

    Raises
    ------
    StudyError
        If the file is absent, unreadable, too short, or in a folder of results.
    """
    path = Path(file).expanduser()
    make = (
        f"Make one with `(umask 077; openssl rand -hex 32 > {file})` and keep a copy "
        "where patient data are kept; without it no hash can be made again."
    )
    if any(path.resolve().is_relative_to(Path(name).resolve()) for name in PUBLIC):
        raise StudyError(
            f"{file} lies in a folder that may leave the hospital "
            f"({' or '.join(PUBLIC)}). Move it elsewhere."
        )
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise StudyError(
            f"the secret cannot be read ({type(error).__name__}). {make}"
        ) from None
    if len(secret) < LEAST_BYTES:
        raise StudyError(
            f"the secret has {len(secret)} bytes, expected {LEAST_BYTES} or more. "
            f"{make}"
        )
    return secret


def fingerprint(secret: bytes) -> str:
    """Text that tells two secrets apart; nothing of a secret can be learnt from it."""
    return hmac.new(secret, b"fingerprint", sha256).hexdigest()[:8]


def keyed_bytes(identifier: str, purpose: str) -> bytes:
    """HMAC-SHA256 of an identifier; other purposes give other hashes."""
    return hmac.digest(_KEY.get(), f"{purpose}\0{identifier}".encode(), "sha256")


def keyed_hash(identifier: str, purpose: str, length: int = 16) -> str:
    """The first `length` hex digits of the HMAC-SHA256 of an identifier."""
    return keyed_bytes(identifier, purpose).hex()[:length]
