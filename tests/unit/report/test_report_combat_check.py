"""The warning that ComBat departs from neuroCombat."""

import pandas as pd
import pytest

from concord import tables
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.neurocombat_check import compare
from concord.harmonization.settings import ACCEPTED_DIFFERENCE_SD
from concord.report.results import Results
from concord.report.sections.harmonization import combat_warnings

from ... import synthetic_results as synthetic
from ...batch_rows import batch_rows, features

FOLD = {"scheme": "cv", "repeat": 2, "fold": "3", "image": "PT", "variable": "site"}


def checked(planted_sd: float, monkeypatch) -> pd.DataFrame:
    """The check of a ComBat that is wrong in one feature."""
    rows = batch_rows()
    moved = rows["f2"].std() * planted_sd
    monkeypatch.setattr(
        ComBat,
        "transform",
        lambda self, X, original=ComBat.transform: original(self, X).assign(
            f2=lambda table: table["f2"] + moved
        ),
    )
    found = compare(ComBat("site", columns=features(rows), stop_rule="sva"), rows)
    return tables.check(pd.DataFrame([FOLD | found]), "x", "combat_crosscheck")


def warnings(table: pd.DataFrame) -> list[tuple[str, str]]:
    results = Results(
        {"combat_crosscheck": table}, pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS
    )
    return list(combat_warnings(results))


def test_a_planted_difference_is_told_with_image_fold_and_feature(monkeypatch):
    ((title, text),) = warnings(checked(1e-4, monkeypatch))
    assert title == "ComBat departs from neuroCombat"
    assert "1 of 1 (100 %) comparisons differ by more than 1e-06 SD (PT)" in text
    assert "1.0e-04 SD (image PT, Repeated cross-validation, repeat 2, fold 3" in text
    assert "feature f2)" in text


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_a_difference_below_the_limit_is_not_warned_of(share, monkeypatch):
    assert warnings(checked(share * ACCEPTED_DIFFERENCE_SD, monkeypatch)) == []


def test_a_table_without_the_name_of_the_feature_is_warned_of_too(monkeypatch):
    table = checked(1e-4, monkeypatch).drop(columns="feature")
    ((_, text),) = warnings(table)
    assert "feature" not in text
