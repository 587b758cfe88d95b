"""Inputs, outcome and origin of a frozen model."""

from typing import Literal

from pydantic import Field

from ..fields import Section
from ..folds.settings import EndpointKind


class FeatureInput(Section):
    """A feature that the model needs, as its dictionary entry describes it."""

    image: str = Field(description="Name of the image.")
    modality: str = Field(description="CT, MR or PT.")
    region: str = Field(description="What is segmented.")
    column: str = Field(description="Column of the feature matrix.")
    filter: str = Field(description="Image filter, or original.")
    family: str = Field(description="IBSI family.")
    feature: str = Field(description="Name within the family.")
    ibsi_code: str | None = Field(description="IBSI code; null if not standardized.")
    measurand: str = Field(description="What the value says, in words.")
    unit: str = Field(description="Unit of the value.")
    unit_ucum: str | None = Field(description="The same in the notation of UCUM.")
    recipe: str = Field(description="Name of the recipe in `configuration`.")
    recipe_hash: str | None = Field(
        description="Hash of the complete recipe; null if it is not known, and then "
        "none is compared."
    )
    settings_hash: str | None = Field(
        default=None,
        description="Hash of the recipe without versions of software: equal where "
        "another version of the engine computes the same recipe.",
    )
    software: str | None = Field(
        description="Engine and version; null if any engine will do."
    )


class OutcomeInput(Section):
    """Outcome that the model predicts."""

    kind: EndpointKind
    label: str = Field(description="Name in figures and report.")
    causes: dict[int, str] = Field(
        default={}, description="Competing causes by their code; none of others."
    )
    cause: int = Field(default=1, description="Code of the cause of interest.")
    at_days: list[float] = Field(
        default=[], description="Days at which its risk is told (with times)."
    )
    horizon_days: float | None = Field(
        default=None,
        description="Days within which the event counts, of an outcome at a horizon.",
    )
    censored_before: str | None = Field(
        default=None, description="Rule for subjects censored before the horizon."
    )
    strata: list[str] = Field(
        default=[],
        description="Columns whose values have baseline hazards of their own.",
    )


class Ancestor(Section):
    """Model that this one was made of, and how."""

    hash: str = Field(description="Hash of the document of that model.")
    update: str = Field(description="Kind of the update: see `updating`.")
    study: str = Field(description="Name of the study whose subjects updated it.")
    n: int = Field(description="Subjects that the update learnt from.")
    n_events: int | None = Field(default=None, description="Events among them.")
    parent: "Ancestor | None" = Field(
        default=None, description="What that model was made of, if it was updated too."
    )


class Origin(Section):
    """Where the model comes from."""

    study: str = Field(description="Name of the study, or of the publication.")
    source: Literal["fitted", "published", "updated"]
    development: str = Field(
        description="Subjects that it was fitted to: all, or without_<group>."
    )
    reference: str = Field(default="", description="Publication, with its DOI.")
    parent: Ancestor | None = Field(default=None)
    plan: str | None = Field(
        default=None, description="Hash of the registered plan, if there was one."
    )
