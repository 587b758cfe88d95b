"""Names that a study has for what was planted in its outcomes."""

from typing import Any, Self

from pydantic import Field

from ..fields import Section

#: Columns of the simulated sheet with deaths: of any cause, and their codes.
_DEATH, _CAUSE = "event", "cause"


class OutcomeRoles(Section):
    """Planted effects of the outcomes, and the names that the study has for them."""

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
        if planted is None:
            return cls()
        named = {one.column: name for name, one in config.covariates.items()}
        deaths = [n for n, e in endpoints.items() if e.event in (_DEATH, _CAUSE)]
        of_tumour = _DEATH if planted.other_deaths is None else _CAUSE
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
        treatment = _of_treatment(config, named, deaths)
        return cls(**found, **treatment, **_of_other_deaths(config, named, deaths))


def _of_treatment(
    config: Any, named: dict[str, str], deaths: list[str]
) -> dict[str, Any]:
    """Endpoints with a treatment, by whether its effect varies, if one is planted."""
    planted = config.simulation.treatment
    if planted is None or "receptor" not in named:
        return {}
    treated = [n for n, one in config.endpoints.items() if one.treatment is not None]
    return {
        "interacting": [n for n in treated if n not in deaths],
        "not_interacting": [n for n in treated if n in deaths],
        "receptor": named["receptor"],
        "interaction_log_odds": planted.interaction_log_odds,
    }


def _of_other_deaths(
    config: Any, named: dict[str, str], deaths: list[str]
) -> dict[str, Any]:
    """Endpoints with causes that compete, if other deaths are planted."""
    planted = config.simulation.other_deaths
    if planted is None or "comorbidity" not in named:
        return {}
    competing = [n for n in deaths if config.endpoints[n].causes]
    return {
        "competing": {name: config.endpoints[name].cause for name in competing},
        "comorbidity": named["comorbidity"],
        "other_deaths_log_hazard": planted.severe_log_hazard,
    }
