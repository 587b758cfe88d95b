"""Settings of the figures."""

from pydantic import Field

from ..fields import Section


class FiguresSection(Section):
    """Looks of the figures."""

    width_mm: float = Field(
        default=140, ge=60, le=300, description="Width of a figure, in mm."
    )
    font_size_pt: float = Field(
        default=7, ge=5, le=14, description="Size of the text, in points."
    )
