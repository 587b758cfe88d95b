"""Checklists: how many items the study fills; no score."""

from ..blocks import Block, Link, Section, section, table, text
from ..checklists.filling import STATES
from ..checklists.items import FILES, checklist
from ..results import Results


def checklists_section(results: Results) -> Section | None:
    """Counts by list and state, and links to the lists; nothing if none was filled."""
    rows = results["checklist"]
    if rows.empty:
        return None
    lists = [name for name in FILES if name in set(rows["checklist"])]
    counted = [
        [
            checklist(name).title,
            *(
                str(int(((rows["checklist"] == name) & (rows["state"] == state)).sum()))
                for state in STATES
            ),
        ]
        for name in lists
    ]
    links: list[Block] = [
        Link(f"checklists/{name}.html", f"{checklist(name).title}, filled as a draft")
        for name in lists
    ]
    return section(
        "checklists",
        "Checklists",
        text(
            "Reporting checklists were filled as far as the results and the "
            "configuration go; the authors complete and sign them. The counts are no "
            "score."
        ),
        table(
            "Items of each checklist", ["List", *map(str.capitalize, STATES)], counted
        ),
        *links,
        Link("data_card.html", "Data card of the study"),
    )
