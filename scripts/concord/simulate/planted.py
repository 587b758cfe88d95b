"""Settings of what a simulated study may have planted in its outcomes and its scans."""

from pydantic import Field

from ..fields import Section


class OtherDeaths(Section):
    """Deaths of other causes: a hazard that comorbidity raises, and nothing else."""

    severe_share: float = Field(
        default=1 / 3,
        gt=0,
        lt=1,
        description="Share of subjects of a site with severe comorbidity, drawn "
        "independently of all else.",
    )
    median_time_days: float = Field(
        default=250.0,
        gt=0,
        le=10000,
        description="Median time to death of another cause with severe comorbidity, in "
        "days.",
    )
    severe_log_hazard: float = Field(
        default=3.0,
        ge=0,
        le=6,
        description="Log hazard ratio of severe comorbidity for deaths of other "
        "causes.",
    )


class PlantedTreatment(Section):
    """A treatment randomized within site, whose effect depends on a receptor."""

    interaction_log_odds: float = Field(
        default=6.0,
        ge=-12,
        le=12,
        description="Log of the ratio of two odds ratios of recurrence by treatment: "
        "with the receptor over without. Halves of it have opposite signs, so that the "
        "treatment has no effect on average.",
    )
