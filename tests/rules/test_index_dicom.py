"""Rule index_dicom on a root with one series and one damaged file."""

from types import SimpleNamespace

import pytest
from index_dicom import main

from concord import tables
from concord.errors import StudyError
from concord.ingest.settings import IndexDicom
from concord.privacy.settings import Privacy

from ..dicom_factory import write_series


def job(root, folder, name="A"):
    output = SimpleNamespace(
        files=str(folder / f"{name}_files.parquet"),
        series=str(folder / f"{name}_series.tsv"),
        state=str(folder / f"{name}_state.txt"),
    )
    settings = IndexDicom(
        privacy=Privacy(data="simulated", seed=1), root=name, state="0f"
    )
    return SimpleNamespace(
        input=SimpleNamespace(root=str(root)),
        output=output,
        params=SimpleNamespace(spec=settings.model_dump_json()),
        threads=1,
    )


def test_the_series_of_a_root_are_listed(tmp_path):
    write_series(tmp_path / "root" / "P1" / "baseline" / "CT")
    (tmp_path / "root" / "cut.dcm").write_bytes(b"DICM")
    task = job(tmp_path / "root", tmp_path)
    main(task)

    table = tables.read(task.output.series, "series")
    assert table["folder"].tolist() == [".", "P1/baseline/CT"]
    assert table["n_files"].tolist() == [1, 5]
    assert table["code"].tolist()[0] == "UNREADABLE_FILE"
    assert (tmp_path / "A_state.txt").read_text() == "0f"


def test_a_second_run_reads_new_files_only_and_forgets_deleted_ones(
    tmp_path, monkeypatch
):
    folder = tmp_path / "root" / "P1" / "CT"
    paths = write_series(folder)
    task = job(tmp_path / "root", tmp_path)
    main(task)
    paths[0].unlink()
    write_series(tmp_path / "root" / "P2" / "CT", keep=[0, 1])
    read = []
    facts = "concord.ingest.index.scan._facts"
    known = __import__("concord.ingest.index.scan", fromlist=["_facts"])._facts
    monkeypatch.setattr(facts, lambda path: read.append(path) or known(path))
    main(task)

    assert {path.parent.parent.name for path in read} == {"P2"}
    assert len(read) == 2
    table = tables.read(task.output.series, "series")
    assert table["n_files"].tolist() == [4, 2]


def test_a_table_of_another_version_is_not_used(tmp_path):
    write_series(tmp_path / "root" / "P1" / "CT")
    task = job(tmp_path / "root", tmp_path)
    tables.write_parquet([], task.output.files, "linkage")
    main(task)

    assert len(tables.read_parquet(task.output.files, "files")) == 5


def test_a_root_that_is_no_folder_is_an_error_without_its_path(tmp_path):
    with pytest.raises(StudyError, match="DICOM root 'A' is not a folder") as caught:
        main(job(tmp_path / "absent", tmp_path))
    assert "absent" not in str(caught.value)
