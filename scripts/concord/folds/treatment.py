"""Settings of an endpoint with a treatment: its markers and the adjustment."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ..fields import Section
from ..methods_clauses import Clause

#: The kind of endpoint that asks for whom a treatment works.
PREDICTIVE = "predictive"
#: A marker whose name has this is a pattern of feature names.
_OF_FEATURES = "."


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(
            "write it in quotation marks: yes, no, true and false without them are no "
            "text in YAML"
        )
    return str(value) if isinstance(value, int) else value


#: Text of a cell of the subjects sheet; a whole number may stand without quotes.
Cell = Annotated[
    str,
    BeforeValidator(_cell, json_schema_input_type=str | int),
    Field(min_length=1),
]


class Treatment(Section):
    """A treatment that some subjects had and others had not: its column."""

    column: str = Field(description="Column of the subjects sheet.")
    control: Cell = Field(description="Its cell for subjects without the treatment.")
    treated: Cell = Field(description="Its cell for subjects with the treatment.")

    @model_validator(mode="after")
    def _two_arms(self) -> Self:
        if self.control == self.treated:
            raise ValueError(
                f"control and treated are both {self.control!r}; give the two cells "
                "that tell them apart"
            )
        return self


class TreatmentSection(Treatment):
    """A treatment, how it was assigned, and its printed name."""

    randomized: Annotated[
        bool,
        Clause(
            {
                True: "the treatment was randomized",
                False: "the treatment was not randomized, so that the analysis is "
                "exploratory",
            }
        ),
    ] = Field(
        description="true only if chance alone decided who was treated; false makes "
        "every statement exploratory, and the treatment no predictor of an arm."
    )
    label: str = Field(default="", description="Name in figures and report.")


def treatment_field() -> Any:
    """The field `treatment` of an endpoint, with a label or without."""
    return Field(
        default=None,
        description="The treatment whose effect may depend on a marker; an endpoint of "
        "any kind may have one, a predictive endpoint must.",
    )


class Markers(Section):
    """Markers whose effect may differ between the treatments."""

    markers: Annotated[
        list[str], Clause({True: "the markers {markers}", False: ""})
    ] = Field(
        default=[],
        description="With a treatment: markers declared in advance, each a name of "
        "a covariate or a pattern of feature names; p-values count all of them.",
    )
    marker_arms: Annotated[
        list[str],
        Clause(
            {
                True: "as markers, scores of {marker_arms} by models of the first "
                "repeat of the cross-validation that the subject was no part of",
                False: "",
            }
        ),
    ] = Field(
        default=[],
        description="With a treatment: arms whose score is a marker; each "
        "subject's is predicted in the first repeat of the cross-validation, by a "
        "model that the subject was no part of.",
    )
    adjust: Annotated[
        list[str],
        Clause({True: "all models adjusted for {adjust}", False: "no adjustment"}),
    ] = Field(
        default=[],
        description="With a treatment: covariates in all models of the "
        "interaction, beside treatment and marker.",
    )
    marker_scale: Annotated[
        Literal["measured", "ranks"],
        Clause(
            {
                "measured": "markers as measured, effects per standard deviation",
                "ranks": "markers as normal scores of their ranks",
            }
        ),
    ] = Field(
        default="measured",
        description="With a treatment: markers as measured, of which a model takes "
        "a straight line; or normal scores of their ranks, for markers with few very "
        "large values.",
    )

    @property
    def names_markers(self) -> bool:
        """True if some marker is declared."""
        return bool(self.markers or self.marker_arms)

    @property
    def marker_patterns(self) -> list[str]:
        """Markers that are patterns of feature names."""
        return [name for name in self.markers if _OF_FEATURES in name]

    @property
    def marker_covariates(self) -> list[str]:
        """Markers that are names of covariates."""
        return [name for name in self.markers if _OF_FEATURES not in name]
