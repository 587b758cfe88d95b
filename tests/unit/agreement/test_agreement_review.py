"""concord.agreement.review: which case is worse, and why it is listed."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.agreement import review
from concord.agreement.pairs import REGION_KEYS
from concord.agreement.settings import ReviewSection

REVIEW = ReviewSection(readers=["AI"], against="A")
NUMBERS = ["hd_mm", "hd95_mm", "hd95_pooled_mm", "assd_mm"]


def pair(subject, dice, hd95_mm, status="ok", **changes):
    """One pair of reader A and the algorithm."""
    return {
        "subject_id": subject,
        "site": subject[0],
        "session": "baseline",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
        "reader_b": "AI",
        "definition": "mesh",
        "status": status,
        "dice": dice,
        **dict.fromkeys(NUMBERS, hd95_mm),
        "volume_mm3": 10_000.0,
        "volume_b_mm3": 8_000.0,
        "volume_difference": -0.4 / 1.8,
    } | changes


def masks(*subjects, readers=("A", "AI")):
    keys = [
        {
            "subject_id": subject,
            "site": subject[0],
            "session": "baseline",
            "image": "CT",
            "region": "tumour",
            "reader": reader,
        }
        for subject in subjects
        for reader in readers
    ]
    return pd.DataFrame(keys, columns=[*REGION_KEYS, "reader"])


def listed(pairs, segmented, **changes):
    table = review.review_list(
        pd.DataFrame(pairs), segmented, REVIEW.model_copy(update=changes), "mesh"
    )
    return tables.check(table, "x", "review_list")


PAIRS = [
    pair("S1", 0.90, 2.0),
    pair("S2", 0.50, 9.0),  # the worst of both
    pair("S3", 0.80, 7.0),  # ranks 3 and 2
    pair("T4", 0.60, 6.0),  # ranks 2 and 3: as S3, but its Dice is lower
    pair("T5", 0.95, 1.0),
]
ALL = masks("S1", "S2", "S3", "T4", "T5")


def test_cases_are_ordered_by_the_mean_of_the_ranks_of_dice_and_hd95():
    found = listed(PAIRS, ALL)

    assert found["subject_id"].tolist() == ["S2", "T4", "S3", "S1", "T5"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["rank_in_site"].tolist() == [1, 1, 2, 3, 2]
    assert found["n_cases"].tolist() == [5] * 5
    assert found["reason"].tolist()[0] == (
        "of 5, rank 1 by Dice 0.500 and 1 by HD95 9.0 mm"
    )


def test_missed_and_missing_segmentations_come_first_and_two_empty_ones_last():
    pairs = [
        *PAIRS,
        pair("S6", 0.0, np.nan, "one_empty", volume_b_mm3=0.0, volume_difference=-2.0),
        pair("S7", np.nan, np.nan, "both_empty", volume_difference=np.nan),
    ]
    segmented = pd.concat([ALL, masks("S6", "S7"), masks("S8", readers=["A"])])
    found = listed(pairs, segmented)

    assert found["subject_id"].tolist()[:3] == ["S6", "S8", "S2"]
    assert found["subject_id"].tolist()[-1] == "S7"
    assert found["status"].tolist()[:3] == ["one_empty", "missing", "ok"]
    assert found["reason"].tolist()[:2] == [
        "AI found nothing where A segmented 10 ml",
        "no segmentation by AI where A has one",
    ]
    assert found["n_cases"].tolist()[0] == 8
    assert found["dice"].isna().tolist() == [False, True] + [False] * 5 + [True]


def test_an_image_that_the_other_reader_did_not_segmentation_is_no_case():
    segmented = pd.concat([ALL, masks("S9", readers=["AI"])])

    assert "S9" not in set(listed(PAIRS, segmented)["subject_id"])


def test_the_worst_cases_of_each_site_are_listed():
    found = listed(PAIRS, ALL, n_cases=1)

    assert found["subject_id"].tolist() == ["S2", "T4"]
    assert found["rank"].tolist() == [1, 2]


def test_ranks_are_of_one_modality_alone():
    pet = [p | {"image": "PT", "hd95_mm": p["hd95_mm"] + 10} for p in PAIRS]
    both = pd.concat([ALL, ALL.assign(image="PT")])
    found = listed([*PAIRS, *pet], both)

    assert found["rank"].tolist() == sorted([1, 2, 3, 4, 5] * 2)
    assert found["image"].tolist() == ["CT", "PT"] * 5


def test_the_order_of_the_names_of_a_pair_changes_nothing():
    names = {"reader": "AI", "reader_b": "A"}
    turned = [
        p
        | names
        | {"volume_mm3": p["volume_b_mm3"], "volume_b_mm3": p["volume_mm3"]}
        | {"volume_difference": -p["volume_difference"]}
        for p in PAIRS
    ]
    straight = listed(PAIRS, ALL)

    pd.testing.assert_frame_equal(listed(turned, ALL), straight)
    first = straight.iloc[0]
    assert first["volume_ml"] == 8
    assert first["volume_against_ml"] == 10
    assert first["volume_difference_ml"] == pytest.approx(-2)
    assert first["volume_difference"] == pytest.approx(-0.4 / 1.8)


def test_only_pairs_of_the_headline_definition_and_of_the_two_readers_count():
    others = [
        pair("S1", 0.0, 99.0, definition="voxel"),
        pair("S1", 0.0, 99.0, reader_b="B"),
        pair("S1", 0.0, 99.0, reader="AI", reader_b="B"),
    ]

    pd.testing.assert_frame_equal(listed([*PAIRS, *others], ALL), listed(PAIRS, ALL))


def test_the_consensus_can_be_what_readers_are_compared_with():
    pairs = [p | {"reader": "AI", "reader_b": "consensus"} for p in PAIRS]
    found = listed(pairs, ALL, against="consensus")

    assert found["subject_id"].tolist()[0] == "S2"
    assert len(found) == 5


def test_the_surface_dice_of_the_smallest_tolerance_is_shown():
    keys = [*REGION_KEYS, "reader", "reader_b", "definition"]
    pairs = pd.DataFrame(PAIRS)
    surface = pd.concat(
        pairs[keys].assign(tolerance_mm=tolerance, surface_dice=value)
        for tolerance, value in ((3.0, 0.9), (1.0, 0.4))
    )
    found = review.review_list(pairs, ALL, REVIEW, "mesh", surface)

    assert found["surface_dice"].tolist() == [0.4] * 5
    assert found["tolerance_mm"].tolist() == [1.0] * 5


def test_without_any_case_the_list_is_empty():
    nobody = ReviewSection(readers=["nobody"], against="no one")

    assert review.review_list(pd.DataFrame(PAIRS), ALL, nobody, "mesh").empty
