"""Section on the planted facts of a demonstration, and whether they were found."""

from ... import numbers as n
from ...blocks import Items, Section, Table, section, table
from ...results import Results


def recovered_section(results: Results) -> Section | None:
    """Planted facts and their recovery (demonstrations only)."""
    rows = results["recovered"]
    if rows.empty:
        return None
    cells = [
        [
            row["claim"],
            row["planted"],
            row["found"],
            row["criterion"],
            "yes" if row["recovered"] else "no",
        ]
        for _, row in rows.iterrows()
    ]
    columns = ["Claim", "Planted", "Found", "Criterion", "Recovered"]
    planted: Table = table("Planted and recovered", columns, cells)
    return section("recovered", "Recovered truth", planted)


def recovered_summary(results: Results) -> Items | None:
    """Share of the planted facts that were found; None without any."""
    rows = results["recovered"]
    if rows.empty:
        return None
    found = n.share(int(rows["recovered"].fillna(False).sum()), len(rows))
    sentence = f"Planted facts of the simulation that were recovered: {found}."
    return Items((sentence,), "Recovered truth")
