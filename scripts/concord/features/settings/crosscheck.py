"""The section of the configuration on the second feature engine."""

from typing import Literal

from pydantic import Field

from ...fields import Section


class CrosscheckSection(Section):
    """Features of some subjects, computed by a second engine."""

    cases_per_site: int = Field(
        default=0,
        ge=0,
        description="Subjects per site and image whose features a second engine "
        "computes too, chosen by a hash of their ids; 0 leaves the check out.",
    )
    engine: Literal["zrad"] = Field(
        default="zrad", description="The second engine: zrad (Z-Rad)."
    )
