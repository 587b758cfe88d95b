"""Names that a study has for what was planted in its outcomes."""

from typing import Any, Self

from pydantic import Field

from ..fields import Section

#: Columns of the simulated sheet with deaths: of any cause, and their codes.
_DEATH, _CAUSE = "event", "cause"


class OutcomeRoles(Section):
    """What was planted in the outcomes, and the names that the study has for it."""

    texture_endpoints: list[str] = Field(default=[])  # times to death of the tumour
    texture_log_hazard: float = 0.0  # per SD
    texture_sd_hu: float = 1.0
    adjusted: list[str] = Field(default=[])  # covariates age and stage
    interacting: list[str] = Field(
        default=[]
    )  # endpoints in which the treatment's effect varies
    not_interacting: list[str] = Field(default=[])
    receptor: str = ""
    interaction_log_odds: float = 0.0
    competing: dict[str, int] = Field(default={})  # cause of interest by endpoint
    comorbidity: str = ""
    other_deaths_log_hazard: float = 0.0

    @classmethod
    def of(cls, config: Any) -> Self:
        """Roles by the columns of the simulated sheet that a study reads."""
        planted, endpoints = config.simulation, config.endpoints
        named = {one.column: name for name, one in config.covariates.items()}
        deaths = [n for n, e in endpoints.items() if e.event in (_DEATH, _CAUSE)]
        of_tumour = _DEATH if planted.other_deaths is None else _CAUSE
        treated = [n for n, one in endpoints.items() if one.treatment is not None]
        found: dict[str, Any] = {
            "texture_endpoints": [
                name
                for name, one in endpoints.items()
                if one.event == of_tumour and one.outcome.has_times
            ],
            "texture_log_hazard": planted.texture_log_hazard,
            "texture_sd_hu": planted.heterogeneity_sd_hu,
            "adjusted": [named[name] for name in ("age", "stage") if name in named],
        }
        if planted.treatment is not None and "receptor" in named:
            found |= {
                "interacting": [n for n in treated if n not in deaths],
                "not_interacting": [n for n in treated if n in deaths],
                "receptor": named["receptor"],
                "interaction_log_odds": planted.treatment.interaction_log_odds,
            }
        if planted.other_deaths is not None and "comorbidity" in named:
            competing = [n for n in deaths if endpoints[n].causes]
            found |= {
                "competing": {name: endpoints[name].cause for name in competing},
                "comorbidity": named["comorbidity"],
                "other_deaths_log_hazard": planted.other_deaths.severe_log_hazard,
            }
        return cls(**found)
