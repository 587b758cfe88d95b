"""Rule gather_ingest on the tables of two chunks."""

from types import SimpleNamespace

from gather_ingest import main

from concord import tables
from concord.files import write_json


def test_facts_and_exclusions_of_all_chunks_are_sorted_together(tmp_path):
    chunks = []
    for subject in ("P2", "P1"):
        sidecar = tmp_path / f"{subject}.json"
        facts = {"Manufacturer": "Maker", "KVP": 120, "Units": "HU", "n_slices": 5}
        write_json(facts | {"BodyWeight": 70, "notes": []}, sidecar)
        keys = {"subject_id": subject, "site": "A", "session": "baseline"}
        files = {"path": "x", "sidecar": str(sidecar), "digest": "d"}
        path = tmp_path / f"{subject}.tsv"
        tables.write([{**keys, "modality": "CT", **files}], path, "images")
        chunks.append(str(path))
    excluded = []
    for stage, region in (("convert_mask", "tumour"), ("convert_image", None)):
        keys = {"subject_id": "P3", "session": "baseline", "modality": "CT"}
        row = {"stage": stage, **keys, "region": region, "reader": None}
        path = tmp_path / f"{stage}.tsv"
        tables.write([{**row, "code": "X", "reason": "y"}], path, "exclusions")
        excluded.append(str(path))
    output = SimpleNamespace(
        acquisition=str(tmp_path / "acquisition.tsv"),
        exclusions=str(tmp_path / "exclusions.tsv"),
    )
    inputs = SimpleNamespace(images=chunks, exclusions=excluded)
    main(
        SimpleNamespace(input=inputs, output=output, params=SimpleNamespace(spec="{}"))
    )

    acquisition = tables.read(output.acquisition, "acquisition")
    assert acquisition["subject_id"].tolist() == ["P1", "P2"]
    assert acquisition["KVP"].tolist() == [120, 120]
    assert acquisition["EchoTime"].isna().all()
    stages = tables.read(output.exclusions, "exclusions")["stage"].tolist()
    assert stages == ["convert_image", "convert_mask"]


def test_a_study_without_images_and_exclusions_gives_empty_tables(tmp_path):
    for kind in ("images", "exclusions"):
        tables.write([], tmp_path / f"{kind}.tsv", kind)
    output = SimpleNamespace(
        acquisition=str(tmp_path / "a.tsv"), exclusions=str(tmp_path / "e.tsv")
    )
    inputs = SimpleNamespace(
        images=[str(tmp_path / "images.tsv")],
        exclusions=[str(tmp_path / "exclusions.tsv")],
    )
    main(
        SimpleNamespace(input=inputs, output=output, params=SimpleNamespace(spec="{}"))
    )
    assert len(tables.read(output.acquisition, "acquisition")) == 0
