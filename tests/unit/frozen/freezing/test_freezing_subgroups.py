"""Performance by subgroup, without rows that tell of few people."""

import pandas as pd

from concord.frozen.freezing.subgroups import subgroup_performance


def rows():
    row = {
        "arm": "radiomics",
        "scheme": "loso",
        "subgroup": "sex",
        "level": "female",
        "measure": "auc",
        "horizon_days": float("nan"),
        "n": 40,
        "n_events": 12,
        "estimate": 0.7,
        "lower": 0.55,
        "upper": 0.82,
    }
    changes = [{}, {"level": "all"}, {"arm": "clinical"}, {"level": "male", "n": 14}]
    return pd.DataFrame([{**row, **one} for one in changes])


def test_rows_of_the_arm_are_taken_and_small_cells_left_out():
    found = subgroup_performance(rows(), "radiomics", smallest_cell=5)
    assert [one.level for one in found] == ["female"]
    assert (found[0].estimate, found[0].n, found[0].horizon_days) == (0.7, 40, None)
    assert len(subgroup_performance(rows(), "radiomics")) == 2


def test_a_study_without_subgroups_tells_of_none():
    assert subgroup_performance(rows()[:0], "radiomics") == []
