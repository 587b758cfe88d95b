"""Faults between the sheets: what one has and another lacks."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..config_faults import Fault, nearest
from ..features.settings.regions import region_faults
from ..ingest import roi_names
from ..readers import CONSENSUS
from ..subject_ids import look_of
from ..tables.outside import several
from .config import StudyConfig
from .consensus import consensus_faults, named_readers, segmented_regions
from .sheets import BACKENDS, IMAGE_KEY, Sheet

#: Faults of one kind that are told one by one; more are counted in one.
_MOST = 3


def membership_faults(
    config: StudyConfig, subjects: Sheet, images: Sheet, masks: Sheet
) -> list[Fault]:
    """Subjects without images and the reverse, masks without image, backends.

    Where the subjects sheet names no subject, which is a fault of its own, images and
    masks are not compared with it: each row of them would only repeat that fault.
    """
    compares = (
        bool(subjects.rows) and config.sheets.subject_id_column in subjects.rows[0]
    )
    return [
        *(_subject_faults(config, subjects, images, masks) if compares else ()),
        *_orphan_faults(images, masks),
        *_backend_faults(images),
        *consensus_faults(config, masks),
        *_vocabulary_faults(config, images, masks),
        *_pattern_faults(config, masks),
        *_roi_name_faults(config, subjects, masks),
    ]


def _roi_name_faults(
    config: StudyConfig, subjects: Sheet, masks: Sheet
) -> Iterator[Fault]:
    column = config.sheets.site_column
    sites = {row.get(column, "") for row in subjects.rows} if column else set()
    sites |= {config.sheets.site} if config.sheets.site else set()
    regions = {row["region"] for row in masks.rows}
    return roi_names.name_faults(config.ingest.roi_names, regions, sites)


def _subject_faults(
    config: StudyConfig, subjects: Sheet, images: Sheet, masks: Sheet
) -> Iterator[Fault]:
    column = config.sheets.subject_id_column
    known = {row.get(column, "") for row in subjects.rows}
    for sheet in (images, masks):
        strangers = sorted({row["subject_id"] for row in sheet.rows} - known)
        yield from _of_each(
            sheet.path,
            strangers,
            ("is", "are", f"not in {subjects.path}"),
            _alike(strangers, known),
        )
    if config.model is not None:
        # Frozen models tell of each subject why it has no score.
        return
    without = sorted(known - {row["subject_id"] for row in images.rows})
    yield from _of_each(
        subjects.path, without, ("has", "have", f"no image in {images.path}")
    )


def _of_each(
    path: Path | str, names: list[str], message: tuple[str, str, str], hint: str = ""
) -> Iterator[Fault]:
    """A fault for each subject or, of many, one that counts them."""
    one, many, what = message
    if len(names) > _MOST:
        yield Fault(
            str(path),
            "subjects",
            f"{len(names)} {many} {what}: {several(names)}{hint}; correct the ids, or "
            "list who is not meant in sheets.leave_out",
        )
        return
    for name in names:
        yield Fault(str(path), name, f"this subject {one} {what}{hint}")


def _alike(strangers: list[str], known: set[str]) -> str:
    """A hint at an id that differs from a known one in leading zeros or case."""
    by_look = {look_of(name): name for name in sorted(known)}
    for name in strangers:
        if name and look_of(name) in by_look:
            return f"; {name!r} may be {by_look[look_of(name)]!r}, write both alike"
    return ""


def _orphan_faults(images: Sheet, masks: Sheet) -> Iterator[Fault]:
    present = {tuple(row[key] for key in IMAGE_KEY) for row in images.rows}
    for row in masks.rows:
        if row.get("segmented_on"):
            continue
        key = tuple(row[name] for name in IMAGE_KEY)
        if key not in present:
            yield Fault(
                str(masks.path),
                ", ".join(key),
                f"mask without image; {images.path} has no such row",
            )


def _backend_faults(images: Sheet) -> Iterator[Fault]:
    for backend in sorted({row.get("backend", "") for row in images.rows}):
        if backend not in BACKENDS:
            known = " or ".join(repr(name) for name in BACKENDS)
            yield Fault(
                str(images.path), "backend", f"is {backend!r}, expected {known}"
            )


def _vocabulary_faults(
    config: StudyConfig, images: Sheet, masks: Sheet
) -> Iterator[Fault]:
    """A baseline session or a reader that no row has, and faults of regions."""
    yield from _region_faults(config, masks)
    wanted = [
        ("session", config.study.baseline_session, "study.baseline_session", images),
        ("reader", config.study.reference_reader, "study.reference_reader", masks),
    ]
    for column, value, key, sheet in wanted:
        present = {row[column] for row in sheet.rows}
        if column == "reader" and segmented_regions(config, masks, CONSENSUS):
            present.add(CONSENSUS)
        if value not in present:
            yield Fault(
                str(sheet.path),
                column,
                f"no row has {value!r}, which {key} asks for{nearest(value, present)}",
            )
    readers = {row["reader"] for row in masks.rows} | {CONSENSUS}
    for key, name in named_readers(config):
        if name not in readers:
            hint = nearest(name, readers)
            yield Fault(key, name, f"is no reader of {masks.path}{hint}")


def _region_faults(config: StudyConfig, masks: Sheet) -> Iterator[Fault]:
    """Regions that cannot be derived or checked, because no row has them."""
    regions = {row["region"] for row in masks.rows}
    where = str(config.sheets.masks)
    yield from (
        Fault(where, *fault) for fault in region_faults(config.regions, regions)
    )
    for region in sorted(set(config.ingest.mask_checks.plausible_ml) - regions):
        hint = nearest(region, regions)
        yield Fault(
            f"ingest.mask_checks.plausible_ml.{region}",
            "",
            f"is no region of {masks.path}{hint}",
        )


def _pattern_faults(config: StudyConfig, masks: Sheet) -> Iterator[Fault]:
    """Feature patterns whose image and region the reference reader never segmented."""
    segmented = segmented_regions(config, masks, config.study.reference_reader)
    prefixes = {f"{image}.{region}." for image, region in segmented}
    prefixes |= {f"{m}.{name}." for m, _ in segmented for name in config.regions}
    for name, arm in config.arms.items():
        for pattern in arm.features:
            # What stands before the first wildcard must fit the start of a name.
            fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
            if not any(
                known.startswith(fixed) or fixed.startswith(known) for known in prefixes
            ):
                segmentations = ", ".join(sorted(known[:-1] for known in prefixes))
                yield Fault(
                    str(masks.path),
                    "region",
                    f"no segmentation fits {pattern!r} of arms.{name}.features; "
                    f"segmentations of the reference reader: {segmentations}",
                )


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
    lacking = _lacking_repeats(config, images, masks)
    for name, arm in config.arms.items():
        if lacking and arm.features and arm.representative == "icc":
            yield (
                f"arms.{name}.representative",
                f"is 'icc', but the study repeats no measurement: {lacking}; or choose "
                "'central'",
            )


def _lacking_repeats(config: StudyConfig, images: Sheet, masks: Sheet) -> str:
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
