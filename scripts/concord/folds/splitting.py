"""Rows of each fold, apart: what may be learnt from, and what is judged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .. import files, tables
from ..errors import StudyError
from ..files import whole_folder
from . import cohort as cohorts
from . import splits as folding
from .scheme import Scheme, kind_of
from .subject_table import feature_matrix

#: File in a directory of folds that lists them in order.
INDEX = "folds.json"
#: Name of the fold of the final fit.
ALL = "all"
#: Rows of fewer known values may be equal by chance.
_LEAST_VALUES = 5
_MAX_SHOWN = 3


class FoldName(NamedTuple):
    """A fold as tables name it."""

    scheme: str  # "cv", "loso" or "final"
    repeat: int
    fold: str

    @property
    def part(self) -> str:
        """Scheme with its repeat: "cv-<repeat>", "loso" or "final"."""
        return str(Scheme(kind_of(self.scheme), self.repeat))

    @property
    def stem(self) -> str:
        """Beginning of the names of the fold's files."""
        return f"{self.part}_{self.fold}"


@dataclass(frozen=True)
class SubjectRows:
    """Cohort and feature matrix (all sessions and readers) of some subjects."""

    cohort: pd.DataFrame
    features: pd.DataFrame

    @classmethod
    def of_files(
        cls, cohort: str | Path, features: str | Path, variants: Iterable[str | Path]
    ) -> "SubjectRows":
        """Rows of a whole study: its cohort, and its matrix with that of variants."""
        return cls(cohorts.read(cohort), tables.read_all_features(features, variants))

    def matrix(self, session: str, reader: str) -> pd.DataFrame:
        """Subject table of one session and reader, made once; not to be changed.

        See `subject_table.feature_matrix`.
        """
        known = self._matrices
        if (session, reader) not in known:
            known[session, reader] = feature_matrix(self.features, session, reader)
        return known[session, reader]

    @cached_property
    def by_subject(self) -> pd.DataFrame:
        """Cohort indexed by subject, sorted; not to be changed."""
        return self.cohort.set_index("subject_id").sort_index()

    def outcomes(self, endpoint: str) -> pd.DataFrame:
        """Columns `event`, `time_days`, `group` and `cluster` by subject, sorted."""
        table = cohorts.outcome(self.cohort, endpoint).sort_index()
        return table.join(self.by_subject[["group", "cluster"]])

    @cached_property
    def _matrices(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}


@dataclass(frozen=True)
class Split:
    """One fold; the two sides have no subject in common."""

    name: FoldName
    development: SubjectRows
    evaluation: SubjectRows


def splits(study: SubjectRows, folds: pd.DataFrame, scheme: str) -> Iterator[Split]:
    """Folds of one scheme, "cv-<repeat>" or "loso", one after the other.

    The scheme "final" has one fold: all subjects are development subjects.

    Raises
    ------
    StudyError
        If a subject stands on both sides, or twice, or is unknown.
    """
    wanted = Scheme.parse(scheme)
    if not wanted.kind.evaluated:
        yield _whole(study, wanted)
        return
    chosen = folding.select(folds, wanted)
    require_apart(chosen)
    _require_known(chosen, study.cohort)
    first = chosen.iloc[0]
    for fold, development, evaluation in folding.splits(chosen):
        name = FoldName(str(first["scheme"]), int(first["repeat"]), fold)
        yield Split(name, _of(study, development), _of(study, evaluation))


def splits_of(
    study: SubjectRows, folds: pd.DataFrame, schemes: Iterable[str]
) -> Iterator[Split]:
    """The folds of several schemes; StudyError if rows are copies of others."""
    require_no_copies(study.features)
    for scheme in schemes:
        yield from splits(study, folds, scheme)


def require_apart(folds: pd.DataFrame) -> None:
    """Raise StudyError if a subject has two rows in one fold of a scheme."""
    keys = ["scheme", "repeat", "fold", "subject_id"]
    twice = folds[folds.duplicated(keys, keep=False)]
    if twice.empty:
        return
    first = twice.iloc[0]
    roles = sorted(twice.loc[twice["subject_id"] == first["subject_id"], "role"])
    raise StudyError(
        f"folds: subject {first['subject_id']!r} stands {len(roles)} times in fold "
        f"{first['fold']!r} of {first['scheme']}, as {sorted(set(roles))}; expected "
        "one role in each fold. Were rows copied before the split? Give every "
        "subject one row, and weigh subjects inside the fit."
    )


def require_no_copies(features: pd.DataFrame) -> None:
    """Raise StudyError if two subjects have the same values, to the last bit.

    Rows that were copied under another id straddle the folds as well as those
    that kept it. Rows with fewer than five known values are not judged.
    """
    names = tables.feature_columns(features)
    rows = features[features[names].notna().sum(axis=1) >= _LEAST_VALUES]
    keys = ["session", "image", "region", "reader"]
    numbers = pd.util.hash_pandas_object(rows[[*keys, *names]], index=False)
    equal = rows[["subject_id"]].assign(number=numbers.to_numpy())
    shared = equal.groupby("number")["subject_id"].unique()
    copies = sorted(sorted(found) for found in shared[shared.map(len) > 1])
    if copies:
        raise StudyError(
            f"features: {len(copies)} rows are shared by several subjects, such as "
            f"{copies[:_MAX_SHOWN]}: all their values are equal. Copies of a subject "
            "(oversampling) would stand in development and evaluation at once. "
            "Remove them, and weigh subjects inside the fit."
        )


def write(
    found: Iterable[Split], development: str | Path, evaluation: str | Path
) -> None:
    """Write each side of the folds into a directory of its own."""
    with whole_folder(development) as known, whole_folder(evaluation) as held_out:
        names = []
        for split in found:
            names.append(split.name._asdict())
            _write(split.development, known, split.name.stem)
            _write(split.evaluation, held_out, split.name.stem)
        for folder in (known, held_out):
            files.write_json(names, folder / INDEX)


def read(directory: str | Path) -> Iterator[tuple[FoldName, SubjectRows]]:
    """One side of each fold, in order, from a directory that `write` made."""
    folder = Path(directory)
    for entry in files.read_json(folder / INDEX):
        name = FoldName(**entry)
        yield name, read_rows(folder, name)


def read_rows(directory: str | Path, name: FoldName) -> SubjectRows:
    """One side of one fold."""
    folder = Path(directory)
    return SubjectRows(
        cohorts.read(folder / f"{name.stem}_cohort.tsv"),
        tables.read_features(folder / f"{name.stem}_features.parquet"),
    )


def labels(name: FoldName) -> dict[str, Any]:
    """Columns that name a fold in tables."""
    return name._asdict()


def _write(rows: SubjectRows, folder: Path, stem: str) -> None:
    cohorts.write(rows.cohort, folder / f"{stem}_cohort.tsv")
    tables.write_features(rows.features, folder / f"{stem}_features.parquet")


def _whole(study: SubjectRows, scheme: Scheme) -> Split:
    """The one fold without evaluation subjects."""
    name = FoldName(scheme.kind.name, scheme.repeat, ALL)
    return Split(name, _of(study, study.cohort["subject_id"]), _of(study, ()))


def _of(study: SubjectRows, subjects: Iterable[str]) -> SubjectRows:
    """Rows of some subjects, sorted."""
    chosen = set(subjects)
    cohort = study.cohort[study.cohort["subject_id"].isin(chosen)]
    features = study.features[study.features["subject_id"].isin(chosen)]
    keys = [name for name in tables.FEATURE_KEYS if name != "site"]
    return SubjectRows(
        cohort.sort_values("subject_id", ignore_index=True),
        features.sort_values(keys, ignore_index=True),
    )


def _require_known(folds: pd.DataFrame, cohort: pd.DataFrame) -> None:
    strangers = sorted(set(folds["subject_id"]) - set(cohort["subject_id"]))
    if strangers:
        raise StudyError(
            f"folds: {len(strangers)} subjects are not in the cohort, such as "
            f"{strangers[:_MAX_SHOWN]}. Make the folds anew."
        )
