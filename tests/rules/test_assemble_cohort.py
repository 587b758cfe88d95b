import pandas as pd
from assemble_cohort import main

from concord import cohort, tables
from concord.table_kinds import KINDS

from ..modelling_study import job

SETTINGS = {
    "subject_id_column": "subject_id",
    "site_column": "site",
    "site": None,
    "covariates": {"age": {"column": "age", "kind": "number", "levels": []}},
    "endpoints": {"death": {"kind": "binary", "event": "dead", "time_days": None}},
    "batch": {"CT": "SoftwareVersions"},
    "group": "site",
    "baseline_session": "baseline",
    "sheet_digest": "abc",
}


def test_cohort_and_confounding_are_written(tmp_path):
    sheet = tmp_path / "subjects.tsv"
    sheet.write_text("subject_id\tsite\tage\tdead\nP1\tA\t60\t1\nP2\tB\tNA\t0\n")
    keys = {"site": "A", "session": "baseline", "modality": "CT"}
    images = pd.DataFrame([{**keys, "subject_id": "P1", "SoftwareVersions": "v 1"}])
    acquisition = tmp_path / "acquisition.tsv"
    columns = list(KINDS["acquisition"])
    tables.write(images.reindex(columns=columns), acquisition, "acquisition")

    outputs = {"cohort": "cohort.tsv", "confounding": "confounding.tsv"}
    inputs = {"subjects": str(sheet), "acquisition": str(acquisition)}
    main(job(tmp_path, SETTINGS, outputs, inputs))

    found = cohort.read(tmp_path / "cohort.tsv")
    assert found["batch.CT"].tolist() == ["v_1", "unknown"]
    links = tables.read(tmp_path / "confounding.tsv", "confounding")
    assert links["cramers_v"].tolist() == [1.0, 1.0]
