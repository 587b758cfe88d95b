"""HTML of a page from its sections."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, StrictUndefined

from .blocks import Banner, Section
from .settings import Report
from .template import PAGE, STYLE, policy


def rendered(
    settings: Report,
    title: str,
    banners: Sequence[Banner],
    sections: Sequence[Section],
    created: datetime | None = None,
    style: str = STYLE,
) -> str:
    """A page that loads nothing from outside and runs no script.

    Parameters
    ----------
    settings : Report
        Authors and name of the study.
    title : str
    banners, sections : sequence
    created : datetime, optional
        Time of the page; now by default.
    style : str
        CSS of the page.
    """
    moment = created or datetime.now(UTC)
    return filled(
        PAGE,
        title=title,
        authors=settings.report.authors,
        study=settings.study.name,
        style=style,
        banners=banners,
        sections=sections,
        created=moment.isoformat(timespec="seconds"),
    )


def filled(template: str, *, style: str, **values: Any) -> str:
    """A template of a page with its values, which are escaped, and with its style."""
    page = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).from_string(template)
    return page.render(policy=policy(style), style=style, **values)
