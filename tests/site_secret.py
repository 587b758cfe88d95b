"""Secrets as `snakemake secret` makes them, the same ones in each run."""

from hashlib import sha256
from pathlib import Path


def write_secret(path: Path, name: str = "a site") -> bytes:
    """Write the secret of a site for its owner alone; others have other secrets."""
    found = sha256(name.encode()).hexdigest()
    path.write_text(f"{found}\n")
    path.chmod(0o600)
    return found.encode()
