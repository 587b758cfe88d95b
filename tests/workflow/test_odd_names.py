"""Names of any script that are no fault run through the workflow as they are."""

import re

import yaml

from concord import tables

from .. import mr_study
from .conftest import StudyFolder

SITES = {"N": "病院", "S": "Zürich-Süd"}
NAMES = {
    "session": "pré-op (1)",
    "region": "Läsion & Rand",
    "reader": "Ärztin, 2. Lesung",
}


def renamed(folder) -> StudyFolder:
    """The small study of MR images, T1 alone, with names that files cannot have."""
    study = StudyFolder(mr_study.write_study(folder))
    for sheet in ("subjects", "images", "masks"):
        path = folder / "config" / f"{sheet}.tsv"
        head, *rows = [line.split("\t") for line in path.read_text().splitlines()]
        cells = [dict(zip(head, row, strict=True)) for row in rows]
        cells = [row for row in cells if row.get("image", "T1") == "T1"]
        for row in cells:
            row |= {key: name for key, name in NAMES.items() if key in row}
            row |= {"site": SITES[row["site"]]} if "site" in row else {}
            row |= {"also_for": ""} if "also_for" in row else {}
        mr_study.write_sheet(path, cells)
    config = mr_study.CONFIG | {"images": {}}
    config["recipes"] = {"MR": mr_study.CONFIG["recipes"]["MR"]}
    config["arms"] = config["arms"] | {
        "radiomics": config["arms"]["radiomics"] | {"features": ["T1.Läsion & Rand.*"]}
    }
    config["study"] = config["study"] | {
        "baseline_session": NAMES["session"],
        "reference_reader": NAMES["reader"],
    }
    study.config_file.write_text(yaml.safe_dump(config, sort_keys=False))
    return study


def test_names_of_any_script_stand_in_tables_and_their_labels_in_files(tmp_path):
    study = renamed(tmp_path / "study")

    run = study.snakemake(
        "results/features/features.parquet", "results/harmonization/site_effect.tsv"
    )

    assert run.returncode == 0, run.stdout
    results = study.folder / "results"
    features = tables.read_features(results / "features" / "features.parquet")
    for key, name in NAMES.items():
        assert set(features[key]) == {name}
    assert len(features) == 2 * mr_study.PER_SITE
    cohort = tables.read_sheet(results / "cohort" / "cohort.tsv")
    assert set(cohort["site"]) == set(SITES.values())
    paths = [p.relative_to(results).as_posix() for p in results.rglob("*")]
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", path) for path in paths), paths
    named = r"images/[0-9a-f]{8}-0_T1/sub-N01_ses-preop1[0-9a-f]{8}_T1\.nii\.gz"
    assert any(re.fullmatch(named, path) for path in paths), paths
    assert any(re.match(r"images/ZurichSud[0-9a-f]{8}-0_T1/", path) for path in paths)
