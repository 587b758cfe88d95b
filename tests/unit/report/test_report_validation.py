"""Section on groups pooled and on optimism, and sentences on declared splits."""

import numpy as np
import pandas as pd
import pytest

from concord.folds.declared_splits import FixedSplit, TemporalSplit
from concord.report.blocks import Table
from concord.report.results import Results
from concord.report.sections.models.validation import (
    declared_findings,
    validation_section,
)

from ... import synthetic_results as synthetic


def study(settings=synthetic.SETTINGS, **tables) -> Results:
    performance = pd.concat([synthetic.performance(e) for e in synthetic.ENDPOINTS])
    return Results(
        tables={"performance": performance, **tables},
        cohort=synthetic.cohort(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=settings,
    )


def pooled():
    return pd.concat([synthetic.pooled(e) for e in synthetic.ENDPOINTS])


def samples():
    return pd.concat([synthetic.bootstrap_rows(e) for e in synthetic.ENDPOINTS])


def tables_of(results):
    found = validation_section(results)
    return {one.caption: one for one in found.blocks if isinstance(one, Table)}


def test_a_study_that_asked_for_neither_has_no_section():
    assert validation_section(study()) is None


def test_of_few_groups_their_own_values_stand_first():
    found = tables_of(study(pooled_groups=pooled()))
    groups, means = found
    assert groups == "“Clinical + CT texture” in each group left out"
    assert means == "Groups left out, pooled"
    (row, *_) = found[means].rows
    assert row[0] == "Clinical + CT texture"
    assert row[6] == "3 of 3"
    assert "prediction interval, is unreliable below 5" in row[7]
    many = pooled().assign(n_pooled=8, n_groups=8, reason=None)
    assert list(tables_of(study(pooled_groups=many))) == [means, groups]


def test_groups_that_cannot_be_pooled_are_named_and_have_no_number():
    found = tables_of(study(pooled_groups=pooled()))["Groups left out, pooled"]
    (row, *_) = [one for one in found.rows if one[0] == "Site only"]
    assert row[2] == "not defined"
    assert "not pooled: A (no fold has a pair to compare)" in row[7]


def test_optimism_is_told_without_an_interval_and_with_the_reason():
    found = tables_of(study(bootstrap=samples()))["Optimism by bootstrap samples"]
    (row, *_) = found.rows
    own = synthetic.bootstrap_rows("metastasis").set_index("arm").loc["texture"]
    assert row[:2] == ("Clinical + CT texture", "Lung metastasis (AUC)")
    assert row[2:7] == tuple(
        f"{own[name]:.2f}"
        for name in (
            "apparent",
            "optimism",
            "corrected",
            "out_of_bag",
            "value_632_plus",
        )
    )
    assert "No intervals: samples share their subjects" in found.note
    assert found.note.endswith("20 samples are few.")


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("temporal", "In subjects from 2018 on, by a model of earlier ones, the headl"),
        ("fixed", "In the evaluation set that the study declares, which no model saw,"),
    ],
)
def test_the_headline_arm_has_a_sentence_for_each_declared_split(scheme, words):
    validation = synthetic.SETTINGS.validation.model_copy(
        update={
            "temporal": TemporalSplit(column="scanned", first_evaluated=[2018]),
            "fixed": FixedSplit(column="set", development=["a"], evaluation=["b"]),
        }
    )
    settings = synthetic.SETTINGS.model_copy(update={"validation": validation})
    rows = synthetic.performance("metastasis")
    rows.loc[rows["scheme"] == "loso", "scheme"] = scheme
    results = study(settings, performance=rows)
    (sentence,) = declared_findings(results, "metastasis")
    assert sentence.startswith(words)
    assert "n = 60, 24 events" in sentence
    assert not list(declared_findings(study(), "metastasis"))
    lost = rows.assign(estimate=np.nan)
    (told,) = declared_findings(study(settings, performance=lost), "metastasis")
    assert "not defined" in told
