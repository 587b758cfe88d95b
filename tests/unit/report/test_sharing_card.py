"""Data card: counts of people, scanners and exclusions, and the declared licence."""

import pytest

from concord.report.blocks import Table
from concord.report.sharing import card

from ... import synthetic_results as synthetic


@pytest.fixture
def paths(tmp_path):
    """Tables of the synthetic study."""
    inputs = synthetic.write_results(tmp_path)
    return {
        name: [paths] if isinstance(paths, str) else paths
        for name, paths in inputs.items()
    }


def grids(found):
    return {one.caption: one for one in found.blocks if isinstance(one, Table)}


def test_subjects_and_events_are_counted_by_site(paths):
    found = grids(card.card(paths, "CC BY 4.0", None))["Subjects by site"]
    cohort = synthetic.cohort()

    assert found.columns == ("", "A", "B", "C", "All")
    assert found.rows[0][-1] == str(len(cohort))
    counts = {row[0]: row[1:] for row in found.rows}
    for name in synthetic.ENDPOINTS:
        events = [cohort.loc[cohort["site"] == s, f"event.{name}"].sum() for s in "ABC"]
        told = [int(one) for one in counts[f"{name}: events"]]
        assert told == [*map(int, events), int(sum(events))]


def test_scanners_and_exclusions_are_counted(paths):
    found = grids(card.card(paths, "", None))
    images = sum(int(row[-1]) for row in found["Images by scanner"].rows)
    assert images == len(synthetic.acquisition())
    assert sum(int(row[-1]) for row in found["Exclusions"].rows) > 0


def test_a_licence_is_told_as_declared_and_its_lack_too(paths):
    assert "Licence: CC BY 4.0." in card.as_markdown(
        "S", card.card(paths, "CC BY 4.0", None), 0
    )
    undeclared = card.as_html("S", card.card(paths, "", "Simulated."), 0)
    assert "No licence or terms of use were declared" in undeclared
    assert "Simulated." in undeclared


def test_small_counts_are_hidden_in_both_forms(paths):
    found = card.card(paths, "", None)
    for page in (card.as_markdown("S", found, 50), card.as_html("S", found, 50)):
        assert "&lt; 50" in page or "hidden" in page
    assert "&lt; 50" not in card.as_markdown("S", found, 0)


def test_a_study_without_images_or_exclusions_says_so(paths):
    alone = {"cohort": paths["cohort"]}
    page = card.as_markdown("S", card.card(alone, "", None), 0)
    assert "No image was ingested" in page
    assert "Nothing was excluded." in page


def test_no_subject_is_named(paths):
    page = card.as_html("S", card.card(paths, "", None), 0)
    assert not [name for name in synthetic.cohort()["subject_id"] if name in page]
