"""Schemes of validation: repeated cross-validation, groups left out, declared splits,
bootstrap samples, and the final fit.

A *scheme* is one pass over the subjects, such as the third repeat of the
cross-validation. A *part* is what one job does: some repeats, all groups, or the final
fit on all development subjects.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd

from ..errors import ConfigError


@dataclass(frozen=True)
class SchemeKind:
    """A way to choose development and evaluation subjects."""

    name: str  # in tables and file names
    label: str  # in figures
    repeated: bool = False
    by_group: bool = False  # one fold for each group that is left out
    evaluated: bool = True  # False: its predictions are never judged as those of others
    whole: bool = False  # all subjects are development subjects, in one fold
    once: bool = False  # one or more evaluation sets that the study declares


CV = SchemeKind("cv", "Repeated cross-validation", repeated=True)
LOSO = SchemeKind("loso", "Each group left out once", by_group=True)
TEMPORAL = SchemeKind("temporal", "Later subjects by models of earlier", once=True)
FIXED = SchemeKind("fixed", "Declared evaluation set", once=True)
#: Development subjects are drawn with replacement. Subjects out of a sample overlap
#: between samples, so their predictions are no evaluation set of their own.
BOOTSTRAP = SchemeKind("bootstrap", "Bootstrap samples", repeated=True, evaluated=False)
FINAL = SchemeKind("final", "All development subjects", evaluated=False, whole=True)
KINDS = {kind.name: kind for kind in (CV, LOSO, TEMPORAL, FIXED, BOOTSTRAP, FINAL)}
#: Kinds whose evaluation subjects are judged, in the order of figures and tables.
EVALUATED = tuple(kind for kind in KINDS.values() if kind.evaluated)


def kind_of(name: str) -> SchemeKind:
    """Kind of scheme of a name in a table; ConfigError for an unknown one."""
    if name not in KINDS:
        raise ConfigError(f"scheme is {name!r}, expected one of {list(KINDS)}.")
    return KINDS[name]


def leading_scheme(names: Iterable[str]) -> str:
    """Scheme that curves and findings speak of: the cross-validation, if there is one.

    Predictions of another tool may have groups left out, or an external set, alone.
    """
    known = set(names)
    return next((kind.name for kind in EVALUATED if kind.name in known), CV.name)


@dataclass(frozen=True)
class Scheme:
    """One pass over the subjects, written "cv-<repeat>", "loso", "final" and so on."""

    kind: SchemeKind
    repeat: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Scheme of a name; the repeat is 1 if the name has none."""
        name, _, repeat = text.partition("-")
        return cls(kind_of(name), int(repeat or 1))

    @classmethod
    def first_repeats(cls, folds: pd.DataFrame) -> Iterator[Self]:
        """First repeat of each scheme of a table of folds, sorted by name."""
        for name in sorted(set(folds["scheme"])):
            yield cls(kind_of(name))

    def __str__(self) -> str:
        return (
            f"{self.kind.name}-{self.repeat}" if self.kind.repeated else self.kind.name
        )


@dataclass(frozen=True)
class Part:
    """Repeats first to last of a kind of scheme: the work of one job.

    Written "cv-<first>-<last>", "loso", "final" and so on.
    """

    kind: SchemeKind
    first: int = 1
    last: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Part of a name, as in the wildcard `part`."""
        name, *ends = text.split("-")
        first, last = (int(end) for end in ends) if ends else (1, 1)
        return cls(kind_of(name), first, last)

    def __str__(self) -> str:
        ends = f"-{self.first}-{self.last}" if self.kind.repeated else ""
        return f"{self.kind.name}{ends}"

    def schemes(self) -> list[Scheme]:
        """Schemes of the part, in order."""
        return [Scheme(self.kind, n) for n in range(self.first, self.last + 1)]


def parts(
    repeats: int, per_part: int, by_group: bool, declared: Sequence[SchemeKind] = ()
) -> list[Part]:
    """Parts that are evaluated: repeats in runs, then groups, then declared splits."""
    others = [LOSO] if by_group else []
    return [*runs(CV, repeats, per_part), *map(Part, [*others, *declared])]


def runs(kind: SchemeKind, repeats: int, per_part: int) -> list[Part]:
    """Parts of a repeated kind, of `per_part` repeats each but for the last."""
    starts = range(1, repeats + 1, per_part)
    return [Part(kind, first, min(first + per_part - 1, repeats)) for first in starts]


def pattern(*kinds: SchemeKind) -> str:
    """Regular expression of the names of parts of some kinds, for wildcards."""
    return "|".join(
        re.escape(kind.name) + (r"-\d+-\d+" if kind.repeated else "") for kind in kinds
    )


def require_split(table: pd.DataFrame, what: str) -> None:
    """Raise ConfigError if a table holds rows of a fit to all subjects."""
    names = set(table["scheme"]) if len(table) else set()
    strange = sorted(name for name in names if kind_of(name).whole)
    if strange:
        raise ConfigError(
            f"{what}: rows of scheme {strange} were fitted to all subjects, so that "
            "no row was kept from them. Leave them out."
        )


def require_evaluated(table: pd.DataFrame, what: str) -> None:
    """Raise ConfigError if a table holds rows of a scheme without evaluation."""
    names = set(table["scheme"]) if len(table) else set()
    strange = sorted(name for name in names if not kind_of(name).evaluated)
    if strange:
        raise ConfigError(
            f"{what}: rows of scheme {strange} were fitted to all subjects, or to "
            "samples of them that overlap, and judge nothing here; expected "
            f"{[kind.name for kind in EVALUATED]}. Leave them out."
        )
