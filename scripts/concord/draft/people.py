"""Subjects of a draft: what the clinical table tells of those with images."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..statistics.outcome_kinds import OUTCOME_KINDS
from . import outcomes, predictors, roles, sites
from .cells import Column, column
from .matching import Matches
from .question import Questions, listed

Row = dict[str, Any]


@dataclass(frozen=True)
class People:
    """Subjects of a study and the roles of the columns of their table.

    Attributes
    ----------
    subjects : list of str
        Ids, sorted.
    rows : dict of Column
        Columns of the clinical table, one cell per subject.
    endpoints : Outcomes
        Endpoints that were guessed.
    predictors : Predictors
        Covariates and factors that were guessed.
    sites : Sites
        Site of each subject.
    left_out : set of str
        Columns that the subjects sheet does not hold: ids, names of persons.
    """

    subjects: list[str]
    rows: dict[str, Column]
    endpoints: outcomes.Outcomes
    predictors: predictors.Predictors
    sites: sites.Sites
    left_out: set[str]

    @property
    def events(self) -> int:
        """Events of the primary endpoint; if it is binary, of its rarer outcome."""
        primary = self.endpoints.primary
        return self.endpoints.events[primary] if primary else 0

    def events_at_sites(self) -> dict[str, int]:
        """Events of the primary endpoint at each site."""
        return {site: cells.count("1") for site, cells in self._outcomes().items()}

    def events_without(self, site: str) -> int:
        """As `events`, of the subjects of all other sites."""
        primary = self.endpoints.primary
        if primary is None:
            return 0
        kind = OUTCOME_KINDS[self.endpoints.sections[primary]["kind"]]
        outcomes = self._outcomes()
        cells = [c for name, own in outcomes.items() if name != site for c in own]
        happened = cells.count("1")
        return int(kind.effective_events(happened, happened + cells.count("0")))

    def _outcomes(self) -> dict[str, list[str]]:
        """Cells of the primary endpoint by site; none without sites or endpoint."""
        primary = self.endpoints.primary
        if primary is None or not self.sites.of:
            return {}
        event = self.endpoints.sections[primary]["event"]
        cells = self.endpoints.columns.get(event, list(self.rows[event].cells))
        found: dict[str, list[str]] = {name: [] for name in self.sites.sizes}
        for subject, cell in zip(self.subjects, cells, strict=True):
            found[self.sites.of[subject]].append(cell)
        return found

    def sheet(self) -> list[Row]:
        """Rows of the subjects sheet: id, site, and the columns of the table."""
        columns: dict[str, Sequence[str]] = {"subject_id": self.subjects}
        if self.sites.column:
            columns[self.sites.column] = [self.sites.of[s] for s in self.subjects]
        for name, one in self.rows.items():
            if name not in self.left_out:
                columns.setdefault(name, one.cells)
        columns |= self.endpoints.columns
        return [
            dict(zip(columns, cells, strict=True))
            for cells in zip(*columns.values(), strict=True)
        ]

    def sections(self) -> dict[str, Any]:
        """Sections of the configuration about subjects and their outcomes."""
        one_site = {"site_column": None, "site": self.sites.site}
        return {
            "sheets": {} if self.sites.column else one_site,
            "covariates": self.predictors.covariates,
            "factors": self.predictors.factors,
            "endpoints": self.endpoints.sections,
        }


def people(
    table: Mapping[str, Column],
    matches: Matches,
    subjects: Iterable[str],
    roots_of: Mapping[str, set[str]],
    only_site: str,
    questions: Questions,
) -> People:
    """The subjects of a study by their rows of the clinical table.

    Parameters
    ----------
    table : mapping of Column
        The clinical table; empty if there is none.
    matches : Matches
        Row of each subject.
    subjects : iterable of str
        Subjects of the study.
    roots_of : mapping
        Roots that hold images of each subject; empty if there are no images.
    only_site : str
        Name of the site if there is only one.
    """
    known = sorted(subjects)
    own = Matches(matches.id_column, {s: matches.row_of[s] for s in known})
    rows = _of_subjects(table, list(own.row_of.values()))
    places = sites.guessed(roots_of, table, own, only_site, questions)
    found = outcomes.guessed(rows, questions)
    personal = {name for name in table if roles.names_a_person(name)}
    if personal:
        questions.changed(
            "subjects.tsv",
            f"not copied, as they may tell who somebody is: {listed(sorted(personal))}",
        )
    left_out = {*personal, own.id_column or ""}
    taken = {*found.used, *places.used, *left_out}
    events = found.events[found.primary] if found.primary else 0
    rest = [one for name, one in rows.items() if name not in taken]
    predict = predictors.guessed(rest, events, questions)
    for name, one in rows.items():
        for note in one.notes if name not in left_out else ():
            questions.changed(name, note)
    return People(known, rows, found, predict, places, left_out)


def _of_subjects(
    table: Mapping[str, Column], places: Sequence[int]
) -> dict[str, Column]:
    """Columns with the rows of the subjects alone, in their order."""
    found = {}
    for name, one in table.items():
        again = column(name, [one.cells[place] for place in places])
        found[name] = Column(name, again.cells, again.kind, one.notes)
    return found
