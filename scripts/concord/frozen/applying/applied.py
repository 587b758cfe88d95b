"""Frozen model under the name of its arm, and measurements of a study."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ...errors import StudyError
from ...folds.splitting import SubjectRows
from ...folds.subject_table import feature_names, images
from ...models.fitted_model import Estimates
from ..document import FrozenModel
from .settings import ApplyModel


@dataclass(frozen=True)
class Applied:
    """One frozen model, where it was read from, and its name in this study."""

    arm: str
    document: FrozenModel
    path: str

    @cached_property
    def columns(self) -> list[str]:
        """Predictors of the model and all its members, each once."""
        return columns_of(self.document.estimates)

    @cached_property
    def features(self) -> list[str]:
        """Those of the predictors that are features."""
        return feature_names(self.columns)

    @property
    def images(self) -> list[str]:
        """Images that the model needs, sorted."""
        return images(self.features)

    def regions(self, image: str) -> list[str]:
        """Regions of an image that the model needs, sorted."""
        places = [name.split(".", 2)[:2] for name in self.features]
        return sorted({region for own, region in places if own == image})


@dataclass(frozen=True)
class Measured:
    """Tables of a study that a model is applied to.

    Attributes
    ----------
    cohort : DataFrame
        See `cohort.assemble`: one row per subject of the sheet.
    features : DataFrame
        Feature matrix, all sessions and readers.
    dictionary : DataFrame
        Of kind "dictionary".
    exclusions : DataFrame
        Of kind "exclusions": what was left out before.
    acquisition : DataFrame or None
        Of kind "acquisition"; None of a study without images.
    masks : DataFrame or None
        Of kind "masks", or None.
    """

    cohort: pd.DataFrame
    features: pd.DataFrame
    dictionary: pd.DataFrame
    exclusions: pd.DataFrame
    acquisition: pd.DataFrame | None = None
    masks: pd.DataFrame | None = None

    @cached_property
    def rows(self) -> SubjectRows:
        """Cohort and features of all subjects."""
        return SubjectRows(self.cohort, self.features)

    @cached_property
    def subjects(self) -> list[str]:
        """Subjects of the cohort, sorted."""
        return sorted(map(str, self.cohort["subject_id"]))

    def alone(self) -> Iterator[tuple[str, SubjectRows]]:
        """Rows of each subject by itself, sorted."""
        cohort = dict(list(self.cohort.groupby("subject_id")))
        features = dict(list(self.features.groupby("subject_id")))
        nothing = self.features.iloc[:0]
        for subject in self.subjects:
            yield (
                subject,
                SubjectRows(cohort[subject], features.get(subject, nothing)),
            )

    def values(self, settings: ApplyModel) -> pd.DataFrame:
        """Features by subject as the reference reader gives them; not to be changed."""
        place = settings.baseline_session, settings.reference_reader
        try:
            return self.rows.matrix(*place)
        except StudyError:
            return pd.DataFrame(dtype=float)


def leaves(estimates: Estimates) -> Iterator[Estimates]:
    """Estimates of the models that are no fusion: of a fused arm, its members'."""
    if estimates.fusion is None:
        yield estimates
        return
    for member in estimates.fusion.members.values():
        yield from leaves(member.estimates)


def columns_of(estimates: Estimates) -> list[str]:
    """Predictors of a model and all its members, each once, in order."""
    found = [name for leaf in leaves(estimates) for name in leaf.columns]
    return list(dict.fromkeys(found))


def measured_here(estimates: Estimates, session: str, reader: str) -> Estimates:
    """The same estimates for features that this study calls otherwise.

    Names of sessions and readers are those of a study; which of them is the first scan
    and the reader to be trusted, each study says itself.
    """
    own: dict[str, object] = {"session": session, "reader": reader}
    if estimates.fusion is not None:
        members = {
            name: one.model_copy(
                update={"estimates": measured_here(one.estimates, session, reader)}
            )
            for name, one in estimates.fusion.members.items()
        }
        own["fusion"] = estimates.fusion.model_copy(update={"members": members})
    return estimates.model_copy(update=own)
