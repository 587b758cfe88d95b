"""Ready settings of recipes, each with the source that it follows."""

from dataclasses import dataclass
from typing import Any, Literal

PresetName = Literal[
    "ibsi_a",
    "ibsi_b",
    "ibsi_c",
    "ibsi_d",
    "ibsi_e",
    "ibsi_patients_ct",
    "ibsi_patients_pet",
    "ibsi_patients_mr",
    "ct_oncology",
    "pet",
    "mr",
    "pyradiomics_like",
]


@dataclass(frozen=True)
class Preset:
    """Settings of a recipe that differ from the defaults, and where they come from."""

    meaning: str
    source: str
    settings: dict[str, Any]


_MANUAL = "IBSI manual, arXiv:1612.07003, section 5.2"
_PATIENTS = "doi:10.1148/radiol.2020191145, validation data"

PRESETS: dict[str, Preset] = {
    "ibsi_a": Preset(
        "IBSI phantom, configuration A: the grid of the scan",
        _MANUAL,
        {
            "resample_spacing_mm": None,
            "round_intensities": True,
            "intensity_range": (-500.0, 400.0),
            "bin_width": 25.0,
        },
    ),
    "ibsi_b": Preset(
        "IBSI phantom, configuration B: 2 x 2 mm in the slice, slices kept",
        _MANUAL,
        {
            "resample_spacing_mm": (2.0, 2.0, None),
            "image_interpolator": "linear",
            "intensity_range": (-500.0, 400.0),
            "discretization": "FBN",
            "n_bins": 32,
        },
    ),
    "ibsi_c": Preset(
        "IBSI phantom, configuration C: 2 mm, fixed bin size",
        _MANUAL,
        {
            "resample_spacing_mm": (2.0, 2.0, 2.0),
            "image_interpolator": "linear",
            "intensity_range": (-1000.0, 400.0),
            "bin_width": 25.0,
            "ivh_bin_width": 2.5,
        },
    ),
    "ibsi_d": Preset(
        "IBSI phantom, configuration D: 2 mm, outliers beyond 3 SD left out",
        _MANUAL,
        {
            "resample_spacing_mm": (2.0, 2.0, 2.0),
            "image_interpolator": "linear",
            "outlier_sd": 3.0,
            "discretization": "FBN",
            "n_bins": 32,
        },
    ),
    "ibsi_e": Preset(
        "IBSI phantom, configuration E: 2 mm, range and outliers",
        _MANUAL,
        {
            "resample_spacing_mm": (2.0, 2.0, 2.0),
            "image_interpolator": "cubic",
            "intensity_range": (-1000.0, 400.0),
            "outlier_sd": 3.0,
            "discretization": "FBN",
            "n_bins": 32,
            "ivh_n_bins": 1000,
        },
    ),
    "ibsi_patients_ct": Preset(
        "CT of the soft-tissue sarcomas that IBSI teams agreed upon",
        _PATIENTS,
        {
            "resample_spacing_mm": (1.0, 1.0, 1.0),
            "intensity_range": (-200.0, 200.0),
            "bin_width": 10.0,
        },
    ),
    "ibsi_patients_pet": Preset(
        "FDG-PET of the soft-tissue sarcomas that IBSI teams agreed upon",
        _PATIENTS,
        {
            "resample_spacing_mm": (3.0, 3.0, 3.0),
            "intensity_range": (0.0, None),
            "bin_width": 0.25,
        },
    ),
    "ibsi_patients_mr": Preset(
        "T1 MR of the soft-tissue sarcomas that IBSI teams agreed upon; intensities "
        "normalized to fat beforehand",
        _PATIENTS,
        {
            "resample_spacing_mm": (1.0, 1.0, 1.0),
            "intensity_range": (0.0, None),
            "bin_width": 10.0,
            "ivh_bin_width": 1.0,
        },
    ),
    "ct_oncology": Preset(
        "CT of solid tumours: 1 mm, soft tissue, bins of 25 HU",
        "doi:10.1158/0008-5472.CAN-17-0339; doi:10.1148/radiol.2020191145",
        {
            "resample_spacing_mm": (1.0, 1.0, 1.0),
            "intensity_range": (-150.0, 250.0),
            "bin_width": 25.0,
        },
    ),
    "pet": Preset(
        "FDG-PET: 3 mm, bins of 0.5 SUV from 0",
        "doi:10.1038/srep11075",
        {
            "resample_spacing_mm": (3.0, 3.0, 3.0),
            "intensity_range": (0.0, None),
            "bin_width": 0.5,
            "min_voxels": 27,
        },
    ),
    "mr": Preset(
        "MR of arbitrary units: standardized in the region, 1 mm, 32 bins",
        "doi:10.1038/s41598-020-69298-z",
        {
            "normalization": {"method": "zscore"},
            "resample_spacing_mm": (1.0, 1.0, 1.0),
            "discretization": "FBN",
            "n_bins": 32,
        },
    ),
    "pyradiomics_like": Preset(
        "Defaults of pyradiomics: the grid of the scan, bins of 25 from a multiple of "
        "25 below the minimum of the region",
        "doi:10.1158/0008-5472.CAN-17-0339",
        {
            "resample_spacing_mm": None,
            "round_intensities": False,
            "bin_width": 25.0,
            "bin_start": "region_minimum",
            "min_voxels": 1,
        },
    ),
}
