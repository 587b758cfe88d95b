"""Kinds of tables of the agreement of readers."""

from ..columns import INFINITE, Column, count, number, text
from ..keys import IMAGE, MASK

_PAIR = {
    "reader_b": text("reader compared with `reader`", required=True),
    "definition": text("mesh or voxel, see docs/agreement.md", required=True),
}
_AGREEMENT = {
    "status": text("ok, both_empty or one_empty", required=True),
    "dice": number("Dice similarity coefficient", "1", 0, 1),
    "jaccard": number("Jaccard index", "1", 0, 1),
    "hd_mm": number("Hausdorff distance", "mm", 0),
    "hd_ab_mm": number("largest distance from a to b", "mm", 0),
    "hd_ba_mm": number("largest distance from b to a", "mm", 0),
    "hd95_mm": number("larger of the directed 95th percentiles", "mm", 0),
    "hd95_ab_mm": number("95th percentile of the distances from a to b", "mm", 0),
    "hd95_ba_mm": number("95th percentile of the distances from b to a", "mm", 0),
    "hd95_pooled_mm": number("95th percentile of both directions", "mm", 0),
    "assd_mm": number("average symmetric surface distance", "mm", 0),
    "masd_mm": number("mean of the two mean directed distances", "mm", 0),
    "volume_mm3": number("volume by `reader`", "mm3", 0),
    "volume_b_mm3": number("volume by `reader_b`", "mm3", 0),
    "volume_difference": number("2 (b - a) / (a + b)", "1", -2, 2),
    "volume_difference_ml": number("b - a", "ml"),
    "centroid_distance_mm": number("distance of the centroids", "mm", 0),
    "n_components": count("parts of a that share not even a corner"),
    "n_components_b": count("parts of b that share not even a corner"),
    "sensitivity": number("share of the reference reader that is found", "1", 0, 1),
    "precision": number("share that the reference reader has too", "1", 0, 1),
    "note": text("what is odd, each a code and its text, separated by ;"),
}

KINDS: dict[str, dict[str, Column]] = {
    "agreement": MASK | _PAIR | _AGREEMENT,
    "surface_dice": MASK
    | _PAIR
    | {
        "tolerance_mm": number("distance still accepted", "mm", 0),
        "surface_dice": number(
            "share of both surfaces within it of the other", "1", 0, 1
        ),
    },
    "agreement_group": IMAGE
    | {
        "region": text("what is segmented", required=True),
        "n_readers": count("readers, without the consensus"),
        "generalized_dice": number("Dice of all pairs together (Crum)", "1", 0, 1),
        "fleiss_kappa": number("Fleiss' kappa within the box of all", "1", -1, 1),
        "union_ml": number("volume that any reader segmented", "ml", 0),
        "intersection_ml": number("volume that all readers segmented", "ml", 0),
        "box_ml": number(
            "volume of the smallest box around all segmentations", "ml", 0
        ),
    },
    "readings": {
        "image": text("name of the image in the study", required=True),
        "region": text("what is segmented", required=True),
        "reader": text("who or what segmented it", required=True),
        "site": text("institution that contributed the data, or all", required=True),
        "n_cases": count("images of which any reader delivered a segmentation"),
        "n_segmented": count("of these, segmented by this reader"),
        "n_empty": count("delivered empty: the reader found nothing"),
        "n_missed": count("of the empty ones, segmented by another reader"),
        "n_not_delivered": count("without a usable segmentation by this reader"),
    },
    "volume_agreement": {
        "image": text("name of the image in the study", required=True),
        "region": text("what is segmented", required=True),
        "reader": text("who or what segmented it", required=True),
        "reader_b": text("reader compared with `reader`", required=True),
        "site": text("institution that contributed the data, or all", required=True),
        "form": text("ICC(A,1) or ICC(C,1) of the log volumes", required=True),
        "n": count("subjects segmented by both at baseline"),
        "n_empty": count("subjects of whom one segmentation is empty, left out"),
        "icc": number("intraclass correlation", "1", -INFINITE, 1),
        "lower": number("lower 95 % bound", "1", -INFINITE, 1),
        "upper": number("upper 95 % bound", "1", -INFINITE, 1),
        "bias_log": number("mean of ln(b / a)"),
        "sd_log": number("standard deviation of ln(b / a)", "", 0),
        "ratio": number("geometric mean of b / a", "1", 0),
        "ratio_lower": number("lower 95 % limit of agreement of b / a", "1", 0),
        "ratio_upper": number("upper 95 % limit of agreement of b / a", "1", 0),
        "reason": text("why the ICC is NaN"),
    },
    "review_list": MASK
    | {
        "against": text("reader it is compared with", required=True),
        "rank": count("1 is the worst of the reader, image and region", low=1),
        "rank_in_site": count("the same within the site", low=1),
        "n_cases": count("cases of the reader, image and region"),
        "status": text("missing, one_empty, ok or both_empty", required=True),
        "dice": number("Dice similarity coefficient", "1", 0, 1),
        "hd95_mm": number("larger of the directed 95th percentiles", "mm", 0),
        "surface_dice": number("share of the surfaces within the tolerance", "1", 0, 1),
        "tolerance_mm": number("tolerance of the surface Dice", "mm", 0),
        "volume_ml": number("volume by `reader`", "ml", 0),
        "volume_against_ml": number("volume by `against`", "ml", 0),
        "volume_difference_ml": number("volume_ml - volume_against_ml", "ml"),
        "volume_difference": number("2 (reader - against) / (sum)", "1", -2, 2),
        "reason": text("what gives the case its rank", required=True),
    },
}
