"""The report says what the group alone explains, and withholds what it explains."""

import pandas as pd
import pytest

from concord.report.blocks import Table
from concord.report.results import Results
from concord.report.sections import findings
from concord.report.sections.design import confounding, giveaways
from concord.tables.kinds import KINDS

from ... import synthetic_results as synthetic


def results(group="site", **tables) -> Results:
    """Results of the synthetic study, its group under another name."""
    validation = synthetic.SETTINGS.validation.model_copy(update={"group": group})
    given = {
        "confounding": synthetic.confounding(),
        "confounding_tests": synthetic.confounding_tests(),
        **tables,
    }
    return Results(
        tables={
            kind: pd.DataFrame(rows).reindex(columns=list(KINDS[kind]))
            for kind, rows in given.items()
        },
        cohort=synthetic.cohort(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=synthetic.SETTINGS.model_copy(update={"validation": validation}),
    )


def separated() -> pd.DataFrame:
    changes = {"verdict": "separated", "n_pairs_within": 0, "group_alone": 1.0}
    return synthetic.confounding_tests().assign(**changes)


def performance(estimate: float) -> list[dict]:
    row = {"endpoint": "metastasis", "arm": "radiomics", "scheme": "cv"}
    row |= {"stratum": "all", "metric": "auc", "lower": 0.5, "upper": 1.0}
    return [row | {"estimate": estimate}]


def test_the_warning_names_the_group_its_size_and_what_lies_within_it():
    ((title, text),) = confounding.confounding_warnings(results("CT.SoftwareVersions"))

    assert title == "CT.SoftwareVersions and outcome go together"
    assert "Cramér's V 0.31, by chance 0.06; p = 0.002" in text
    assert "250 of 800 (31 %) comparable pairs lie within a group" in text
    assert "site" not in text


def test_a_weak_or_unproven_association_is_a_sentence_and_no_warning():
    weak = synthetic.confounding_tests().assign(verdict="weakly associated")
    found = results(confounding_tests=weak)
    (sentence,) = confounding.confounding_sentence(found, "metastasis")

    assert not list(confounding.confounding_warnings(found))
    assert sentence.startswith("Event rates of the site alone reached AUC 0.66 in")
    assert "more than by chance, but little" in sentence
    (other,) = confounding.confounding_sentence(results(), "survival")
    assert "is not shown, which a small study could miss" in other


def test_a_group_that_is_no_site_stands_by_its_name():
    found = results("CT.SoftwareVersions")
    (sentence,) = confounding.confounding_sentence(found, "metastasis")

    assert sentence.startswith("Event rates of CT.SoftwareVersions alone reached AUC")


def test_the_panel_shows_the_group_alone_whatever_the_arms():
    events, tests = confounding.confounding_tables(results())

    assert isinstance(tests, Table)
    assert tests.caption == "Site and outcome"
    assert [row[1:6] for row in tests.rows] == [
        ("0.31", "0.06", "0.002", "AUC 0.66", "250 of 800 (31 %)"),
        ("0.00", "0.08", "0.470", "C-index 0.48", "250 of 800 (31 %)"),
    ]
    assert "0.5 by construction" in tests.note
    assert events.columns[2:4] == ("Events", "Expected")


def test_an_outcome_that_no_site_has_both_of_has_no_headline():
    found = results(confounding_tests=separated(), performance=performance(0.83))
    banners = findings.banners(found)
    items = findings.findings_section(found).blocks[0].items

    assert banners[1].title == "No site has both outcomes"
    assert "nothing here can be told from the site" in banners[1].text
    assert "No headline value is given: no site has both outcomes" in items[0]
    assert not any("0.83" in item for item in items)


def test_a_survival_outcome_without_pairs_within_groups_is_said_in_its_words():
    rows = separated()[separated()["endpoint"] == "survival"]
    found = results("CT.Model", confounding_tests=rows)
    ((title, _),) = confounding.separated_warnings(found)

    assert title == "No group of CT.Model has two subjects whose times can be compared"


@pytest.mark.parametrize(
    ("estimate", "n_asked"), [(0.995, 1), (0.003, 1), (0.98, 0), (None, 0)]
)
def test_an_arm_that_is_nearly_always_right_is_asked_about(estimate, n_asked):
    found = results(performance=performance(estimate))
    assert len(list(giveaways.too_good_warnings(found))) == n_asked


def giveaway(chance: float, equal: bool) -> dict:
    row = {"endpoint": "metastasis", "name": "CT.tumour.original.glcm.copy"}
    row |= {"metric": "auc", "n": 80, "n_events": 32, "n_judged": 500, "value": 1.0}
    return row | {"chance": chance, "equal": equal}


def test_a_feature_that_is_the_outcome_is_asked_about_with_its_chance():
    found = results(giveaways=[giveaway(2e-20, True)])
    ((title, text),) = giveaways.giveaway_warnings(found)

    assert title == "An outcome under another name?"
    assert "CT.tumour.original.glcm.copy (AUC 1.000, the same values" in text
    assert "2e-20 expected by chance" in text


def test_what_chance_explains_stands_in_the_table_alone():
    found = results(giveaways=[giveaway(1.4, False)])

    assert not list(giveaways.giveaway_warnings(found))
    (row,) = giveaways.giveaway_table(found).rows
    assert row[-1] == "1.4 among 500"
