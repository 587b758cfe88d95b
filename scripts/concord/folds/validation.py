"""Settings of validation: how subjects are split into development and evaluation."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ..fields import Section
from ..methods_clauses import Clause
from . import fold_sets, scheme
from .declared_splits import (
    FixedSplit,
    TemporalSplit,
    fixed_clause,
    temporal_clause,
)
from .sealing import SealedSection, choice_faults, sealed_clause


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
    temporal: Annotated[TemporalSplit | None, Clause(temporal_clause)] = Field(
        default=None,
        description="Also judge later subjects by models of earlier ones; null: not.",
    )
    fixed: Annotated[FixedSplit | None, Clause(fixed_clause)] = Field(
        default=None,
        description="Also judge the evaluation set that a column tells, by a model of "
        "its development set; null: not.",
    )

    @property
    def declared(self) -> list[scheme.SchemeKind]:
        """Kinds of the splits that the study declares."""
        kinds = {scheme.TEMPORAL: self.temporal, scheme.FIXED: self.fixed}
        return [kind for kind, split in kinds.items() if split is not None]


class ValidationSection(SplittingSection):
    """Splits into development and evaluation subjects."""

    group: Annotated[str, Clause("groups by {group}")] = Field(
        default="site",
        description="What is left out in turn: site, or an image and a column of "
        "the acquisition table such as CT.SoftwareVersions.",
    )
    internal_external: Annotated[
        bool,
        Clause(
            {
                True: "the values of groups left out pooled with random effects "
                "(restricted maximum likelihood, Hartung-Knapp)",
                False: "",
            }
        ),
    ] = Field(
        default=False,
        description="Pool the values of the groups that are left out with random "
        "effects: their mean, how far groups differ, and where a new group is to be "
        "expected; needs leave_one_group_out.",
    )
    bootstrap: Annotated[
        int,
        Clause(
            "{bootstrap} bootstrap samples of patients within groups, for the optimism "
            "and the .632+ estimate",
            silent=(0,),
        ),
    ] = Field(
        default=0,
        ge=0,
        le=5000,
        description="Bootstrap samples that every arm is fitted to, whole loop "
        "included, for its optimism and the .632+ estimate; 0: none, at least 100 for "
        "a paper.",
    )
    sealed: Annotated[SealedSection | None, Clause(sealed_clause)] = Field(
        default=None,
        description="Subjects that nothing which sees outcomes or learns is given, "
        "until `snakemake unseal` tests the final models on them; null: none.",
    )
    samples_per_job: int = Field(
        default=100, ge=1, description="Bootstrap samples that one job fits."
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
        found = scheme.parts(
            self.repeats, self.repeats_per_job, self.leave_one_group_out, self.declared
        )
        return [str(part) for part in found]

    def sample_parts(self, n_samples: int) -> list[str]:
        """Runs of bootstrap samples that one job fits each."""
        found = scheme.runs(scheme.BOOTSTRAP, n_samples, self.samples_per_job)
        return [str(part) for part in found]


def validation_faults(validation: ValidationSection) -> Iterator[tuple[str, str]]:
    """Contradictions of the section, as (key, message)."""
    if validation.internal_external and not validation.leave_one_group_out:
        yield (
            "validation.internal_external",
            "is true, but no group is left out; set validation.leave_one_group_out to "
            "true, or this to false",
        )
    yield from choice_faults(validation.sealed, validation.group)
    fixed = validation.fixed
    both = sorted(set(fixed.development) & set(fixed.evaluation)) if fixed else []
    if both:
        yield (
            "validation.fixed.evaluation",
            f"has {both}, which validation.fixed.development has too; write each value "
            "on one side",
        )
