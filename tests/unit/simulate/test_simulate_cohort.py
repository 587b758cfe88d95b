"""Simulated subjects and the sheets that list them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from concord import tables
from concord.simulate.cohort import simulate_cohort, truth_rows
from concord.simulate.settings import SimulationSection, SiteSimulation
from concord.simulate.sheets import write_sheets


def settings(**changes):
    return SimulationSection(**changes)


def frame(options, seed=1):
    subjects = [
        s for site in options.sites for s in simulate_cohort(options, site, seed)
    ]
    return pd.DataFrame([vars(subject) for subject in subjects])


def large(**changes):
    sites = {"A": {"n_subjects": 900, "n_retest": 0} | changes.pop("site", {})}
    return settings(sites=sites, **changes)


def slopes(response, table):
    """Least-squares effects of texture, age and stage on a response."""
    columns = [
        (table["heterogeneity_hu"] - 26) / 8,
        (table["age_years"] - 64) / 10,
        table["stage"].map({"I": -1, "II": 0, "III": 1}),
        np.ones(len(table)),
    ]
    return np.linalg.lstsq(np.column_stack(columns), response, rcond=None)[0]


def test_the_demo_has_sixty_subjects_of_whom_fifteen_come_twice():
    table = frame(settings())
    assert table.groupby("site").size().to_dict() == {"A": 20, "B": 20, "C": 20}
    twice = table[table["sessions"] == ("baseline", "retest")]
    assert twice["subject_id"].tolist()[:5] == ["A001", "A002", "A003", "A004", "A005"]
    assert len(twice) == 15


def test_lesions_are_alike_at_all_sites_and_outcomes_are_not():
    table = frame(settings())
    means = table.groupby("site")[["heterogeneity_hu", "radius_mm"]].mean()
    assert np.ptp(means["heterogeneity_hu"]) < 1.0
    assert np.ptp(means["radius_mm"]) < 0.25
    rates = table.groupby("site")["recurrence"].mean()
    assert rates["A"] + 0.25 < rates["C"]


def test_the_log_hazard_is_the_planted_sum():
    table = frame(large(heterogeneity_sd_hu=8.0))
    found = slopes(table["log_hazard"], table)
    assert found == pytest.approx([1.5, 0.5, 0.7, 0.0], abs=0.02)


def test_survival_times_follow_the_planted_hazard():
    # Without censoring, -log S(t) of the Weibull model is a unit exponential.
    options = large(follow_up_days=10000, dropout_per_year=0, median_time_days=300)
    table = frame(options.model_copy(update={"texture_log_hazard": 0.5}))
    observed = table[table["event"] == 1]
    assert len(observed) > 890
    shape = options.weibull_shape
    risk = np.exp(observed["log_hazard"])
    exponential = np.log(2) * (observed["time_days"] / 300) ** shape * risk
    assert exponential.mean() == pytest.approx(1.0, abs=0.06)
    assert exponential.std() == pytest.approx(1.0, abs=0.1)


def test_without_effects_half_have_the_event_at_the_median_time():
    nothing = dict.fromkeys(
        ["texture_log_hazard", "age_log_hazard", "stage_log_hazard"], 0.0
    )
    table = frame(large(follow_up_days=900, dropout_per_year=0, **nothing))
    assert table["event"].mean() == pytest.approx(0.5, abs=0.005)
    assert table["recurrence"].mean() == pytest.approx(0.5, abs=0.005)
    assert table.loc[table["event"] == 0, "time_days"].eq(900).all()


def test_dropout_censors_before_the_end_of_follow_up():
    table = frame(large(dropout_per_year=1.0))
    censored = table.loc[table["event"] == 0, "time_days"]
    assert (censored < 1825).mean() > 0.9


def test_a_cohort_does_not_depend_on_other_sites():
    options = settings()
    alone = settings(sites={"B": options.sites["B"]})
    assert simulate_cohort(alone, "B", 1) == simulate_cohort(options, "B", 1)
    assert simulate_cohort(options, "B", 2) != simulate_cohort(options, "B", 1)


def test_the_truth_is_a_table_of_its_kind(tmp_path):
    options = settings()
    rows = truth_rows(simulate_cohort(options, "C", 1), options)
    tables.write(rows, tmp_path / "C.tsv", "truth")
    found = tables.read(tmp_path / "C.tsv", "truth")
    assert len(found) == 20
    assert set(found["site_gain"]) == {0.9}
    assert set(found["site_log_hazard"]) == {1.2}
    assert set(found["reader_bias_mm"]) == {1.0}


def test_sheets_are_written_the_same_every_time(tmp_path):
    options = settings(sites={"A": {"n_subjects": 3, "n_retest": 1}})
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_sheets(tmp_path / name, options, 1)
    for sheet in ("subjects.tsv", "images.tsv", "masks.tsv"):
        one, two = ((tmp_path / name / sheet).read_bytes() for name in ("one", "two"))
        assert one == two


def test_sheets_list_every_series_and_segmentation(tmp_path):
    sites = {"A": {"n_subjects": 3, "n_retest": 1}}
    write_sheets(tmp_path, settings(sites=sites), 1)
    subjects = tables.read_sheet(tmp_path / "subjects.tsv")
    images = tables.read(tmp_path / "images.tsv", "images_sheet")
    masks = tables.read(tmp_path / "masks.tsv", "masks_sheet")
    assert subjects.columns.tolist() == [
        "subject_id",
        "site",
        "age",
        "stage",
        "time_days",
        "event",
        "recurrence",
    ]
    assert len(subjects) == 3
    assert len(images) == 4 * 2
    assert len(masks) == 4 * 2 * 3
    assert images["source"].iloc[0] == "A/A001/baseline/CT"
    assert masks["source"].iloc[0] == "A/A001/baseline/RT/CT_reader-A.dcm"


def test_more_retests_than_subjects_are_refused():
    with pytest.raises(ValidationError, match="n_retest is 5, expected at most"):
        SiteSimulation(n_subjects=4)


UNUSUAL = {
    "coarse": {"heterogeneity_hu": 150.0},
    "other_scanner": {"scanner": {"model": "upgraded", "noise_hu": 3.0}},
    "tiny": {"radius_mm": 4.0},
    "without_pet": {"without": "PT"},
}


def with_unusual(**planted):
    sites = {"A": {"n_subjects": 8, "n_retest": 2, "unusual": planted}}
    return settings(sites=sites, other_deaths={}, treatment={})


def test_unusual_subjects_follow_the_others_and_move_none_of_them():
    plain = simulate_cohort(with_unusual(), "A", 1)
    whole = simulate_cohort(with_unusual(**UNUSUAL), "A", 1)
    fewer = simulate_cohort(with_unusual(tiny=UNUSUAL["tiny"]), "A", 1)

    assert whole[:8] == plain
    assert [(s.subject_id, s.unusual) for s in whole[8:]] == [
        ("A009", "coarse"),
        ("A010", "other_scanner"),
        ("A011", "tiny"),
        ("A012", "without_pet"),
    ]
    assert (whole[8].heterogeneity_hu, whole[10].radius_mm) == (150.0, 4.0)
    assert whole[11].modalities == ("CT",)
    assert {s.sessions for s in whole[8:]} == {("baseline",)}
    assert not any(s.automatic_fails for s in whole[8:])
    # Each has numbers of its own: who else is unusual changes nothing.
    assert replace(fewer[8], subject_id="A011") == whole[10]


def test_the_order_of_unusual_subjects_is_that_of_their_names():
    backwards = with_unusual(**dict(reversed(UNUSUAL.items())))

    assert simulate_cohort(backwards, "A", 1) == simulate_cohort(
        with_unusual(**UNUSUAL), "A", 1
    )


def test_what_is_unusual_of_a_lesion_leaves_its_outcome_alone():
    names = {"one": {"heterogeneity_hu": 150.0}}
    (other,) = simulate_cohort(with_unusual(one={"without": "PT"}), "A", 1)[8:]
    (coarse,) = simulate_cohort(with_unusual(**names), "A", 1)[8:]

    assert coarse.heterogeneity_hu != other.heterogeneity_hu
    assert (coarse.log_hazard, coarse.time_days) == (other.log_hazard, other.time_days)
    assert coarse.recurrence == other.recurrence


def test_the_truth_tells_who_is_unusual_and_the_scanner_that_was_used():
    options = with_unusual(**UNUSUAL)
    rows = truth_rows(simulate_cohort(options, "A", 1), options)

    assert [row["unusual"] for row in rows] == [None] * 8 + list(UNUSUAL)
    assert [row["site_noise_hu"] for row in rows] == [12.0] * 9 + [3.0] + [12.0] * 2


def test_who_is_unusual_in_nothing_is_refused():
    with pytest.raises(ValidationError, match="is unusual in nothing"):
        with_unusual(same={})


def test_the_sheets_list_the_readers_whose_segmentations_are_stored(tmp_path):
    options = with_unusual(**UNUSUAL).model_copy(update={"readers": ["A"]})
    write_sheets(tmp_path, options, 1)
    masks = tables.read(tmp_path / "masks.tsv", "masks_sheet")

    assert set(masks["reader"]) == {"A"}
    assert {"A009", "A012"} <= set(masks["subject_id"])
