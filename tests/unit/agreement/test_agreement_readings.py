"""Counts of segmentations that readers delivered, left empty or never delivered."""

import pandas as pd

from concord.agreement.readings import readings


def mask(subject, reader, voxels=9, **more):
    row = {"subject_id": subject, "site": subject[0], "session": "baseline"}
    row |= {"image": "CT", "region": "tumour", "reader": reader, "voxels": voxels}
    return row | more


MASKS = [
    *(mask(s, "A") for s in ("S1", "S2", "S3", "T4")),
    mask("S5", "A", 0),
    mask("S1", "AI"),
    mask("S2", "AI", 0),  # missed
    mask("S5", "AI", 0),  # both found nothing
    mask("T4", "AI", 0),  # missed
    mask("S3", "consensus", 0),
]


def counts(rows):
    names = ("n_cases", "n_segmented", "n_empty", "n_missed", "n_not_delivered")
    return {(r["reader"], r["site"]): tuple(r[n] for n in names) for r in rows}


def test_a_missed_lesion_and_an_absent_file_are_two_counts():
    found = counts(readings(pd.DataFrame(MASKS)))

    assert found["A", "all"] == (5, 4, 1, 0, 0)
    assert found["AI", "all"] == (5, 1, 3, 2, 1)
    assert found["AI", "S"] == (4, 1, 2, 1, 1)
    assert found["AI", "T"] == (1, 0, 1, 1, 0)
    assert {reader for reader, _ in found} == {"A", "AI"}


def test_a_site_without_any_mask_of_a_reader_is_counted():
    found = counts(readings(pd.DataFrame([*MASKS, mask("U6", "A")])))

    assert found["AI", "U"] == (1, 0, 0, 0, 1)


def test_a_study_of_one_reader_has_no_counts():
    assert readings(pd.DataFrame(MASKS[:5])) == []
