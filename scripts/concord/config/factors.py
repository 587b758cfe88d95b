"""The section `factors`: what differs between subjects and is no predictor."""

from pydantic import Field

from .sections import Section


class FactorSection(Section):
    """A difference between subjects that could pass for a site effect."""

    column: str = Field(
        description="Column of the subjects sheet, such as the treatment given; "
        "checked against groups and outcomes, never a predictor.",
    )
    label: str = Field(default="", description="Name in figures and report.")
