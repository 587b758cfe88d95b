"""What may be planted beside the tumour: other deaths, a treatment, absent PET."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.simulate.cohort import simulate_cohort, truth_rows
from concord.simulate.settings import SimulationSection
from concord.simulate.sheets import write_sheets

EXTRAS = {"other_deaths": {}, "treatment": {}, "without_pet_every": 10}
#: Quantities that extras must not move.
UNMOVED = ["age_years", "stage", "radius_mm", "heterogeneity_hu", "log_hazard"]
NOTHING = dict.fromkeys(
    ["texture_log_hazard", "age_log_hazard", "stage_log_hazard"], 0.0
)


def frame(n=20, seed=1, **changes):
    sites = {"A": {"n_subjects": n, "n_retest": min(n, 5)}}
    options = SimulationSection(sites=sites, **changes)
    return pd.DataFrame([vars(s) for s in simulate_cohort(options, "A", seed)])


def test_extras_move_nothing_else():
    before, after = frame(200), frame(200, **EXTRAS)

    assert before[UNMOVED].equals(after[UNMOVED])
    alive = after["event"] != 2
    same = ["time_days", "event"]
    assert before.loc[alive, same].equals(after.loc[alive, same])
    # Without an effect of the treatment, recurrences are those without a treatment.
    none = frame(200, treatment={"interaction_log_odds": 0.0})
    assert none["recurrence"].equals(before["recurrence"])


def test_another_death_comes_before_what_it_replaces():
    before, after = frame(600), frame(600, **EXTRAS)

    others = after["event"] == 2
    assert (after["time_days"] <= before["time_days"]).all()
    assert (after.loc[others, "time_days"] < before.loc[others, "time_days"]).all()


def test_comorbidity_raises_the_hazard_of_other_deaths_by_the_planted_ratio():
    # Nobody dies of the tumour here: half of the severe are dead at the median time.
    options = {"severe_log_hazard": 1.0, "median_time_days": 900, "severe_share": 0.5}
    table = frame(
        999,
        other_deaths=options,
        **NOTHING | {"median_time_days": 10000, "weibull_shape": 5},
        follow_up_days=900,
        dropout_per_year=0,
    )
    dead = (table["event"] == 2).groupby(table["comorbidity"]).mean()
    hazard = -np.log(1 - dead)
    assert dead["severe"] == pytest.approx(0.5, abs=0.05)
    assert np.log(hazard["severe"] / hazard["mild"]) == pytest.approx(1.0, abs=0.2)


def test_comorbidity_tells_nothing_of_the_tumour():
    table = frame(900, **EXTRAS)
    severe = table["comorbidity"] == "severe"

    assert severe.mean() == pytest.approx(1 / 3, abs=0.01)
    for name in ("heterogeneity_hu", "age_years", "radius_mm"):
        assert abs(np.corrcoef(severe, table[name])[0, 1]) < 0.08


def test_a_treatment_is_given_to_half_of_those_with_each_receptor():
    table = frame(20, **EXTRAS)

    assert table.groupby(["treatment", "receptor"]).size().tolist() == [5, 5, 5, 5]


def test_the_treatment_works_by_receptor_and_not_on_average():
    table = frame(900, treatment={"interaction_log_odds": 8.0}, **NOTHING)
    rate = table.groupby(["receptor", "treatment"])["recurrence"].mean()
    odds = np.log(rate / (1 - rate)).unstack()
    effect = odds["intensified"] - odds["standard"]

    assert effect["positive"] == pytest.approx(4.0, abs=0.5)
    assert effect["negative"] == pytest.approx(-4.0, abs=0.5)


def test_no_treatment_acts_on_deaths():
    none, strong = (
        frame(200, treatment={"interaction_log_odds": odds}) for odds in (0.0, 12.0)
    )
    assert none[["time_days", "event"]].equals(strong[["time_days", "event"]])
    assert not none["recurrence"].equals(strong["recurrence"])


def test_one_of_ten_has_no_pet_in_sheets_and_truth(tmp_path):
    sites = {"A": {"n_subjects": 20, "n_retest": 6}}
    options = SimulationSection(sites=sites, **EXTRAS)
    write_sheets(tmp_path, options, 1)
    images = tables.read(tmp_path / "images.tsv", "images_sheet")
    masks = tables.read(tmp_path / "masks.tsv", "masks_sheet")
    without = ["A006", "A016"]

    for table in (images, masks):
        pet = set(table.loc[table["image"] == "PT", "subject_id"])
        assert sorted(set(table["subject_id"]) - pet) == without
    assert (images["subject_id"] == "A006").sum() == 2  # CT of both sessions
    truth = pd.DataFrame(truth_rows(simulate_cohort(options, "A", 1), options))
    assert truth.loc[truth["without_pet"], "subject_id"].tolist() == without


def test_the_sheet_tells_who_died_and_of_what(tmp_path):
    options = SimulationSection(sites={"A": {"n_subjects": 40}}, other_deaths={})
    write_sheets(tmp_path, options, 1)
    sheet = tables.read_sheet(tmp_path / "subjects.tsv").astype({"cause": int})

    assert set(sheet["cause"]) == {0, 1, 2}
    assert (sheet["event"].astype(int) == (sheet["cause"] > 0)).all()


def test_what_was_not_planted_has_no_column(tmp_path):
    sites = {"A": {"n_subjects": 4, "n_retest": 0}}
    found = {}
    for name, extras in (("none", {}), ("all", EXTRAS)):
        (tmp_path / name).mkdir()
        write_sheets(tmp_path / name, SimulationSection(sites=sites, **extras), 1)
        found[name] = set(tables.read_sheet(tmp_path / name / "subjects.tsv"))

    assert found["all"] - found["none"] == {
        "comorbidity",
        "receptor",
        "treatment",
        "cause",
    }
