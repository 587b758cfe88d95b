"""Keyed hashes: identifiers that only the holder of a secret can recompute.

A plain hash of a patient number is no protection, because all numbers of a hospital can
be tried in seconds. The key comes from a file that never leaves the hospital
(`secret_file`). Of simulated and public data it may come from the seed of the study:
equal identifiers get equal hashes, but whoever knows the seed can try all numbers.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

from ..errors import MachineFault

_KEY: ContextVar[bytes | None] = ContextVar("key", default=b"no study")


@contextmanager
def keyed(key: bytes | None) -> Iterator[None]:
    """Within this context, `keyed_hash` uses this key, or refuses if there is none."""
    token = _KEY.set(key)
    try:
        yield
    finally:
        _KEY.reset(token)


def fingerprint(secret: bytes) -> str:
    """Text that tells two secrets apart; nothing of a secret can be learnt from it."""
    return hmac.new(secret, b"fingerprint", sha256).hexdigest()[:8]


def keyed_bytes(identifier: str, purpose: str) -> bytes:
    """HMAC-SHA256 of an identifier; other purposes give other hashes.

    Raises
    ------
    MachineFault
        If the study has no key, which excludes nobody but stops the job.
    """
    key = _KEY.get()
    if key is None:
        raise MachineFault(
            "privacy.secret_file is null, so an identifier of a patient's file cannot "
            "be hashed. Make a secret with `snakemake secret`, and name it there."
        )
    return hmac.digest(key, f"{purpose}\0{identifier}".encode(), "sha256")


def keyed_hash(identifier: str, purpose: str, length: int = 16) -> str:
    """The first `length` hex digits of the HMAC-SHA256 of an identifier."""
    return keyed_bytes(identifier, purpose).hex()[:length]
