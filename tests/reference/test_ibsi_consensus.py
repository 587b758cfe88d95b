"""Features of real patients against what eight teams of the IBSI agreed upon.

The Image Biomarker Standardisation Initiative let teams compute features of 51
soft-tissue sarcomas (CT, PET, T1 MR) with their own software from DICOM on
(Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145). Here the
whole way from DICOM to feature is repeated for twelve of them, in the slow test for all
36 that are at hand; `strong` is agreement of six teams or more, within 0.5 %,
`moderate` of three to five. Every feature that is called standardized is compared with
both. What departs is named, and shown to come from the teams: masks that differ in a
few patients, and a decimal bin width that their histograms of PET add up.
"""

import csv
import gzip
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from concord.features.engines.ibsi_phantom import reference_values
from concord.features.extraction import chunk
from concord.features.extraction.scans import segmentations
from concord.features.ibsi import by_ibsi_tag
from concord.features.preparation.prepared import prepared
from concord.features.recipe.columns import of_image
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.ingest import image as convert
from concord.ingest import mask as masks
from concord.ingest.segmentation import rois
from concord.ingest.settings import IngestSection

PRESETS = {
    "CT": "ibsi_patients_ct",
    "PT": "ibsi_patients_pet",
    "MR": "ibsi_patients_mr",
}
FOLDERS = {"CT": "CT", "PT": "PET", "MR": "MR_T1"}
#: One region names another frame of reference than its image.
INGEST = IngestSection(
    waive={"RT_FRAME_OF_REFERENCE": ["STS_046"]},
)

#: Values that depend on a few voxels of the edge, where the teams' masks differ: their
#: consensus spans two masks, and ours is that of the team `oncoray` to 1e-4.
OF_ANOTHER_MASK = {
    "CT": set(),
    "PT": {
        ("STS_020", "morph_diam"),
        ("STS_038", "morph_sphericity"),
        ("STS_038", "morph_sph_dispr"),
    },
    "MR": {("STS_026", "stat_rmad")},
}

#: Patients of whom the teams have several masks, so that three may agree on another.
SEVERAL_MASKS = {
    "STS_009",
    "STS_020",
    "STS_022",
    "STS_026",
    "STS_038",
    "STS_045",
}

#: One more value of another mask, of a patient whose other values match.
SINGLE = {("STS_041", "morph_asphericity")}

#: Features of the intensity-volume histogram whose consensus on PET is that of sums.
SUMMED = {
    "ivh_v10",
    "ivh_v90",
    "ivh_i10",
    "ivh_i90",
    "ivh_diff_v10_v90",
    "ivh_diff_i10_i90",
}


@dataclass(frozen=True)
class Comparison:
    """Values with a strong consensus, and those of them that are not matched."""

    n_values: int
    missed: frozenset[tuple[str, str]]  # subject, IBSI tag

    @property
    def share(self) -> float:
        return 1 - len(self.missed) / self.n_values

    @property
    def tags(self) -> set[str]:
        return {tag for _, tag in self.missed}


@pytest.fixture(scope="module")
def patients(shared_data, tmp_path_factory):
    """The folder that holds the DICOM files of a subject, unpacked on first use."""
    folder = tmp_path_factory.mktemp("sts")

    def folder_with(subject) -> Path:
        if not (folder / subject).exists():
            archive = shared_data / "sts" / "patients" / f"{subject}.tar.xz"
            with tarfile.open(archive) as content:
                content.extractall(folder, filter="data")
        return folder

    return folder_with


def subset(shared_data) -> list[str]:
    return (shared_data / "sts" / "ci_subset.txt").read_text().split()


def everyone(shared_data) -> list[str]:
    archives = (shared_data / "sts" / "patients").glob("STS_*.tar.xz")
    return sorted(path.name.split(".")[0] for path in archives)


def of_teams(shared_data, table, modality):
    """Rows of one modality of a table of the teams' values."""
    with gzip.open(shared_data / "sts" / f"{table}.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["modality"] == FOLDERS[modality]:
                yield row


def converted(patients, subject, modality, folder):
    """Rows of the image and the mask of one subject, made from DICOM."""
    source = patients(subject) / subject / FOLDERS[modality]
    row = {
        "subject_id": subject,
        "site": "STS",
        "session": "baseline",
        "image": modality,
        "modality": modality,
        "region": "tumour",
        "reader": "A",
    }
    image = convert.write_image(row | {"source": str(source / "image")}, folder, folder)
    (structures,) = (source / "mask").iterdir()
    mask = masks.write_mask(
        row | {"source": str(structures), "roi": None},
        converted={masks.image_key(row): image},
        settings=INGEST,
        folder=folder,
        final=folder,
        listing=rois.Listing(),
    )
    return image, mask


@pytest.fixture(scope="module")
def study(patients, tmp_path_factory):
    """Rows of the images and masks tables of a modality, converted once."""
    made: dict[tuple[str, str], tuple] = {}
    folder = tmp_path_factory.mktemp("images")

    def tables_of(modality, chosen):
        for subject in chosen:
            if (subject, modality) not in made:
                made[subject, modality] = converted(patients, subject, modality, folder)
        return [made[subject, modality] for subject in chosen]

    return tables_of


@pytest.fixture(scope="module")
def matrix_of(study):
    """Features of some patients by the preset of a modality, measured once."""
    made: dict[tuple, pd.DataFrame] = {}

    def matrix(modality, chosen):
        key = (modality, *chosen)
        if key not in made:
            made[key] = measured(study(modality, chosen), modality)
        return made[key]

    return matrix


def measured(rows, modality, **values) -> pd.DataFrame:
    section = RecipeSection(preset=PRESETS[modality], **values)
    found = chunk.extract(
        pd.DataFrame([image for image, _ in rows]),
        pd.DataFrame([mask for _, mask in rows]),
        of_image(complete({modality: section}), modality),
        "code",
    )
    assert found.exclusions == []
    assert found.undefined == []
    return found.matrix().set_index("subject_id")


def agrees(value, consensus) -> bool:
    return bool(np.isclose(value, float(consensus), rtol=0.005, atol=1e-9))


def compared(
    shared_data, matrix, modality, *strengths, columns=None, leave_out=()
) -> Comparison:
    """Values against those that teams agree on; of some columns alone if given."""
    count, missed = 0, set()
    for row in of_teams(shared_data, "expected_ibsi_features_consensus", modality):
        column = by_ibsi_tag()[row["tag"]].column
        if row["strength"] not in (strengths or ("strong",)):
            continue
        if row["patient_id"] not in matrix.index or row["tag"] in leave_out:
            continue
        if columns is not None and column not in columns:
            continue
        count += 1
        if not agrees(matrix.loc[row["patient_id"], column], row["consensus"]):
            missed.add((row["patient_id"], row["tag"]))
    return Comparison(count, frozenset(missed))


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("modality", "n_values"), [("CT", 1077), ("PT", 523), ("MR", 1095)]
)
def test_values_that_teams_agree_on_are_reproduced_from_dicom(
    shared_data, matrix_of, modality, n_values
):
    matrix = matrix_of(modality, subset(shared_data))
    found = compared(shared_data, matrix, modality)
    assert (found.n_values, found.missed) == (n_values, frozenset())


def of_three_teams(shared_data, matrix, modality) -> Comparison:
    """What the dictionary calls standardized, but sums of bin widths, on PET."""
    return compared(
        shared_data,
        matrix,
        modality,
        "strong",
        "moderate",
        columns=reference_values(),
        leave_out=SUMMED if modality == "PT" else (),
    )


@pytest.mark.parametrize(
    ("modality", "n_values"), [("CT", 1967), ("PT", 1891), ("MR", 1961)]
)
def test_every_standardized_value_is_what_three_teams_or_more_agree_on(
    shared_data, matrix_of, modality, n_values
):
    matrix = matrix_of(modality, subset(shared_data))
    found = of_three_teams(shared_data, matrix, modality)
    assert found.n_values == n_values
    assert found.missed <= SINGLE


def values_of_oncoray(shared_data, modality) -> dict[tuple[str, str], float]:
    return {
        (row["patient_id"], row["tag"]): float(row["value"])
        for row in of_teams(shared_data, "expected_ibsi_features_by_team", modality)
        if row["team"] == "oncoray"
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modality", "n_values", "n_missed"),
    [("CT", 3212, 0), ("PT", 1799, 3), ("MR", 3190, 1)],
)
def test_values_that_teams_agree_on_are_reproduced_for_all_patients(
    shared_data, matrix_of, modality, n_values, n_missed
):
    matrix = matrix_of(modality, everyone(shared_data))
    found = compared(shared_data, matrix, modality)
    assert len(matrix) == 36
    assert (found.n_values, len(found.missed)) == (n_values, n_missed)
    assert found.missed == OF_ANOTHER_MASK[modality]
    team = values_of_oncoray(shared_data, modality)
    for subject, tag in found.missed:
        value = matrix.loc[subject, by_ibsi_tag()[tag].column]
        assert np.isclose(value, team[subject, tag], rtol=1e-4, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modality", "n_values", "n_missed"),
    [("CT", 5850, 61), ("PT", 5502, 97), ("MR", 5852, 30)],
)
def test_standardized_values_depart_only_where_teams_have_several_masks(
    shared_data, matrix_of, modality, n_values, n_missed
):
    matrix = matrix_of(modality, everyone(shared_data))
    found = of_three_teams(shared_data, matrix, modality)
    assert (found.n_values, len(found.missed)) == (n_values, n_missed)
    elsewhere = {miss for miss in found.missed if miss[0] not in SEVERAL_MASKS}
    assert elsewhere <= SINGLE
    worst = pd.Series([tag for _, tag in found.missed]).value_counts()
    assert worst.max() <= len(SEVERAL_MASKS)


def intensities(rows, modality):
    """Subject, and the intensities of the region as they are measured."""
    section = RecipeSection(preset=PRESETS[modality])
    (columns,) = of_image(complete({modality: section}), modality)
    images, masks_ = (pd.DataFrame(part) for part in zip(*rows, strict=True))
    for one in segmentations(images, masks_, {}, 0):
        (image,) = prepared(one, columns.recipe)
        region = image.region
        yield one.keys["subject_id"], region.image[region.intensity_mask]


def summed_steps(lowest, width, number):
    """Steps of a range as numerical software makes them: from both ends inwards."""
    upwards = lowest + np.arange(number) * width
    last = lowest + (number - 1) * width
    downwards = last - np.arange(number)[::-1] * width
    return np.where(np.arange(number) <= (number - 1) // 2, upwards, downwards)


def histogram_of_sums(values, width):
    """The intensity-volume histogram with bins that are compared as decimals."""
    bins = np.floor(values / width).astype(int) + 1
    centres = (np.arange(1, bins.max() + 1) - 0.5) * width
    counts = np.bincount(bins)[1:]
    levels = summed_steps(width / 2, width, bins.max() - 1)
    volume = np.array([counts[centres >= level].sum() for level in levels])
    volume = volume / values.size
    fraction = (levels - levels[0]) / (levels[-1] - levels[0])
    v10, v90 = (volume[fraction >= x].max() for x in (0.1, 0.9))
    i10, i90 = (levels[volume <= x].min() for x in (0.1, 0.9))
    return {
        "ivh_v10": v10,
        "ivh_v90": v90,
        "ivh_i10": i10,
        "ivh_i90": i90,
        "ivh_diff_v10_v90": v10 - v90,
        "ivh_diff_i10_i90": i10 - i90,
    }


def of_histograms(shared_data, study, matrix_of, chosen):
    """Consensus, our value and that of sums, for each value of a histogram on PET."""
    matrix = matrix_of("PT", chosen)
    sums = {
        subject: histogram_of_sums(values.astype(float), 0.1)
        for subject, values in intensities(study("PT", chosen), "PT")
    }
    for row in of_teams(shared_data, "expected_ibsi_features_consensus", "PT"):
        subject, tag = row["patient_id"], row["tag"]
        if row["strength"] != "weak" and subject in sums and tag in SUMMED:
            value = matrix.loc[subject, by_ibsi_tag()[tag].column]
            yield float(row["consensus"]), value, sums[subject][tag]


def departures(values) -> tuple[int, int, int]:
    """Values, those that are not ours, and those that are not of sums either."""
    ours = [agrees(value, consensus) for consensus, value, _ in values]
    either = [
        agrees(value, consensus) or agrees(of_sums, consensus)
        for consensus, value, of_sums in values
    ]
    return len(values), ours.count(False), either.count(False)


def test_histograms_of_pet_depart_only_where_teams_add_up_a_decimal_width(
    shared_data, study, matrix_of
):
    values = list(of_histograms(shared_data, study, matrix_of, subset(shared_data)))
    assert departures(values) == (63, 8, 0)


@pytest.mark.slow
def test_histograms_of_all_pet_depart_only_where_teams_add_up_a_decimal_width(
    shared_data, study, matrix_of
):
    values = list(of_histograms(shared_data, study, matrix_of, everyone(shared_data)))
    # One (STS_015, ivh_i90) is a bin lower in three teams than here and in two others.
    assert departures(values) == (185, 35, 1)


def test_other_values_that_teams_agree_on_are_reproduced_but_for_a_named_one(
    shared_data, matrix_of
):
    """The area under the intensity-volume histogram too, which has no reference."""
    for modality in ("CT", "MR"):
        matrix = matrix_of(modality, subset(shared_data))
        found = compared(shared_data, matrix, modality, "moderate")
        assert found.share >= 0.99
        # The smallest box of any orientation is found by search.
        assert found.tags <= {"morph_area_dens_ombb"}


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        ({"bin_start": -195}, "ih_mean"),
        ({"round_intensities": False}, "ivh_i10"),
        ({"image_interpolator": "linear"}, "stat_max"),
        ({"resample_spacing_mm": (1, 1, 1.3)}, "cm_contrast_3D_comb"),
    ],
)
def test_another_recipe_loses_the_agreement(shared_data, study, values, lost):
    matrix = measured(study("CT", subset(shared_data)[:3]), "CT", **values)
    found = compared(shared_data, matrix, "CT", "strong", "moderate")
    assert lost in found.tags
