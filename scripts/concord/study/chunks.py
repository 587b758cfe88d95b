"""Chunks of a study: the subjects that the jobs of the workflow handle together."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..file_names import label
from ..provenance import digest
from . import sheets as sh

#: Completed rows of a sheet by chunk and image.
ChunkRows = dict[tuple[str, str], list[sh.Row]]


def chunks_of(site_of: Mapping[str, str], size: int) -> dict[str, str]:
    """The chunk of each subject, such as ``A-2``.

    A site is halved by further bits of a hash of the subject id until no part
    exceeds `size`; so a new subject moves no other one, except when its part must
    be halved.

    Parameters
    ----------
    site_of : mapping of str to str
        Site of each subject.
    size : int
        Most subjects of a chunk.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    for subject, site in site_of.items():
        parts[label(site)].append(subject)
    return {
        subject: f"{site}-{bits}"
        for site, members in parts.items()
        for bits, part in _halved(members, "0", size).items()
        for subject in part
    }


def first_subjects(site_of: Mapping[str, str], most: int | None) -> set[str]:
    """The first subjects of each site by a hash of the id; all without a limit."""
    by_site: dict[str, list[str]] = defaultdict(list)
    for subject, site in site_of.items():
        by_site[site].append(subject)
    return {
        subject
        for members in by_site.values()
        for subject in sorted(members, key=digest)[:most]
    }


def rows_by_chunk(
    rows: Iterable[sh.Row], chunks: Mapping[str, str], site_of: Mapping[str, str]
) -> ChunkRows:
    """Rows of a sheet with their site, by chunk and image; none for other pairs."""
    found: ChunkRows = defaultdict(list)
    for row in sorted(rows, key=lambda r: [r.get(k, "") for k in sh.MASK_KEY]):
        subject = row["subject_id"]
        found[chunks[subject], row["image"]].append(row | {"site": site_of[subject]})
    return found


def _halved(members: Iterable[str], bits: str, size: int) -> dict[str, list[str]]:
    """Members by chunk; a chunk larger than `size` is halved by the next bit."""
    members = sorted(members)
    depth = len(bits) - 1
    if len(members) <= size or depth >= 32:
        return {bits: members}
    halves: dict[str, list[str]] = {"0": [], "1": []}
    for member in members:
        number = int(hashlib.sha256(member.encode()).hexdigest()[:8], 16)
        halves[str(number >> depth & 1)].append(member)
    return {
        name: part
        for bit, half in halves.items()
        if half
        for name, part in _halved(half, bits + bit, size).items()
    }
