"""Sessions, readers, sites and regions of a draft, from the rows of its sheets."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .question import Questions, listed

Row = dict[str, Any]

BASELINE = "baseline"
#: Names of sessions that repeat a scan under the same conditions.
_RETEST = re.compile(r"(?<![a-z])(?:re-?test|repeat|rescan|test-?2)(?![a-z])", re.I)
#: Regions that a study is likely to be about, the likeliest first.
TUMOUR = ("gtv", "tumour", "tumor", "lesion", "mass", "primary", "cancer", "ctv")
#: Ids of readers that are no person.
ALGORITHMS = frozenset(["ai", "algorithm", "auto", "automated", "automatic", "model"])
#: Images that fewer subjects have are left out.
_LEAST_SHARE = 0.5


class Imaging(NamedTuple):
    """Rows of the sheets that a draft uses, and what it takes from them.

    Attributes
    ----------
    images, masks : list of dict
        Rows of table kinds "images_sheet" and "masks_sheet".
    baseline : str
        Session that predicts.
    retests : list of str
        Sessions that repeat it.
    reader : str
        Reference reader.
    region : str
        Region that the study is about.
    """

    images: list[Row]
    masks: list[Row]
    baseline: str
    retests: list[str]
    reader: str
    region: str

    @property
    def modality_of(self) -> dict[str, str]:
        """Modality of each image, images in the order of how many there are."""
        counts = Counter((row["image"], row["modality"]) for row in self.images)
        order = sorted(counts, key=lambda pair: (-counts[pair], pair))
        return dict(order)

    @property
    def repeats(self) -> bool:
        """True if some scan, or a segmentation of the region, was made twice."""
        return bool(self.retests) or _segmented_twice(self.masks, self.region)


def chosen(
    images: Sequence[Row],
    masks: Sequence[Row],
    subjects: Iterable[str],
    ask: Questions,
    telling_rois: frozenset[str] = frozenset(),
) -> Imaging:
    """The sessions, readers, images and region that a draft takes.

    Parameters
    ----------
    images, masks : sequence of dict
        Rows of the drafted sheets.
    subjects : iterable of str
        Subjects that have a row in the clinical table.
    ask : Questions
        Gets what was guessed and left out.
    telling_rois : frozenset of str
        Names of ROIs that tell who a patient is; in questions, their region stands
        for them.
    """
    known = set(subjects)
    images = [row for row in images if row["subject_id"] in known]
    baseline, retests = sessions(images, ask)
    images = [row for row in images if row["session"] in (baseline, *retests)]
    images = _common_images(images, baseline, ask)
    _tell_volumes(images, ask)
    present = {scan(row) for row in images}
    masks = [row for row in masks if scan(row) in present]
    masks = with_readers(masks, ask)
    reader = reference_reader(masks, ask)
    region = _region([r for r in masks if r["reader"] == reader], ask)
    _tell_readers(_discreet(masks, telling_rois), region, reader, ask)
    _ask_for_masks(images, masks, baseline, region, reader, ask)
    return Imaging(images, masks, baseline, retests, reader, region)


def _tell_volumes(images: Iterable[Row], ask: Questions) -> None:
    """A question about the volumes of 4D series, each of which is an image."""
    names = sorted({row["image"] for row in images if row.get("volume")})
    if names:
        ask.check(
            "images.tsv",
            f"series of several volumes make an image of each: {listed(names)}; delete "
            "the rows of those that are not wanted, and their names in also_for",
        )


def scan(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["subject_id"], row["session"], row["image"]


def sessions(images: Iterable[Row], ask: Questions) -> tuple[str, list[str]]:
    """The session that predicts, and those that repeat it."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in images:
        subjects[row["session"]].add(row["subject_id"])
    if not subjects:
        return BASELINE, []
    order = sorted(subjects, key=lambda name: (-len(subjects[name]), name))
    baseline = BASELINE if BASELINE in subjects else order[0]
    retests = [n for n in order if n != baseline and _RETEST.search(n)]
    others = [n for n in order if n not in (baseline, *retests)]
    if baseline != BASELINE:
        ask.check("study", f"{baseline!r} is the session before the outcome")
    if retests:
        ask.check("stability", f"{listed(retests)} repeat the baseline scan")
    if others:
        ask.ask(
            "images.tsv",
            f"the sessions {listed(others)} were left out; do they repeat the baseline "
            "scan? Then add them to the sheets and to stability.retest_sessions",
        )
    return baseline, retests


def _common_images(images: Sequence[Row], baseline: str, ask: Questions) -> list[Row]:
    """Rows of the images that at least half of the subjects have at baseline."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in images:
        if row["session"] == baseline:
            subjects[row["image"]].add(row["subject_id"])
    everybody = set().union(*subjects.values()) if subjects else set()
    kept = {n for n, s in subjects.items() if len(s) >= _LEAST_SHARE * len(everybody)}
    others = sorted({row["image"] for row in images} - kept)
    if others:
        counts = [f"{name} ({len(subjects[name])} subjects)" for name in others]
        ask.ask(
            "images.tsv",
            f"the images {listed(counts)} were left out, as most subjects lack them",
        )
    missing = [n for n in sorted(kept) if len(subjects[n]) < len(everybody)]
    for name in missing:
        lack = sorted(everybody - subjects[name])
        ask.check("images.tsv", f"{len(lack)} subjects lack {name}: {listed(lack)}")
    return [row for row in images if row["image"] in kept]


def with_readers(masks: Iterable[Row], ask: Questions) -> list[Row]:
    """Rows of masks, equal ones of one image told apart as readers A, B and so on."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in masks:
        groups[(*scan(row), row["region"], row["reader"])].append(row)
    found, several = [], 0
    for group in groups.values():
        several += len(group) > 1
        for place, row in enumerate(sorted(group, key=lambda row: str(row["source"]))):
            reader = row["reader"] if not place else f"{row['reader']}{place + 1}"
            found.append(row | {"reader": reader})
    if several:
        ask.ask(
            "masks.tsv",
            f"{several} regions were segmented more than once, in several files; who "
            "drew which? Readers were numbered by the order of the files",
        )
    return found


def reference_reader(masks: Iterable[Row], ask: Questions) -> str:
    """The reader with most segmentations; of equal ones, a person, then by name."""
    counts = Counter(row["reader"] for row in masks)
    if not counts:
        return "A"
    order = sorted(counts, key=lambda n: (-counts[n], n.lower() in ALGORITHMS, n))
    if len(order) > 1:
        numbers = ", ".join(f"{name} {counts[name]}" for name in order)
        ask.check("study", f"{order[0]!r} is the reference reader (masks: {numbers})")
    return order[0]


def _region(masks: Iterable[Row], ask: Questions) -> str:
    """The region of a tumour that most subjects have."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in masks:
        subjects[row["region"]].add(row["subject_id"])
    if not subjects:
        return ""

    def rank(name: str) -> tuple[int, int, str]:
        likely = [i for i, word in enumerate(TUMOUR) if word in name.lower()]
        return -len(subjects[name]), likely[0] if likely else len(TUMOUR), name

    tumours = [n for n in subjects if any(w in n.lower() for w in TUMOUR)]
    order = sorted(tumours or subjects, key=rank)
    others = sorted(set(subjects) - {order[0]})
    if others:
        ask.ask(
            "recipes",
            f"is {order[0]!r} the region of the study? Not measured: {listed(others)}",
        )
    return order[0]


def _tell_readers(
    masks: Iterable[Row], region: str, reference: str, ask: Questions
) -> None:
    """Tell names that became one region, and ask about readers who lack the study's."""
    masks = list(masks)
    for name, called in sorted(_names(masks).items()):
        if len({frozenset(names) for names in called.values()}) > 1:
            ask.check(
                "masks.tsv",
                f"{name!r} is one region of several names ({_told(called)})",
            )
    regions: dict[str, set[str]] = defaultdict(set)
    for row in masks:
        regions[row["reader"]].add(row["region"])
    lack = sorted(reader for reader, found in regions.items() if region not in found)
    if lack:
        are = "is" if len(lack) == 1 else "are"
        ask.ask(
            "masks.tsv",
            f"{listed(lack)} did not segment {region!r}, so {are} not compared with "
            f"{reference!r} (regions of each reader: {_told(regions)}); where names "
            "mean the same, write one into the column region",
        )
    elif len(regions) > 1 and not _segmented_twice(masks, region):
        ask.ask(
            "masks.tsv",
            f"no image has {region!r} by two of the readers {listed(sorted(regions))}, "
            "so they are not compared; are they different people at all?",
        )


def _discreet(masks: Iterable[Row], telling_rois: frozenset[str]) -> list[Row]:
    """Rows of masks with the region in place of a name that tells who a patient is."""
    return [
        row | {"roi": row["region"]} if row["roi"] in telling_rois else row
        for row in masks
    ]


def _names(masks: Iterable[Row]) -> dict[str, dict[str, set[str]]]:
    """Names of ROIs by region and reader; a mask file that is one region has none."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in masks:
        if row["roi"] and not str(row["roi"]).isdigit():
            found[row["region"]][row["reader"]].add(row["roi"])
    return found


def _told(names: Mapping[str, Iterable[str]]) -> str:
    """Names by reader as text."""
    parts = (f"{reader}: {listed(sorted(own))}" for reader, own in names.items())
    return "; ".join(sorted(parts))


def _segmented_twice(masks: Iterable[Row], region: str) -> bool:
    """True if two readers segmented the region in one image."""
    times = Counter(scan(row) for row in masks if row["region"] == region)
    return any(count > 1 for count in times.values())


def _ask_for_masks(
    images: Iterable[Row],
    masks: Iterable[Row],
    baseline: str,
    region: str,
    reader: str,
    ask: Questions,
) -> None:
    """Tell the baseline images without the region, and images without any mask."""
    drawn = {scan(r) for r in masks if (r["region"], r["reader"]) == (region, reader)}
    lack = [r for r in images if r["session"] == baseline and scan(r) not in drawn]
    if not drawn:
        ask.ask("masks.tsv", "no segmentation was found that cites one of the images")
    elif lack:
        names = [f"{row['subject_id']} {row['image']}" for row in lack]
        ask.ask(
            "masks.tsv",
            f"{len(lack)} baseline images have no segmentation of {region!r} by "
            f"{reader!r}: {listed(names)}",
        )
