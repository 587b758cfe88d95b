"""Settings of the report."""

from pydantic import Field

from ..fields import Section


class ReportSection(Section):
    """Looks of the report."""

    title: str = Field(
        default="Imaging-biomarker study", description="Title of the report."
    )
    authors: list[str] = Field(default=[], description="Authors, as printed.")
