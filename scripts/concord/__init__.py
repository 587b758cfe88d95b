"""Measurements and models of a multi-site imaging study; knows nothing of Snakemake."""

from .isolation import isolate

__version__ = "0.3.0"

isolate()
