"""A study of many sites whose outcome has nothing to do with the site."""

from pathlib import Path

import numpy as np

from .table_study import write_config, write_rows

N_FEATURES = 68
CONFIG = {
    "study": {"name": "Twenty sites", "seed": 5},
    "data_root": "data",
    "sheets": {"subjects": "subjects.tsv", "subject_id_column": "subject"},
    "feature_table": {
        "path": "{data_root}/features.csv",
        "subject_id_column": "subject",
        "image": "MR",
        "region": "cortex",
        "features": ["thickness_*"],
        "software": "segmentation of the cortex",
    },
    "harmonization": {"batch": {"MR": ["site"]}, "keep": ["age"]},
    "covariates": {"age": {"column": "age", "label": "Age", "unit": "years"}},
    "endpoints": {
        "diagnosis": {"kind": "binary", "event": "case", "label": "Diagnosis"}
    },
    "arms": {
        "clinical": {"covariates": ["age"], "label": "Clinical"},
        "site": {"group_indicator": True, "label": "Site only"},
        "unharmonized": {
            "features": ["*"],
            "stability_filter": False,
            "label": "Thickness",
        },
        "combat": {
            "features": ["*"],
            "harmonizer": "combat",
            "stability_filter": False,
            "label": "Thickness, ComBat",
        },
    },
    "validation": {"repeats": 2},
    "evaluation": {
        "headline_arm": "combat",
        "reference_arm": "clinical",
        "null_permutations": 99,
    },
}


def write_study(folder: Path, n: int = 1000, sites: int = 20, seed: int = 1) -> Path:
    """Write configuration, subjects sheet and feature table; the folder again.

    Sites differ in size, and shift and scale every feature; age and outcome are
    drawn without regard to the site, and no feature knows the outcome.
    """
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.4, 1.6, sites)
    site = generator.choice(sites, n, p=weights / weights.sum())
    shift = generator.normal(0, 0.6, (sites, N_FEATURES))
    scale = generator.uniform(0.8, 1.25, (sites, N_FEATURES))
    common = generator.normal(size=(n, 6)) @ generator.normal(size=(6, N_FEATURES))
    noise = generator.normal(size=(n, N_FEATURES))
    values = 2.5 + 0.2 * (shift[site] + scale[site] * (0.4 * common + noise))
    names = [f"S{number:04d}" for number in range(n)]
    subjects = [
        {
            "subject": name,
            "site": f"centre {chr(65 + where)}",
            "age": round(float(generator.normal(17, 4)), 1),
            "case": int(generator.random() < 0.47),
        }
        for name, where in zip(names, site.tolist(), strict=True)
    ]
    columns = [f"thickness_{number:02d}" for number in range(N_FEATURES)]
    rows = [
        {"subject": name} | dict(zip(columns, row, strict=True))
        for name, row in zip(names, values.round(6).tolist(), strict=True)
    ]
    write_rows(folder / "config" / "subjects.tsv", subjects, "\t")
    write_rows(folder / "data" / "features.csv", rows, ",")
    write_config(folder, CONFIG)
    return folder
