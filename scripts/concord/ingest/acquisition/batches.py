"""A proposal of batches: images whose headers say that they were made alike.

No outcome and no feature is used. The proposal is made by hand-checkable steps:

1. Per image, facts that describe scanner and reconstruction are taken, numbers
   rounded to two digits. Facts that never vary, or that take more values than half of
   the subjects, tell no batches and are left out.
2. Images with equal facts form a group. A blank is a value of its own.
3. While a group has fewer subjects than asked for, the smallest joins the group whose
   facts differ least from its own, by weight; of equals, the largest. Groups of other
   manufacturers or field strengths are never joined.

References
----------
.. [1] Hubert, L., & Arabie, P. (1985). "Comparing partitions". J Classif, 2, 193-218.
       https://doi.org/10.1007/BF01908075
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...batch_labels import Spellings, is_unknown
from ...tables.acquisition_columns import ACQUISITION
from ..faults.rows import IMAGE_KEYS
from .drift import NOT_OF_THE_SCANNER
from .protocol import shown

#: Facts of each modality and how much a difference in them weighs. Pixel size is none
#: of them: it follows the field of view, which is chosen for the patient.
_DEVICE = {"Manufacturer": 8, "ManufacturersModelName": 4, "SoftwareVersions": 2}
FACTS: dict[str, dict[str, int]] = {
    "CT": _DEVICE
    | dict.fromkeys(["ContrastBolus", "ContrastBolusAgentPhase"], 2)
    | dict.fromkeys(["ConvolutionKernel", "FilterType", "KVP", "SliceThickness"], 1)
    | dict.fromkeys(["slice_spacing_mm", "IterativeReconstructionLevel"], 1),
    "MR": _DEVICE
    | {"MagneticFieldStrength": 8, "SequenceClass": 2, "ContrastBolus": 2}
    | dict.fromkeys(["ScanningSequence", "SequenceVariant", "MRAcquisitionType"], 1)
    | dict.fromkeys(["RepetitionTime", "EchoTime", "InversionTime", "FlipAngle"], 1)
    | dict.fromkeys(["SliceThickness", "slice_spacing_mm"], 1),
    "PT": _DEVICE
    | dict.fromkeys(["TracerRadionuclide", "ReconMethodName"], 2)
    | dict.fromkeys(["ReconIterations", "ReconSubsets", "ReconFilterType"], 1)
    | dict.fromkeys(["ReconFilterSize", "TimeOfFlight", "PointSpreadFunction"], 1)
    | dict.fromkeys(["slice_spacing_mm", "CorrectedImage"], 1),
}
#: Groups that differ in one of these are never joined.
NEVER_JOINED = ("Manufacturer", "MagneticFieldStrength")
#: Names of batches that come from the subjects sheet.
SITE = "site"

Facts = tuple[str, ...]


@dataclass
class _Group:
    """Images that are to be one batch; `facts` are those it began with."""

    facts: Facts
    rows: list[int]
    subjects: set[str]
    joined: list[Facts] = field(default_factory=list)


def members(acquisition: pd.DataFrame, least_subjects: int) -> pd.DataFrame:
    """The proposed batch of each image.

    Parameters
    ----------
    acquisition : DataFrame
        Table kind "acquisition".
    least_subjects : int
        Groups with fewer subjects join others where they can.

    Returns
    -------
    DataFrame
        Table kind "batch_members": batches are numbered by size, as CT-1.
    """
    labels = pd.Series(index=acquisition.index, dtype=object)
    combinations = labels.copy()
    for image, part in acquisition.groupby("image", sort=True):
        names, groups = _groups(part, least_subjects)
        order = sorted(groups, key=lambda g: (-len(g.rows), g.facts))
        for number, group in enumerate(order, 1):
            labels[group.rows] = f"{image}-{number}"
        combinations[part.index] = [
            "; ".join(f"{n} {v}" for n, v in zip(names, facts, strict=True))
            for facts in _facts(part, names)
        ]
    keys = acquisition[[*IMAGE_KEYS]]
    return keys.assign(batch=labels, combination=combinations)


def batches(
    acquisition: pd.DataFrame, proposed: pd.DataFrame, least_subjects: int
) -> list[dict[str, Any]]:
    """Size, defining facts and advice of each proposed batch.

    Parameters
    ----------
    acquisition, proposed : DataFrame
        Table kinds "acquisition" and "batch_members", rows in the same order.
    least_subjects : int
        Batches with fewer subjects come with advice.

    Returns
    -------
    list of dict
        Rows of table kind "batches".
    """
    found = []
    for image, part in acquisition.groupby("image", sort=True):
        labels = proposed.loc[part.index, "batch"]
        column, agreement = nearest_column(part, labels)
        names = varying_facts(part)
        for batch in sorted(labels.unique(), key=lambda b: int(b.rpartition("-")[2])):
            rows = part[labels == batch]
            n_subjects = rows["subject_id"].nunique()
            found.append(
                {
                    "image": image,
                    "batch": batch,
                    "facts": "; ".join(_described(rows, names)) or None,
                    "n_images": len(rows),
                    "n_subjects": n_subjects,
                    "sites": ", ".join(_counted(rows["site"])),
                    "n_combinations": proposed.loc[rows.index, "combination"].nunique(),
                    "column": column,
                    "agreement": agreement,
                    "advice": _advice(n_subjects, least_subjects, labels.nunique()),
                }
            )
    return found


def varying_facts(part: pd.DataFrame) -> list[str]:
    """Facts that vary between the scans of one image, but not from scan to scan."""
    weights = FACTS[part["modality"].iloc[0]]
    most = max(part["subject_id"].nunique() / 2, 2)
    counts = {name: _rounded(part[name]).nunique() for name in weights}
    return [name for name, count in counts.items() if 1 < count <= most]


def nearest_column(
    part: pd.DataFrame, labels: pd.Series
) -> tuple[str | None, float | None]:
    """The column whose values are most like the proposed batches, and how much.

    Returns
    -------
    tuple of str and float
        Site or a column of the acquisition table, and the adjusted Rand index (1:
        the same batches); None and None if there is only one batch.
    """
    if labels.nunique() < 2:
        return None, None
    known = [SITE, *(name for name in ACQUISITION if name not in NOT_OF_THE_SCANNER)]
    scores = {
        name: adjusted_rand_index(_rounded(part[name]).tolist(), labels.tolist())
        for name in known
    }
    best = max(scores, key=lambda name: scores[name])
    return best, scores[best]


def adjusted_rand_index(a: Sequence[str], b: Sequence[str]) -> float:
    """Agreement of two groupings of the same items, corrected for chance [1]_."""
    pairs, n_a, n_b = Counter(zip(a, b, strict=True)), Counter(a), Counter(b)
    together = sum(_pairs(count) for count in pairs.values())
    in_a, in_b = (sum(_pairs(c) for c in counts.values()) for counts in (n_a, n_b))
    expected = in_a * in_b / _pairs(len(a)) if len(a) > 1 else 0.0
    largest = (in_a + in_b) / 2
    return 1.0 if largest == expected else (together - expected) / (largest - expected)


def _groups(part: pd.DataFrame, least_subjects: int) -> tuple[list[str], list[_Group]]:
    """The facts that tell groups, and the groups after joining small ones."""
    names = varying_facts(part)
    groups: dict[Facts, _Group] = {}
    for row, subject, facts in zip(
        part.index, part["subject_id"], _facts(part, names), strict=True
    ):
        group = groups.setdefault(facts, _Group(facts, [], set()))
        group.rows.append(row)
        group.subjects.add(subject)
    facts_of = FACTS[part["modality"].iloc[0]]
    weights = np.array([facts_of[name] for name in names], dtype=float)
    barriers = np.array([name in NEVER_JOINED for name in names], dtype=bool)
    return names, _joined(list(groups.values()), weights, barriers, least_subjects)


def _joined(
    groups: list[_Group], weights: np.ndarray, barriers: np.ndarray, least: int
) -> list[_Group]:
    """Groups after each small one has joined its nearest, as far as it may."""
    alone: set[Facts] = set()
    while True:
        small = [g for g in groups if len(g.subjects) < least and g.facts not in alone]
        if not small:
            return groups
        group = min(small, key=lambda g: (len(g.subjects), g.facts))
        near = _nearest(group, groups, weights, barriers)
        if near is None:
            alone.add(group.facts)
            continue
        near.rows += group.rows
        near.subjects |= group.subjects
        groups.remove(group)


def _nearest(
    group: _Group, groups: list[_Group], weights: np.ndarray, barriers: np.ndarray
) -> _Group | None:
    best: tuple[float, int, Facts] | None = None
    found = None
    for other in groups:
        differ = np.array(
            [a != b for a, b in zip(group.facts, other.facts, strict=True)], dtype=bool
        )
        if other is group or (differ & barriers).any():
            continue
        key = (float(weights[differ].sum()), -len(other.subjects), other.facts)
        if best is None or key < best:
            best, found = key, other
    return found


def _facts(part: pd.DataFrame, names: Sequence[str]) -> list[Facts]:
    """Values of some facts as texts, one tuple per image."""
    columns = [_rounded(part[name]).tolist() for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * len(part)


def _rounded(values: pd.Series) -> pd.Series:
    """Values as texts in one spelling, numbers with two digits, or `blank`."""
    texts = [
        "blank"
        if pd.isna(v)
        else f"{float(f'{v:.2g}'):g}"
        if isinstance(v, float)
        else shown(v)
        for v in values.tolist()
    ]
    one = Spellings.of(texts, safe=False)
    labels = [text if is_unknown(text) else one.label(text) for text in texts]
    return pd.Series(labels, index=values.index, dtype=object)


def _described(rows: pd.DataFrame, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        values = list(_counted(_rounded(rows[name])))
        single = (
            values[0].rpartition(" (")[0] if len(values) == 1 else ", ".join(values)
        )
        yield f"{name} {single}"


def _counted(values: pd.Series) -> Iterator[str]:
    """Values with their counts, the commonest first."""
    counts = Counter(values.astype(str))
    for value, count in sorted(counts.items(), key=lambda v: (-v[1], v[0])):
        yield f"{value} ({count})"


def _advice(n_subjects: int, least_subjects: int, n_batches: int) -> str | None:
    if n_batches == 1:
        return "one batch: the headers give no reason to harmonize"
    if n_subjects >= least_subjects:
        return None
    noun = "subject" if n_subjects == 1 else "subjects"
    return (
        f"{n_subjects} {noun}, fewer than harmonization.min_batch_size "
        f"({least_subjects}): would count as unseen; pool it with a batch of like "
        "scanners, or leave it out"
    )


def _pairs(n: int) -> float:
    return n * (n - 1) / 2
