"""A small study of T1, T2 and ADC of one session, from DICOM, for tests."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from .dicom_factory import rectangle, write_rtstruct, write_series

SITES, PER_SITE = ("N", "S"), 7
#: Slices, rows and columns, and voxel spacing in mm, of each image.
GRIDS = {
    "T1": ((10, 20, 20), (3.0, 2.0, 2.0)),
    "T2": ((10, 20, 20), (3.0, 2.0, 2.0)),
    "ADC": ((10, 10, 10), (3.0, 4.0, 4.0)),
}
#: Descriptions as scanners write them; the last word must never reach a sheet.
DESCRIPTIONS = {
    "T1": "t1_se_tra CANARY",
    "T2": "T2 TSE ax CANARY",
    "ADC": "ep2d_diff_ADC CANARY",
}
UNIT = "10*-6.mm2/s"
_RECIPE = {
    "resample_spacing_mm": [3.0, 3.0, 3.0],
    "discretization": "FBN",
    "n_bins": 8,
    "normalization": {"method": "zscore"},
    "families": ["statistics", "glcm"],
    "min_voxels": 20,
}
CONFIG: dict[str, Any] = {
    "study": {"name": "Three images", "seed": 3, "reference_reader": "A"},
    "data_root": "data",
    "privacy": {"data": "simulated"},
    "images": {"ADC": {"unit": UNIT}},
    "ingest": {"resample_masks": "nearest"},
    "recipes": {
        "MR": _RECIPE,
        "ADC": {
            "resample_spacing_mm": [3.0, 3.0, 3.0],
            "intensity_range": [0, 4000],
            "bin_width": 100.0,
            "families": ["statistics", "glcm"],
            "min_voxels": 20,
        },
        "T2_coarse": {"like": "MR", "image": "T2", "n_bins": 4},
    },
    "harmonization": {"batch": {"MR": ["site"]}, "min_batch_size": 2},
    "covariates": {"age": {"column": "age", "label": "Age", "unit": "years"}},
    "endpoints": {"death": {"kind": "binary", "event": "dead", "label": "Death"}},
    "arms": {
        "clinical": {"covariates": ["age"], "label": "Clinical"},
        "radiomics": {
            "features": ["T1.*", "T2.*", "ADC.*"],
            "harmonizer": "combat",
            "stability_filter": False,
            "label": "Radiomics",
        },
    },
    "validation": {"folds": 2, "repeats": 1},
    "evaluation": {
        "headline_arm": "radiomics",
        "reference_arm": "clinical",
        "null_permutations": 10,
    },
    "crosscheck": {"cases_per_site": 0},
}


def write_study(folder: Path) -> Path:
    """DICOM below data, and config with three sheets; the folder itself."""
    rng = np.random.default_rng(11)
    subjects, images, masks = [], [], []
    for number, (site, name) in enumerate(
        (site, f"{site}{k:02d}") for site in SITES for k in range(1, PER_SITE + 1)
    ):
        place = folder / "data" / site / name / "baseline"
        for image in GRIDS:
            values = rng.normal(400 if site == "N" else 500, 40, GRIDS[image][0])
            _write_image(place / image, image, f"1.2.{number + 1}", values)
            keys = {"subject_id": name, "session": "baseline", "image": image}
            source = f"{site}/{name}/baseline/{image}"
            images.append(keys | {"modality": "MR", "source": source})
        half = 7.1 + 0.5 * (number % 4)
        box = [rectangle((-half, -half), (half, half), 3.0 * k) for k in range(2, 8)]
        write_rtstruct(
            place / "RT" / "reader-A.dcm",
            {"GTV": box},
            frame=f"1.2.{number + 1}.9",
            series=series_uid(f"1.2.{number + 1}", "T1"),
        )
        masks.append(
            {"subject_id": name, "session": "baseline", "image": "T1"}
            | {"region": "tumour", "reader": "A", "roi": "GTV"}
            | {"source": f"{site}/{name}/baseline/RT/reader-A.dcm"}
            | {"also_for": "T2 ADC"}
        )
        age, dead = round(float(rng.normal(60, 8)), 1), int(number % 3 == 0)
        subjects.append({"subject_id": name, "site": site, "age": age, "dead": dead})
    write_sheet(folder / "config/subjects.tsv", subjects)
    write_sheet(folder / "config/images.tsv", images)
    write_sheet(folder / "config/masks.tsv", masks)
    config = yaml.safe_dump(CONFIG, sort_keys=False)
    (folder / "config/config.yaml").write_text(config)
    return folder


def series_uid(study: str, image: str) -> str:
    """SeriesInstanceUID of an image of a study."""
    return f"{study}.{5 + list(GRIDS).index(image)}"


def write_sheet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a sheet with the columns of its first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_image(folder: Path, image: str, study: str, values: np.ndarray) -> None:
    shape, spacing_mm = GRIDS[image]
    centre = [
        -(size - 1) * step / 2 for size, step in zip(shape, spacing_mm, strict=True)
    ]

    def change(k, header):
        header.StudyInstanceUID, header.FrameOfReferenceUID = study, f"{study}.9"
        header.PatientID = f"CANARY-{study}"
        header.SeriesDescription = DESCRIPTIONS[image]
        header.SeriesNumber = 1 + list(GRIDS).index(image)

    write_series(
        folder,
        "MR",
        stored=np.rint(values).astype(np.int16),
        spacing_mm=spacing_mm,
        origin_mm=(centre[2], centre[1], 0.0),
        series=series_uid(study, image),
        change=change,
    )
