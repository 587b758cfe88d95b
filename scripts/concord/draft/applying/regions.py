"""Regions of a frozen model among the segmentations that were found in folders.

A region of the model is the ROI of its name; else the only region of the image, or the
only one that is called like a tumour if the model's is. Everything else is asked about,
and nobody's segmentation is taken by chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..imaging import TUMOUR, scan
from ..question import Questions, listed

Row = dict[str, Any]
Regions = Mapping[str, set[str]]


def in_model(
    masks: Iterable[Row],
    needed: Regions,
    given: Mapping[str, str],
    questions: Questions,
) -> list[Row]:
    """Rows of the mask sheet of the regions that a model needs, by their name there.

    Parameters
    ----------
    masks : iterable of dict
        Rows of one reader, of the images that the model needs.
    needed : mapping
        Segmented regions that each image needs.
    given : mapping
        Region or ROI that stands for a region of the model, as the reader of the draft
        has told.
    questions : Questions
        Gets what was guessed, and what could not be.
    """
    scans: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in masks:
        scans[scan(row)].append(row)
    found = []
    told = _Told()
    for (subject, _, image), rows in sorted(scans.items()):
        for region in sorted(needed[image]):
            own = _standing_for(region, rows, given)
            if len(own) == 1:
                found.append(own[0] | {"region": region})
                if region not in given and not _called(rows, region):
                    told.guessed[region, own[0]["region"]].append(f"{subject} {image}")
            else:
                names = tuple(sorted({row["region"] for row in rows}))
                told.unknown[region, names].append(f"{subject} {image}")
    told.tell(questions)
    return found


@dataclass
class _Told:
    """Places where a region was guessed, and where it is not known."""

    guessed: dict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    unknown: dict[tuple[str, tuple[str, ...]], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def tell(self, questions: Questions) -> None:
        """Add the questions of both."""
        for (region, name), places in self.guessed.items():
            questions.check(
                "masks.tsv",
                f"{name!r} is what the model calls {region!r} ({listed(places)})",
            )
        for (region, names), places in self.unknown.items():
            questions.ask(
                "masks.tsv",
                f"which of {listed(names)} is what the model calls {region!r} "
                f"({listed(places)})? None was taken; draft again with "
                f'regions="{{{region}: NAME}}"',
            )


def _standing_for(
    region: str, rows: Sequence[Row], given: Mapping[str, str]
) -> list[Row]:
    """Rows that may be a region of the model: one if that is clear."""
    own = _called(rows, given.get(region, region))
    return own if own or region in given else _likely(rows, region)


def _called(rows: Iterable[Row], name: str) -> list[Row]:
    """Rows whose region or ROI has a name, whatever its case and punctuation."""
    rows, wanted = list(rows), _folded(name)
    exact = [row for row in rows if name in (row["region"], row["roi"])]
    return exact or [
        row
        for row in rows
        if wanted in (_folded(row["region"]), _folded(str(row["roi"] or "")))
    ]


def _likely(rows: Sequence[Row], region: str) -> list[Row]:
    """The only region of an image, or the only tumour if a tumour is looked for."""
    if len(rows) == 1:
        return list(rows)
    tumours = [row for row in rows if _is_tumour(row["region"])]
    return tumours if _is_tumour(region) and len(tumours) == 1 else []


def _is_tumour(name: str) -> bool:
    return any(word in name.lower() for word in TUMOUR)


def _folded(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())
