"""Settings of the cohort and of the rules that make and split it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from ..fields import CohortColumns, Name, Names, Section
from ..methods_clauses import Clause
from ..settings import RuleSettings, StudyView, from_study
from ..statistics.outcome_kinds import BINARY, OUTCOME_KINDS, SURVIVAL, OutcomeKind
from ..subject_ids import UnnamedSubjects
from . import fold_sets
from .causes import CauseOfInterest, Causes
from .declared_splits import DeclaredSplits
from .endpoints.options import EndpointOptions
from .treatment import PREDICTIVE, Markers, Treatment, TreatmentSection, treatment_field
from .validation import SplittingSection

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


class Endpoint(EndpointOptions):
    """An outcome: its kind, its columns and its options."""

    kind: EndpointKind = Field(
        description="diagnostic: is it so (logistic regression of 0 or 1); "
        "prognostic: when does it happen (Cox regression); predictive: for whom does a "
        "treatment work (either, with or without days); competing: when does "
        "it happen, of several causes the first of which ends it (Cox regression of "
        "the cause of interest). The earlier names binary "
        "and survival are read too."
    )
    event: str = Field(
        description="Column of the subjects sheet holding 0 or 1, or the code of a "
        "cause (competing)."
    )
    time_days: str | None = Field(
        default=None,
        description="Column with the days to event or censoring (none for a "
        "diagnostic endpoint).",
    )
    treatment: Treatment | None = treatment_field()
    causes: Causes = Field(default={})
    cause: CauseOfInterest = 1

    @property
    def has_times(self) -> bool:
        """True if times to event or censoring are given, as days or by dates."""
        return self.time_days is not None or self.dates is not None

    @property
    def columns(self) -> dict[str, str]:
        """Columns of the subjects sheet that tell the outcome, by their keys."""
        keys = ("event", "time_days", "start_date", "end_date")
        given = {key: getattr(self, key) for key in keys}
        return {key: column for key, column in given.items() if column is not None}

    @property
    def questions(self) -> set[str]:
        """Its kind; and predictive, of any kind that has a treatment."""
        return {self.kind} | ({PREDICTIVE} if self.treatment else set())

    @property
    def all_columns(self) -> dict[str, str]:
        """Columns of the subjects sheet that the endpoint reads, by their keys."""
        given = {"treatment.column": self.treatment.column} if self.treatment else {}
        return self.columns | given

    @property
    def outcome_kind(self) -> OutcomeName:
        """Name of the outcome as models and metrics know it: binary or survival."""
        timed = self.has_times and self.horizon_days is None
        return SURVIVAL.name if timed else BINARY.name

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
    ties: Annotated[
        Literal["efron", "breslow"],
        Clause(
            {
                "efron": "Efron's treatment of events at one time",
                "breslow": "Breslow's treatment of events at one time",
            },
            when="outcome_kind=survival",
        ),
    ] = Field(
        default="efron",
        description="Treatment of events at one time in Cox regression: efron, or "
        "breslow, coarser but as in glmnet.",
    )


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
    splits: Annotated[DeclaredSplits, from_study("validation")] = DeclaredSplits()
    unnamed_subjects: UnnamedSubjects
    # Words that stand for no id, where rows are numbered.
    unnamed_words: list[str] = Field(default=[])
    # Site, cluster and why of each sealed subject; none is in the cohort.
    sealed: dict[str, dict[str, str]] = Field(default={})
    sheet_digest: str

    @property
    def kept_out(self) -> set[str]:
        """Subjects that are in no cohort: left out, or sealed."""
        return {*self.sheet.leave_out, *self.sealed}

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with a hash of the cells of the sheet that the study uses."""
        return cls.composed(
            study,
            names,
            unnamed_subjects=study.unnamed_subjects,
            unnamed_words=study.unnamed_words,
            sealed=study.sealed,
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


class DrawSamples(RuleSettings):
    """Settings of rule draw_samples."""

    seed: int = from_study("study.seed")
    bootstrap: int

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the samples that optimism or instability ask for."""
        return cls.composed(study, names, bootstrap=study.config.n_samples)
