"""Faults of arms that need repeated measurements which the study has not."""

from collections.abc import Iterator

from .config import StudyConfig
from .sheets import Sheet


def repeat_faults(
    config: StudyConfig, images: Sheet, masks: Sheet
) -> Iterator[tuple[str, str]]:
    """Arms that keep the most repeatable feature where nothing is repeated.

    Parameters
    ----------
    config : StudyConfig
    images, masks : Sheet
        Empty if the study starts from a table of features.

    Yields
    ------
    key, message : str
    """
    lacking = _lacking(config, images, masks)
    for name, arm in config.arms.items():
        if lacking and arm.features and arm.representative == "icc":
            yield (
                f"arms.{name}.representative",
                f"is 'icc', but the study repeats no measurement: {lacking}; or choose "
                "'central'",
            )


def _lacking(config: StudyConfig, images: Sheet, masks: Sheet) -> str:
    """Measurements that could be added; empty if some are there."""
    table = config.feature_table
    if table is not None:
        needed = "name feature_table.session_column or feature_table.reader_column"
        return "" if table.repeats else needed
    stability = config.stability
    axes, retests = set(stability.filter_axes), set(stability.retest_sessions)
    readers = {row["reader"] for row in masks.rows}
    sessions = {row["session"] for row in images.rows}
    if "reader" in axes and len(readers) > 1:
        return ""
    if "retest" in axes and sessions & retests:
        return ""
    if config.variants is not None and axes - {"reader", "retest"}:
        return ""
    return (
        f"readers are {sorted(readers)}, sessions {sorted(sessions)}; add, along one "
        f"of stability.filter_axes ({', '.join(stability.filter_axes)}), masks of a "
        "second reader, a session of stability.retest_sessions, or variants"
    )
