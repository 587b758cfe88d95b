"""A small study that starts from a table of features, as a user would write it."""

import csv
from pathlib import Path

import numpy as np
import yaml

SITES = {"North": "surgery", "South": "radiotherapy", "West": "radiotherapy"}
VENDORS = ("Alpha", "Beta")
FEATURES = [
    "original_shape_Volume",
    "original_firstorder_Mean",
    "original_firstorder_Entropy",
    *(f"{kind}_glcm_{name}" for kind in ("original", "wavelet-LLH") for name in "ABCD"),
    "log-sigma-2-0-mm-3D_gldm_DependenceEntropy",
    "Expert score (1-5)",
]
PER_SITE = 14

CONFIG = {
    "study": {"name": "Small table study", "seed": 3},
    "data_root": "data",
    "sheets": {"subjects": "subjects.tsv", "subject_id_column": "patient"},
    "feature_table": {
        "path": "{data_root}/features.csv",
        "subject_id_column": "id",
        "image": "CT",
        "region": "tumour",
        "features": ["original_*", "wavelet-*", "log-*", "Expert*"],
        "batch_columns": ["vendor", "scanner"],
        "software": "pyradiomics 3.1.0",
    },
    "harmonization": {"batch": {"CT": ["site", "vendor"]}, "keep": ["age"]},
    "covariates": {"age": {"column": "age", "label": "Age", "unit": "years"}},
    "factors": {"treatment": {"column": "treatment", "label": "Treatment"}},
    "endpoints": {"death": {"kind": "binary", "event": "dead", "label": "Death"}},
    "arms": {
        "clinical": {"covariates": ["age"], "label": "Clinical"},
        "radiomics": {
            "features": ["*"],
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
}


#: An endpoint of it that asks for whom surgery works.
BENEFIT = {
    "kind": "predictive",
    "event": "dead",
    "treatment": {
        "column": "treatment",
        "control": "radiotherapy",
        "treated": "surgery",
        "randomized": False,
    },
    "markers": ["age", "CT.tumour.original.glcm.*"],
    "marker_arms": ["radiomics"],
}


def write_study(folder: Path, seed: int = 1) -> Path:
    """Write configuration, subjects sheet and feature table; the folder again."""
    generator = np.random.default_rng(seed)
    subjects, features = [], []
    for shift, (site, treatment) in enumerate(SITES.items()):
        for number in range(1, PER_SITE + 1):
            name = f"{site[0]}{number:02d}"
            signal = generator.normal()
            subjects.append(
                {
                    "patient": name,
                    "site": site,
                    "age": round(float(generator.normal(60, 8)), 1),
                    "treatment": treatment,
                    "dead": int(signal + generator.normal() + 0.5 * shift > 0.5),
                    "scanner": f"unit {number % 2}",
                }
            )
            values = generator.normal(shift, 1 + 0.3 * shift, len(FEATURES))
            values[0] += signal
            values[3] += signal
            row = {"id": name, "vendor": VENDORS[number % 2]}
            cells = dict(zip(FEATURES, values.round(6).tolist(), strict=True))
            features.append(row | cells | {"diagnostics_Versions": "v3.1.0"})
    write_rows(folder / "config" / "subjects.tsv", subjects, "\t")
    write_rows(folder / "data" / "features.csv", features, ",")
    write_config(folder, CONFIG)
    return folder


def write_config(folder: Path, config: dict) -> None:
    text = yaml.safe_dump(config, sort_keys=False)
    (folder / "config" / "config.yaml").write_text(text)


def write_rows(path: Path, rows: list[dict], delimiter: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
