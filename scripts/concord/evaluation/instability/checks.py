"""Faults of the instability that a study asks for."""

from collections.abc import Iterator
from typing import Any

from ...config_faults import nearest


def instability_faults(config: Any) -> Iterator[tuple[str, str]]:
    """Arms that are none, and more samples than are drawn, as (key, message).

    Parameters
    ----------
    config : StudyConfig
        The whole configuration.
    """
    asked, drawn = config.evaluation.instability, config.validation.bootstrap
    for name in asked.arms:
        if name not in config.arms:
            yield (
                "evaluation.instability.arms",
                f"{name!r} is none of the arms{nearest(name, config.arms)}",
            )
    if 0 < drawn < asked.samples:
        yield (
            "evaluation.instability.samples",
            f"is {asked.samples}, but validation.bootstrap draws {drawn} samples, "
            f"which both use; expected at most {drawn}, or a larger "
            "validation.bootstrap",
        )
