"""Rows of each fold, apart: what may be learnt from, and what is judged."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .. import files, tables
from ..errors import StudyError, quoted
from ..files import whole_folder
from . import bootstrap, phantom_table
from . import cohort as cohorts
from . import splits as folding
from .declared_splits import NEITHER
from .declared_splits import PREFIX as SPLITS
from .scheme import Scheme, kind_of
from .subject_table import feature_matrix

#: File in a directory of folds that lists them in order.
INDEX = "folds.json"
#: Name of the fold of the final fit.
ALL = "all"
_MAX_SHOWN = 3


class FoldName(NamedTuple):
    """A fold as tables name it."""

    scheme: str  # name of a SchemeKind, such as "cv"
    repeat: int
    fold: str

    @property
    def part(self) -> str:
        """Scheme with its repeat: "cv-<repeat>", "loso" and so on."""
        return str(Scheme(kind_of(self.scheme), self.repeat))

    @property
    def stem(self) -> str:
        """Beginning of the names of the fold's files."""
        return f"{self.part}_{self.fold}"


@dataclass(frozen=True)
class SubjectRows:
    """Cohort and feature matrix (all sessions and readers) of some subjects.

    `phantom` holds the scans of phantoms or travelling subjects that batch effects are
    estimated from, if they are: in a fold, none of its evaluation subjects.
    """

    cohort: pd.DataFrame
    features: pd.DataFrame
    phantom: pd.DataFrame | None = None

    @classmethod
    def of_files(
        cls,
        *,
        cohort: str | Path,
        features: str | Path,
        variants: Iterable[str | Path],
        phantom: str | Path | Sequence[str | Path],
    ) -> "SubjectRows":
        """Rows of a whole study, from all files that a fold is split from.

        The names are those of the workflow's inputs; see `leakage.inputs`.
        """
        return cls(
            cohorts.read(cohort),
            tables.read_all_features(features, variants),
            phantom_table.read_if_given(phantom),
        )

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

    def scans(self) -> pd.DataFrame:
        """Scans of phantoms or travelling subjects; StudyError if there are none."""
        if self.phantom is None:
            raise StudyError("these rows hold no scans of a phantom.")
        return self.phantom

    def outcomes(self, endpoint: str) -> pd.DataFrame:
        """Outcome as `cohort.target_of`, `group` and `cluster` by subject, sorted."""
        table = cohorts.target_of(self.cohort, endpoint).sort_index()
        return table.join(self.by_subject[["group", "cluster"]])

    @cached_property
    def _matrices(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}


@dataclass(frozen=True)
class Split:
    """One fold; the two sides have no subject, and no cluster, in common."""

    name: FoldName
    development: SubjectRows
    evaluation: SubjectRows


def splits(study: SubjectRows, folds: pd.DataFrame, scheme: str) -> Iterator[Split]:
    """Folds of one scheme, such as "cv-<repeat>" or "loso", one after the other.

    The scheme "final" has one fold: all subjects are development subjects.

    Raises
    ------
    StudyError
        If a subject stands on both sides, or twice, or is unknown.
    """
    wanted = Scheme.parse(scheme)
    if wanted.kind.whole:
        yield _whole(study, wanted)
        return
    chosen = folding.select(folds, wanted)
    _require_known(chosen, study.cohort)
    require_apart(chosen, study.cohort)
    first = chosen.iloc[0]
    times = bootstrap.times_of(chosen)
    for fold, development, evaluation in folding.splits(chosen):
        name = FoldName(str(first["scheme"]), int(first["repeat"]), fold)
        rows = _of(study, development)
        known = replace(
            _repeated(rows, times) if times else rows,
            phantom=_phantom_without(study, evaluation),
        )
        yield Split(name, known, _of(study, evaluation))


def splits_of(
    study: SubjectRows, folds: pd.DataFrame, schemes: Iterable[str]
) -> Iterator[Split]:
    """The folds of several schemes."""
    for scheme in schemes:
        yield from splits(study, folds, scheme)


def require_apart(folds: pd.DataFrame, cohort: pd.DataFrame) -> None:
    """Raise StudyError if a subject or a cluster stands on both sides of a fold."""
    keys = ["scheme", "repeat", "fold", "subject_id"]
    twice = folds[folds.duplicated(keys, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        roles = sorted(twice.loc[twice["subject_id"] == first["subject_id"], "role"])
        raise StudyError(
            f"folds: subject {first['subject_id']!r} stands {len(roles)} times in "
            f"fold {first['fold']!r} of {first['scheme']}, as {sorted(set(roles))}; "
            "expected one role in each fold. Were rows copied before the split? Give "
            "every subject one row; how often a sample holds it is told by `times`."
        )
    _require_clusters_apart(folds, cohort)


def _require_clusters_apart(folds: pd.DataFrame, cohort: pd.DataFrame) -> None:
    judged = folds[folds["role"] != NEITHER]
    known = cohort.set_index("subject_id")["cluster"]
    keys = [*(judged[name] for name in ("scheme", "repeat", "fold"))]
    cluster = judged["subject_id"].map(known).rename("cluster")
    roles = judged["role"].groupby([*keys, cluster]).nunique()
    if (roles > 1).any():
        scheme, repeat, fold, name = roles.index[(roles > 1).to_numpy()][0]
        raise StudyError(
            f"folds: cluster {quoted(name)} stands in development and in evaluation in "
            f"fold {fold!r} of {scheme}, repeat {repeat}; expected all its subjects on "
            "one side. Make the folds anew by rule make_folds."
        )


def write(
    found: Iterable[Split],
    development: str | Path,
    evaluation: str | Path,
    phantom: str | Path | None = None,
) -> None:
    """Write each side of the folds into a directory of its own.

    The scans that batch effects may be estimated from in a fold stand in a third one,
    so that only fits that harmonize depend on them; it is needed if the study has any.
    """
    sides = [development, evaluation, *([] if phantom is None else [phantom])]
    with ExitStack() as stack:
        known, held_out, *scans = [stack.enter_context(whole_folder(s)) for s in sides]
        names = []
        for split in found:
            names.append(split.name._asdict())
            _write(split.development, known, split.name.stem)
            _write(split.evaluation, held_out, split.name.stem)
            for folder in scans:
                phantom_table.write(
                    split.development.scans(), folder / _phantom_file(split.name)
                )
        for folder in (known, held_out):
            files.write_json(names, folder / INDEX)


def read(
    directory: str | Path, phantom: str | Path | None = None
) -> Iterator[tuple[FoldName, SubjectRows]]:
    """One side of each fold, in order, from directories that `write` made.

    With the directory of `phantom`, the rows have the scans of the fold.
    """
    folder = Path(directory)
    for entry in files.read_json(folder / INDEX):
        name = FoldName(**entry)
        rows = read_rows(folder, name)
        if phantom is not None:
            scans = phantom_table.read(Path(phantom, _phantom_file(name)))
            rows = replace(rows, phantom=scans)
        yield name, rows


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


def _phantom_file(name: FoldName) -> str:
    return f"{name.stem}_phantom.parquet"


def _whole(study: SubjectRows, scheme: Scheme) -> Split:
    """The one fold without evaluation subjects."""
    name = FoldName(scheme.kind.name, scheme.repeat, ALL)
    every = _of(study, study.cohort["subject_id"])
    known = replace(every, phantom=_phantom_without(study, ()))
    return Split(name, known, _of(study, ()))


def _phantom_without(
    study: SubjectRows, evaluation: Iterable[str]
) -> pd.DataFrame | None:
    """The scans that batch effects may be estimated from, if the study has any."""
    if study.phantom is None:
        return None
    return phantom_table.without(study.phantom, evaluation, study.cohort)


def _of(study: SubjectRows, subjects: Iterable[str]) -> SubjectRows:
    """Rows of some subjects, sorted, without scans of a phantom and declared sides."""
    chosen = set(subjects)
    sides = [name for name in study.cohort if str(name).startswith(SPLITS)]
    cohort = study.cohort[study.cohort["subject_id"].isin(chosen)].drop(columns=sides)
    features = study.features[study.features["subject_id"].isin(chosen)]
    keys = [name for name in tables.FEATURE_KEYS if name != "site"]
    return SubjectRows(
        cohort.sort_values("subject_id", ignore_index=True),
        features.sort_values(keys, ignore_index=True),
    )


def _repeated(rows: SubjectRows, times: dict[str, int]) -> SubjectRows:
    """Rows as often as a bootstrap sample holds them."""
    tables = rows.cohort, rows.features
    return SubjectRows(*(bootstrap.repeated(one, times) for one in tables))


def _require_known(folds: pd.DataFrame, cohort: pd.DataFrame) -> None:
    strangers = sorted(set(folds["subject_id"]) - set(cohort["subject_id"]))
    if strangers:
        raise StudyError(
            f"folds: {len(strangers)} subjects are not in the cohort, such as "
            f"{strangers[:_MAX_SHOWN]}. Make the folds anew."
        )
