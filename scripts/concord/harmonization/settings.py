"""Settings of harmonization, and of the rules that judge and check it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from ..fields import Name, Names, Section, Unseen
from ..folds.batch_column import BatchColumn
from ..methods_clauses import Clause, listed
from ..settings import RuleSettings, StudyView, from_study

#: Harmonizers by the name in the configuration, and what the methods say of each.
HARMONIZERS: Mapping[Any, str] = {
    "none": "not harmonized",
    "combat": "harmonized by ComBat",
    "zscore": "standardized within each batch",
    "covbat": "harmonized by CovBat",
}

if TYPE_CHECKING:
    HarmonizerKind = str
else:
    #: A harmonizer in a configuration: one of the declared names.
    HarmonizerKind = Literal[tuple(HARMONIZERS)]

#: Largest difference of ComBat from neuroCombat, in SD of the feature, that rounding
#: and the order of sums explain; they leave about 1e-8.
ACCEPTED_DIFFERENCE_SD = 1e-6

#: Rows of unseen batches in the methods paragraph, by the rule for them.
UNSEEN_CLAUSES: Mapping[Any, str] = {
    "passthrough": "rows of unseen batches left as measured",
    "refuse": "rows of unseen batches not scored",
    "adapt": "unseen batches estimated from some of their subjects without their "
    "outcomes, which were not scored",
}


def _batches(section: Any) -> str:
    parts = (
        f"{' and then '.join(variables)} ({image})"
        for image, variables in sorted(section.batch.items())
    )
    return f"batch {listed(list(parts))}"


class BatchModel(Section):
    """Batches, kept covariates and estimation of ComBat."""

    batch: Annotated[dict[Name, Names], Clause(_batches)] = Field(
        description="What is removed, by image (or by modality: all its other images) "
        "and in this order: site, or a column of the acquisition table such as "
        "SoftwareVersions.",
    )
    keep: Annotated[
        list[str],
        Clause({True: "the effect of {keep} kept", False: "no covariate kept"}),
    ] = Field(
        default=[],
        description="Covariates whose effect is kept; never an outcome or a proxy of "
        "one.",
    )
    smooth: Annotated[
        list[str],
        Clause("that of {smooth} as a natural cubic spline with {spline_knots} knots"),
    ] = Field(
        default=[],
        description="Numbers among the kept covariates whose effect is a curve "
        "(natural cubic spline, not penalized) instead of a line.",
    )
    spline_knots: int = Field(default=4, ge=3, le=10, description="Knots of a curve.")
    min_batch_size: Annotated[
        int,
        Clause(
            "batches with fewer than {min_batch_size} development subjects taken as "
            "unseen"
        ),
    ] = Field(
        default=3,
        ge=2,
        description="Batches with fewer development subjects count as unseen.",
    )
    empirical_bayes: Annotated[
        bool,
        Clause(
            {True: "parametric empirical Bayes shrinkage", False: "without shrinkage"}
        ),
    ] = Field(
        default=True,
        description="Shrink the batch estimates over features (Johnson 2007).",
    )
    mean_only: Annotated[
        bool, Clause({True: "location only", False: "location and scale"})
    ] = Field(
        default=False, description="Remove the shift of a batch but not its scale."
    )

    def variables_of(self, image: str) -> list[str]:
        """Batch variables of an image, in the order of removal; none if it has none."""
        return self.batch.get(image, [])


class Harmonization(BatchModel):
    """Removal of batch effects from rows of known batches."""

    reference: Annotated[
        dict[str, str], Clause("batches moved to the reference {reference}")
    ] = Field(
        default={},
        description="Batch that the others are moved to, for each batch variable that "
        "has one; such as {site: A}.",
    )

    def reference_of(self, batch: str) -> str | None:
        """Reference of a batch column, named by its variable or by the column."""
        variable = BatchColumn.variable_of(batch)
        return self.reference.get(variable, self.reference.get(batch))


class ArmHarmonization(Harmonization):
    """Removal of batch effects in an arm, also from rows of unseen batches."""

    unseen: Annotated[Unseen, Clause(UNSEEN_CLAUSES)] = Field(
        default="passthrough",
        description="What happens to rows of a batch that was not in development. "
        "adapt: the batch is estimated from adapt_subjects of them, without their "
        "outcomes, and they are not scored.",
    )
    adapt_subjects: Annotated[
        int, Clause("{adapt_subjects} of them per batch", when="unseen=adapt")
    ] = Field(
        default=10,
        ge=2,
        le=1000,
        description="Subjects that each unseen batch is estimated from if unseen is "
        "adapt.",
    )
    fit_on: Annotated[
        Literal["patients", "phantom"],
        Clause(
            {
                "patients": "batch effects estimated from development subjects",
                "phantom": "batch effects estimated from phantoms or travelling "
                "subjects",
            }
        ),
    ] = Field(
        default="patients",
        description="Rows that batch effects are estimated from: development "
        "subjects, or the phantoms or travelling subjects of phantom_table.",
    )

    def of_arm(self, unseen: Unseen | None) -> Self:
        """Settings of an arm with a rule of its own, or none, for unseen batches.

        Where nobody adapts a batch, `adapt_subjects` is the default, so that another
        number runs nothing again.
        """
        rule = unseen or self.unseen
        changes: dict[str, object] = {"unseen": rule}
        if rule != "adapt":
            default = type(self).model_fields["adapt_subjects"].default
            changes["adapt_subjects"] = default
        return self.model_copy(update=changes)

    @property
    def n_adapting(self) -> int | None:
        """Subjects that adapt an unseen batch; None if no batch is adapted."""
        return self.adapt_subjects if self.unseen == "adapt" else None


class HarmonizationSection(ArmHarmonization):
    """Removal of batch effects, learnt from development rows of each fold only."""

    phantom_table: str | None = Field(
        default=None,
        description="Feature table (Parquet, CSV, TSV or Excel) with subject_id, a "
        "column per batch variable, and features by their full names; beside the "
        "configuration, or below {data_root}.",
    )
    diagnostic_permutations: Annotated[
        int,
        Clause(
            "batch effects before and after read beside those of "
            "{diagnostic_permutations} permutations of the batches",
            silent=(0,),
        ),
    ] = Field(
        default=99,
        ge=0,
        le=9999,
        description="Permutations of the batch labels, with harmonization repeated, "
        "that the diagnostics of batch effects have their null from. Fewer than 99 "
        "give no band of 95 %.",
    )


class BaselineImages(RuleSettings):
    """Measurements that are harmonized: of one session and one reader."""

    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")


class CrossCheckCombat(BaselineImages):
    """Settings of rule cross_check_combat."""

    harmonization: BatchModel = from_study("harmonization")


class HeldOutHarmonization(BaselineImages):
    """Harmonization as the headline arm does it, judged on held-out rows.

    Rows of unseen batches are left out; the harmonizer is fitted to the
    other half, not to the phantom.
    """

    harmonization: Harmonization = from_study("harmonization")
    kind: HarmonizerKind = "combat"

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the harmonizer of the headline arm; ComBat if it has none.

        Of a fused arm, that of its first member that has one.
        """
        arms = study.value("arms")
        fusion = arms[study.value("evaluation.headline_arm")].fusion
        parts = (
            sorted(fusion.of) if fusion else [study.value("evaluation.headline_arm")]
        )
        kinds = [arms[part].harmonizer for part in parts]
        chosen = [{"kind": kind} for kind in kinds if kind != "none"]
        return cls.composed(study, names, **(chosen[0] if chosen else {}))


class SiteEffect(HeldOutHarmonization):
    """Settings of rule site_effect."""

    seed: int = from_study("study.seed")
    n_permutations: int = from_study("harmonization.diagnostic_permutations")


class HarmonizationDiagnostics(HeldOutHarmonization):
    """Settings of rule harmonization_diagnostics."""

    covariates: list[str]
    endpoints: list[str]
    retest_sessions: list[str] = from_study("stability.retest_sessions")
    readers: list[str] | None = from_study("stability.readers")
    confidence: float = from_study("stability.confidence")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of covariates and endpoints, sorted."""
        judged = HeldOutHarmonization.of(study)
        return cls.composed(
            study,
            names,
            kind=judged.kind,
            covariates=sorted(study.value("covariates")),
            endpoints=sorted(study.value("endpoints")),
        )
