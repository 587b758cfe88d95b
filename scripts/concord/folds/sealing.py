"""Subjects that are sealed for one test at the end: who they are, from the sheet alone.

Nothing here looks at an outcome: a site, the values of a column, or a draw by the name
of the cluster decides. A cluster is sealed as a whole.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from ..batch_labels import Spellings, is_unknown
from ..config_faults import nearest
from ..fields import CohortColumns, Names, Section
from ..methods_clauses import listed
from ..provenance import digest

#: Why a subject is sealed.
GROUP, COLUMN, SHARE, CLUSTER = "group", "column", "share", "cluster"
#: Hex digits of the draw of a cluster.
_DIGITS = 13
_CHOICES = (GROUP, COLUMN, SHARE)

Row = Mapping[str, str]


class SealedSection(Section):
    """Choice of the sealed subjects: one of group, column with values, or share."""

    group: Names | None = Field(
        default=None,
        description="Sites whose subjects are sealed; only where validation.group is "
        "site.",
    )
    column: str | None = Field(
        default=None,
        description="Column of the subjects sheet that tells who is sealed; never an "
        "outcome.",
    )
    values: Names | None = Field(
        default=None, description="Its values in the sealed subjects."
    )
    share: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Share of the clusters that is drawn by the seed of the study, "
        "each by itself, so that who joins later moves nobody across the seal; the "
        "number is therefore near the share, not exactly it.",
    )
    reason: str = Field(
        default="",
        description="Why the sealed subjects are looked at again, printed beside the "
        "look, such as corrected outcomes; a change of it makes the next unseal a look "
        "of its own.",
    )

    @property
    def chosen(self) -> list[str]:
        """Names of the ways to choose that are given."""
        return [name for name in _CHOICES if getattr(self, name) is not None]


def sealed_clause(section: Any) -> str:
    """Words for the methods on the sealed subjects of a section; empty without any."""
    sealed = section.sealed
    if sealed is None:
        return ""
    whom = {
        GROUP: f"of {listed(sealed.group or [])}",
        COLUMN: f"in whom {sealed.column} is {' or '.join(sealed.values or [])}",
        SHARE: f"that were drawn with a share of {sealed.share}",
    }
    chosen = sealed.chosen[0]
    return (
        f"keeping subjects {whom[chosen]} sealed from everything that sees outcomes or "
        "learns, for one test of the final models at the end"
    )


def sealed_subjects(
    sealed: SealedSection | None,
    rows: Sequence[Row],
    columns: CohortColumns,
    seed: int,
) -> dict[str, dict[str, str]]:
    """Row of each sealed subject, by its name, sorted.

    Parameters
    ----------
    sealed : SealedSection or None
        The choice; None seals nobody.
    rows : sequence of mapping
        Cells of the subjects sheet by column, with the subjects' names.
    columns : CohortColumns
        Columns of subject, site and cluster.
    seed : int
        Seed of the study.

    Returns
    -------
    dict of dict
        `site`, `cluster` and `sealed_by`: "group", "column" or "share"; "cluster" of
        a subject that is sealed only as another one of its cluster is.
    """
    if sealed is None or not sealed.chosen:
        return {}
    clusters = [cluster_of(row, columns) for row in rows]
    chosen = _chosen(sealed, rows, columns, clusters, seed)
    whole = {name for name, own in zip(clusters, chosen, strict=True) if own}
    why = sealed.chosen[0]
    found = {
        row[columns.subject_id_column]: {
            "site": columns.site or row.get(str(columns.site_column), ""),
            "cluster": name,
            "sealed_by": why if own else CLUSTER,
        }
        for row, name, own in zip(rows, clusters, chosen, strict=True)
        if name in whole
    }
    return dict(sorted(found.items()))


def cluster_of(row: Row, columns: CohortColumns) -> str:
    """Cluster of a row of the sheet; a row that names none is one of its own."""
    named = row.get(columns.cluster_column or "", "").strip()
    return row[columns.subject_id_column] if is_unknown(named) else named


def sealing_faults(
    sealed: SealedSection | None,
    rows: Sequence[Row],
    columns: CohortColumns,
    outcomes: Collection[str],
    seed: int,
) -> Iterator[tuple[str, str]]:
    """Values that no row has, outcomes that decide, and seals of nobody or everybody.

    As (key, message).
    """
    if sealed is None or not sealed.chosen:
        return
    if sealed.column in outcomes:
        yield (
            "validation.sealed.column",
            f"{sealed.column!r} is an outcome; who is sealed must not depend on "
            "outcomes, expected another column",
        )
        return
    wanted, known = _wanted(sealed, rows, columns)
    for key, value in wanted:
        if value not in known:
            yield key, f"{value!r} occurs in no row{nearest(value, known)}"
    found = sealed_subjects(sealed, rows, columns, seed)
    if len(found) == len(rows):
        told = f"seals all {len(rows)} subjects, so nobody is left to learn from"
        yield "validation.sealed", told
    elif not found:
        yield "validation.sealed", f"seals none of the {len(rows)} subjects"


def choice_faults(
    sealed: SealedSection | None, group: str
) -> Iterator[tuple[str, str]]:
    """Contradictions of the section itself, as (key, message)."""
    if sealed is None:
        return
    if len(sealed.chosen) != 1:
        found = " and ".join(sealed.chosen) or "none"
        yield "validation.sealed", f"has {found}, expected one of group, column, share"
    if (sealed.column is None) != (sealed.values is None):
        yield "validation.sealed", "expected column and values together"
    if sealed.group is not None and group != "site":
        yield (
            "validation.sealed.group",
            f"names groups by {group!r} (validation.group), which only the images "
            "tell; who is sealed must be known from the sheet, expected a column of it "
            "in validation.sealed.column",
        )


def _chosen(
    sealed: SealedSection,
    rows: Sequence[Row],
    columns: CohortColumns,
    clusters: Sequence[str],
    seed: int,
) -> list[bool]:
    """True for each row that is chosen itself."""
    if sealed.share is not None:
        return [_draw(name, seed) < sealed.share for name in clusters]
    wanted, _ = _wanted(sealed, rows, columns)
    names = {value for _, value in wanted}
    return [value in names for value in _values(sealed, rows, columns)]


def _draw(cluster: str, seed: int) -> float:
    """Number from 0 to below 1 that a cluster draws by its name."""
    return int(digest([seed, "sealed", cluster], _DIGITS), 16) / 16.0**_DIGITS


def _values(
    sealed: SealedSection, rows: Sequence[Row], columns: CohortColumns
) -> list[str]:
    """Labels of the rows that decide, spelt in one way."""
    if sealed.group is not None and columns.site_column is None:
        return [str(columns.site)] * len(rows)
    name = columns.site_column if sealed.group is not None else sealed.column
    cells = [row.get(str(name), "") for row in rows]
    spelt = Spellings.of(cells, safe=False)
    return [spelt.label(cell) for cell in cells]


def _wanted(
    sealed: SealedSection, rows: Sequence[Row], columns: CohortColumns
) -> tuple[list[tuple[str, str]], set[str]]:
    """Key and label of each value that is asked for, and the labels of all rows."""
    if sealed.share is not None:
        return [], set()
    own = GROUP if sealed.group is not None else "values"
    asked = getattr(sealed, own) or []
    known = _values(sealed, rows, columns)
    spelt = Spellings.of([*known, *asked], safe=False)
    # Labels of the rows are the commonest spelling; that of the key yields to them.
    by_label = {spelt.label(label): label for label in known}
    labels = [by_label.get(spelt.label(value), value) for value in asked]
    return [(f"validation.sealed.{own}", label) for label in labels], set(known)
