"""Subjects of one patient, and images that stand under several subjects."""

from collections.abc import Iterator

import pandas as pd

from ...folds.declared_splits import NEITHER
from ...ingest.faults.same_images import CODE
from .. import numbers as n
from ..results import Results

_MAX_SHOWN = 10


def cluster_sentences(results: Results) -> Iterator[str]:
    """Clusters of the study, and whom a left-out group takes with it; none if none."""
    sizes = results.cohort["cluster"].value_counts()
    if len(sizes) == len(results.cohort):
        return
    yield (
        f"The {n.plural(len(results.cohort), 'subject')} belong to "
        f"{n.plural(len(sizes), 'cluster')} (such as the patient of several lesions), "
        f"of up to {sizes.max()}; no cluster was in development and evaluation of one "
        "fold."
    )
    beside = results["folds"].query("role == @NEITHER", local_dict={"NEITHER": NEITHER})
    if len(beside):
        folds = beside.groupby("fold")["subject_id"].nunique()
        told = n.listed([f"{count} without {name}" for name, count in folds.items()])
        yield (
            "With a group left out, subjects of other groups that share a cluster with "
            f"one of its subjects were neither learnt from nor judged: {told}."
        )


def same_image_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Banner on images of several subjects that are equal to the last voxel."""
    found = results["ingest_report"]
    rows = found[found["code"] == CODE]
    named = [_pair(row) for _, row in rows.iterrows()]
    pairs = sorted({pair for pair in named if pair[0] != pair[1]})
    if not pairs:
        return
    shown = n.listed([f"{a} and {b}" for a, b in pairs[:_MAX_SHOWN]])
    more = f" and {len(pairs) - _MAX_SHOWN} more" * (len(pairs) > _MAX_SHOWN)
    yield (
        "One image under two subjects",
        f"Images of {shown}{more} are equal to the last voxel: one patient seems to "
        "stand under two ids. What is learnt of one is then asked of the other; read "
        "the notes on the images (SAME_IMAGE) and correct the sheets.",
    )


def _pair(row: pd.Series) -> tuple[str, str]:
    """The subject of a note and the first other one that it names, sorted."""
    names = row["text"].removeprefix("all voxels and the grid are those of ")
    others = [place.split()[0] for place in names.split(". ")[0].split("; ")]
    own = str(row["subject_id"])
    other = next((name for name in others if name != own), own)
    return min(own, other), max(own, other)
