"""Settings of the cohort and its splits: covariates, factors, endpoints, validation."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from ..fields import CohortColumns, Name, Names, Section
from ..methods_clauses import Clause
from ..settings import RuleSettings, StudyView, from_study
from ..statistics.outcome_kinds import BINARY, OUTCOME_KINDS, SURVIVAL, OutcomeKind
from ..subject_ids import UnnamedSubjects
from . import fold_sets, scheme
from .treatment import Markers, Treatment, TreatmentSection, treatment_field

if TYPE_CHECKING:
    OutcomeName = str
else:
    #: Name of an outcome as models and metrics know it: one of the declared ones.
    OutcomeName = Literal[tuple(OUTCOME_KINDS)]
#: Earlier names of kinds of endpoints, which configurations may still use.
EARLIER_KINDS = {"binary": "diagnostic", "survival": "prognostic"}


def _present_name(value: Any) -> Any:
    return EARLIER_KINDS.get(value, value) if isinstance(value, str) else value


#: A question asked of an outcome.
EndpointKind = Annotated[
    Literal["diagnostic", "prognostic", "predictive", "competing"],
    BeforeValidator(_present_name),
]


class Covariate(Section):
    """A clinical predictor: its column and its kind."""

    column: str = Field(description="Column of the subjects sheet.")
    kind: Literal["number", "category"] = Field(
        default="number", description="A number, or one of the declared levels."
    )
    levels: list[str] = Field(
        default=[], description="Levels of a category; the first is the reference."
    )


class CovariateSection(Covariate):
    """A clinical predictor."""

    label: str = Field(default="", description="Name in figures and report.")
    unit: str = Field(default="", description="Unit of a number.")


class Endpoint(Section):
    """An outcome: its kind and its columns."""

    kind: EndpointKind = Field(
        description="diagnostic: is it so (logistic regression of 0 or 1); "
        "prognostic: when does it happen (Cox regression); predictive: for whom does a "
        "treatment work (either, with or without days). The earlier names binary and "
        "survival are read too."
    )
    event: str = Field(description="Column of the subjects sheet holding 0 or 1.")
    time_days: str | None = Field(
        default=None,
        description="Column with the days to event or censoring (none for a "
        "diagnostic endpoint).",
    )
    treatment: Treatment | None = treatment_field()

    @property
    def outcome_kind(self) -> OutcomeName:
        """Name of the outcome as models and metrics know it: binary or survival."""
        return BINARY.name if self.time_days is None else SURVIVAL.name

    @property
    def outcome(self) -> OutcomeKind:
        """Kind of the outcome as models and metrics know it."""
        return OUTCOME_KINDS[self.outcome_kind]


class EndpointSection(Markers, Endpoint):
    """An outcome and the question asked of it."""

    label: str = Field(default="", description="Name in figures and report.")
    treatment: TreatmentSection | None = treatment_field()
    proxies: list[str] = Field(
        default=[],
        description="Columns of the subjects sheet that give the outcome away, such "
        "as treatment chosen by its expected risk; refused as predictors and as kept "
        "covariates.",
    )


def _no_endpoint(value: Any) -> Any:
    if value not in (fold_sets.GROUP, fold_sets.OUTCOME):
        raise ValueError(
            "write group (or leave the key out), or outcome for folds of each endpoint "
            "that spread its own events; folds by both the outcome of an endpoint and "
            "the group let noise look like an effect of the group"
        )
    return value


class SplittingSection(Section):
    """Development and evaluation sets of a study."""

    stratify_by: Annotated[
        Literal["group", "outcome"],
        BeforeValidator(_no_endpoint),
        Clause(
            {
                "group": "{repeats} repeats of {folds}-fold cross-validation, "
                "stratified by group",
                "outcome": "{repeats} repeats of {folds}-fold cross-validation, for "
                "each endpoint stratified by its outcome",
            }
        ),
    ] = Field(
        default="group",
        description="Spread evenly over the folds of the cross-validation: group, one "
        "set of folds for all endpoints that sees no outcome; or outcome, a set for "
        "each endpoint by its own events.",
    )
    folds: int = Field(default=5, ge=2, le=20, description="Folds of each repeat.")
    repeats: int = Field(
        default=5, ge=1, le=100, description="Repeats of the cross-validation."
    )
    leave_one_group_out: Annotated[
        bool, Clause({True: "leaving each group out once", False: ""})
    ] = Field(default=True, description="Also leave each group out once.")


class ValidationSection(SplittingSection):
    """Splits into development and evaluation subjects."""

    group: Annotated[str, Clause("groups by {group}")] = Field(
        default="site",
        description="What is left out in turn: site, or an image and a column of "
        "the acquisition table such as CT.SoftwareVersions.",
    )
    repeats_per_job: int = Field(
        default=5,
        ge=1,
        le=100,
        description="Repeats that one job fits; starting a job costs seconds.",
    )
    arms_per_job: int = Field(
        default=50,
        ge=1,
        description="Arms that one job fits; they share what depends on no arm.",
    )

    def fold_set(self, endpoint: str) -> str:
        """Name of the set of folds that an endpoint is judged by."""
        return fold_sets.of_endpoint(self.stratify_by, endpoint)

    def parts(self) -> list[str]:
        """Parts of the folds that one job fits each, without the final fit."""
        by_group = self.leave_one_group_out
        return [
            str(part)
            for part in scheme.parts(self.repeats, self.repeats_per_job, by_group)
        ]


class Factor(Section):
    """A difference between subjects: its column."""

    column: str = Field(
        description="Column of the subjects sheet, such as the treatment given; "
        "checked against groups and outcomes, never a predictor.",
    )


class FactorSection(Factor):
    """A difference between subjects that could pass for a site effect."""

    label: str = Field(default="", description="Name in figures and report.")


class AssembleCohort(RuleSettings):
    """Settings of rule assemble_cohort."""

    batch: dict[Name, Names] = from_study("harmonization.batch")
    group: str = from_study("validation.group")
    baseline_session: str = from_study("study.baseline_session")
    sheet: CohortColumns = from_study("sheets")
    covariates: dict[Name, Covariate] = from_study("covariates")
    factors: dict[Name, Factor] = from_study("factors")
    endpoints: dict[Name, Endpoint] = from_study("endpoints")
    unnamed_subjects: UnnamedSubjects
    sheet_digest: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with a hash of the cells of the sheet that the study uses."""
        return cls.composed(
            study,
            names,
            unnamed_subjects=study.unnamed_subjects,
            sheet_digest=study.subjects_digest(),
        )


class MakeFolds(RuleSettings):
    """Settings of rule make_folds.

    `endpoint` is the one whose outcome is spread evenly, or None.
    """

    seed: int = from_study("study.seed")
    validation: SplittingSection = from_study("validation")
    endpoint: str | None = None

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the set of folds that the wildcard names."""
        endpoint = fold_sets.endpoint_of(names["fold_set"])
        return cls.composed(study, names, endpoint=endpoint)
