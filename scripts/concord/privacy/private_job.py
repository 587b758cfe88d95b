"""Runner of scripts that read patients' files: keyed, and discreet about failures."""

from collections.abc import Callable
from typing import Any

from .. import jobs
from . import discretion, secret
from .settings import PrivateSettings, of_data


def run(main: Callable[[Any], None], job: Any, kind: type[PrivateSettings]) -> None:
    """Like `jobs.run`, with the key of the study and without foreign texts.

    Parameters
    ----------
    main : callable
        Takes the job.
    job
        What Snakemake gives to a script.
    kind : type of PrivateSettings
        Settings of the rule.
    """

    def keyed_main(job: Any) -> None:
        privacy = jobs.settings(job, kind).privacy
        with secret.keyed(privacy.key()), of_data(privacy.data):
            main(job)

    discretion.run(keyed_main, job)
