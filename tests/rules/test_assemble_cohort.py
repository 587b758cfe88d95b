import pandas as pd
import pytest
from assemble_cohort import main

from concord import tables
from concord.errors import WITHHELD, ConfigError, cells_withheld
from concord.fields import CohortColumns
from concord.folds import cohort
from concord.folds.settings import AssembleCohort, Factor
from concord.tables.kinds import KINDS

from ..modelling_study import job

SETTINGS = AssembleCohort(
    sheet=CohortColumns(subject_id_column="subject_id", site_column="site"),
    covariates={"age": {"column": "age"}},
    factors={},
    endpoints={"death": {"kind": "binary", "event": "dead"}},
    batch={"CT": ["SoftwareVersions"]},
    group="site",
    baseline_session="baseline",
    unnamed_subjects="refuse",
    sheet_digest="abc",
)

OUTPUTS = {"cohort": "cohort.tsv", "labels": "labels.tsv", "sealed": []}


def test_the_cohort_is_written_with_labels_of_batches(tmp_path):
    sheet = tmp_path / "subjects.tsv"
    sheet.write_text("subject_id\tsite\tage\tdead\nP1\tA\t60\t1\nP2\tB\tNA\t0\n")
    keys = {"site": "A", "session": "baseline", "image": "CT", "modality": "CT"}
    images = pd.DataFrame([{**keys, "subject_id": "P1", "SoftwareVersions": "v 1"}])
    acquisition = tmp_path / "acquisition.tsv"
    columns = list(KINDS["acquisition"])
    tables.write(images.reindex(columns=columns), acquisition, "acquisition")

    inputs = {"subjects": str(sheet), "acquisition": str(acquisition)}
    main(job(tmp_path, SETTINGS, OUTPUTS, inputs))

    found = cohort.read(tmp_path / "cohort.tsv")
    assert found["batch.CT.SoftwareVersions"].tolist() == ["v_1", "unknown"]


def test_a_study_of_features_brings_factors_batches_and_subjects_without_id(tmp_path):
    sheet = tmp_path / "subjects.tsv"
    sheet.write_text(
        "subject_id\tsite\tage\tdead\tcare\n"
        "P1\tA\t60\t1\tsurgery\n"
        "\tB\t70\t0\tradio therapy\n"
        "P3\tB\t80\t0\t\n"
    )
    image = {"session": "baseline", "image": "CT", "variable": "kernel"}
    batches = [
        {**image, "subject_id": "P1", "site": "A", "value": "B 70/f"},
        {**image, "subject_id": "row-2", "site": "B", "value": None},
    ]
    tables.write(batches, tmp_path / "batches.tsv", "batch_facts")
    changes = {
        "batch": {"CT": ["site", "kernel"]},
        "factors": {"treatment": Factor(column="care")},
        "unnamed_subjects": "number",
    }
    settings = SETTINGS.model_copy(update=changes)
    inputs = {
        "subjects": str(sheet),
        "acquisition": str(tmp_path / "batches.tsv"),
    }
    main(job(tmp_path, settings, OUTPUTS, inputs))

    found = cohort.read(tmp_path / "cohort.tsv").set_index("subject_id")
    assert list(found.index) == ["P1", "P3", "row-2"]
    assert found["batch.CT.kernel"].tolist() == ["B_70_f", "unknown", "unknown"]
    assert found["factor.treatment"].tolist() == ["surgery", "unknown", "radio therapy"]


def test_two_sheets_give_the_bytes_of_the_one_that_holds_their_rows(tmp_path):
    header = "subject_id\tsite\tage\tdead\n"
    parts = ["P1\tA\t60\t1\nno id\tA\t70\t0\n", "no id\tB\t80\t0\nP4\tB\t50\t1\n"]
    keys = {"site": "A", "session": "baseline", "image": "CT", "modality": "CT"}
    images = pd.DataFrame([{**keys, "subject_id": "P1", "SoftwareVersions": "v 1"}])
    acquisition = tmp_path / "acquisition.tsv"
    columns = list(KINDS["acquisition"])
    tables.write(images.reindex(columns=columns), acquisition, "acquisition")
    for number, text in enumerate([*parts, "".join(parts)]):
        (tmp_path / f"{number}.tsv").write_text(header + text)
    changes = {"unnamed_subjects": "number", "unnamed_words": ["no id"]}
    settings = SETTINGS.model_copy(update=changes)
    written = []
    for names in (["0.tsv", "1.tsv"], ["2.tsv"]):
        subjects = [str(tmp_path / name) for name in names]
        inputs = {"subjects": subjects, "acquisition": str(acquisition)}
        main(job(tmp_path, settings, OUTPUTS, inputs))
        written.append((tmp_path / "cohort.tsv").read_bytes())

    assert written[0] == written[1]
    found = cohort.read(tmp_path / "cohort.tsv")
    assert found["subject_id"].tolist() == ["P1", "P4", "row-2", "row-3"]


def test_cells_of_the_sheet_are_told_by_subject_and_column_alone(tmp_path):
    sheet = tmp_path / "subjects.tsv"
    sheet.write_text("subject_id\tsite\tage\tdead\nP1\tA\tDoe^Jane\t1\nP2\tB\t60\t9\n")
    keys = {"site": "A", "session": "baseline", "image": "CT", "modality": "CT"}
    images = pd.DataFrame([{**keys, "subject_id": "P1", "SoftwareVersions": "v 1"}])
    acquisition = tmp_path / "acquisition.tsv"
    columns = list(KINDS["acquisition"])
    tables.write(images.reindex(columns=columns), acquisition, "acquisition")
    inputs = {"subjects": str(sheet), "acquisition": str(acquisition)}
    with cells_withheld(), pytest.raises(ConfigError) as caught:
        main(job(tmp_path, SETTINGS, OUTPUTS, inputs))

    assert f"column 'age': expected a number, found P1: {WITHHELD}" in str(caught.value)
    assert "P2: '9'" in str(caught.value)
    assert "Doe" not in str(caught.value)


def test_nothing_of_a_sealed_subject_is_in_the_cohort_but_who_it_is(tmp_path):
    rows = ["P1\tA\t60\t1", "P2\tB\t1e9\t0", "P3\tA\t70\t0"]
    acquisition = tmp_path / "acquisition.tsv"
    tables.write(pd.DataFrame(), acquisition, "acquisition")
    row = {"site": "B", "cluster": "P2", "sealed_by": "group"}
    changes = {"batch": {}, "sealed": {"P2": row}}
    settings = SETTINGS.model_copy(update=changes)
    written = []
    for outcome in ("0", "1", "not an outcome"):
        sheet = tmp_path / "subjects.tsv"
        sealed = rows[1].replace("\t0", f"\t{outcome}")
        lines = ["subject_id\tsite\tage\tdead", rows[0], sealed, rows[2]]
        sheet.write_text("".join(f"{line}\n" for line in lines))
        inputs = {"subjects": str(sheet), "acquisition": str(acquisition)}
        main(job(tmp_path, settings, OUTPUTS | {"sealed": ["sealed.tsv"]}, inputs))
        names = ("cohort.tsv", "labels.tsv", "sealed.tsv")
        written.append([(tmp_path / name).read_bytes() for name in names])

    assert written[0] == written[1] == written[2]
    assert cohort.read(tmp_path / "cohort.tsv")["subject_id"].tolist() == ["P1", "P3"]
    found = tables.read(tmp_path / "sealed.tsv", "sealed_subjects")
    assert found.to_dict("records") == [{"subject_id": "P2"} | row]
