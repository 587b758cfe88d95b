"""Site of each subject of a draft: by its root, or by a column of the table."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from . import roles
from .cells import Column
from .matching import Matches
from .question import Questions, listed

#: Subjects that a site needs to be left out as a whole.
LEAST_PER_SITE = 5


class Sites(NamedTuple):
    """Sites of a study.

    Attributes
    ----------
    of : dict of str
        Site of each subject; empty if all are of one site.
    column : str or None
        Column of the subjects sheet with the site.
    site : str or None
        The one site, if all subjects are of one.
    used : set of str
        Columns of the clinical table that hold sites.
    """

    of: dict[str, str]
    column: str | None
    site: str | None
    used: set[str]

    @property
    def sizes(self) -> Counter[str]:
        """Number of subjects of each site."""
        return Counter(self.of.values())


def guessed(
    roots_of: Mapping[str, set[str]],
    table: Mapping[str, Column],
    matches: Matches,
    only_site: str,
    questions: Questions,
) -> Sites:
    """Sites by the roots of the images if there are several, else by a column.

    Parameters
    ----------
    roots_of : mapping
        Roots that hold images of each subject.
    only_site : str
        Name of the site if there is only one.
    """
    columns = [c for c in table.values() if roles.is_site(c)]
    roots = set().union(*roots_of.values()) if roots_of else set()
    if len(roots) > 1:
        of = {s: sorted(roots_of[s])[0] for s in matches.row_of}
        questions.check("sheets", f"the sites are the folders {listed(sorted(roots))}")
        _compare(of, columns, matches, questions)
        return Sites(of, "site", None, {c.name for c in columns})
    if not columns:
        questions.check("sheets", f"all subjects are of one site, {only_site!r}")
        return Sites({}, None, only_site, set())
    column = columns[0]
    if len(columns) > 1:
        names = [c.name for c in columns]
        questions.ask("sheets", f"which of {listed(names)} is the hospital?")
    questions.check("sheets", f"the sites are those of the column {column.name!r}")
    of = {s: column.cells[place] for s, place in matches.row_of.items()}
    unknown = [subject for subject, site in of.items() if not site]
    if unknown:
        questions.ask(
            "subjects.tsv", f"the site of these subjects is missing: {listed(unknown)}"
        )
    return Sites(of, "site", None, {c.name for c in columns})


def _compare(
    of: Mapping[str, str],
    columns: Iterable[Column],
    matches: Matches,
    questions: Questions,
) -> None:
    """Ask about subjects whose folder and table tell different sites."""
    for column in columns:
        said: dict[str, set[str]] = defaultdict(set)
        for subject, site in of.items():
            said[site].add(column.cells[matches.row_of[subject]])
        mixed = [site for site, found in said.items() if len(found - {""}) > 1]
        if mixed:
            questions.ask(
                "sheets",
                f"{column.name!r} has several values within the folders "
                f"{listed(mixed)}; which of the two tells the site? The folders were "
                "taken",
            )


def roots_of_subjects(
    rows: Sequence[Mapping[str, Any]], roots: Mapping[str, str]
) -> dict[str, set[str]]:
    """Roots that hold images of each subject, by the sources of the rows."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        source = PurePosixPath(row["source"])
        holding = [n for n, r in roots.items() if source.is_relative_to(r) or r == "."]
        # The deepest of nested roots holds it.
        found[row["subject_id"]].add(max(holding, key=lambda n: len(roots[n])))
    return dict(found)
