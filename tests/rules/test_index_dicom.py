"""Rule index_dicom on a root with one series and one damaged file."""

from types import SimpleNamespace

from index_dicom import main

from concord import tables
from concord.provenance import canonical_json

from ..dicom_factory import write_series


def job(root, output, name="A"):
    return SimpleNamespace(
        input=SimpleNamespace(root=str(root)),
        output=SimpleNamespace(series=str(output)),
        params=SimpleNamespace(spec=canonical_json({"root": name, "seed": 1})),
    )


def test_the_series_of_a_root_are_listed(tmp_path):
    write_series(tmp_path / "root" / "P1" / "baseline" / "CT")
    (tmp_path / "root" / "cut.dcm").write_bytes(b"DICM")
    main(job(tmp_path / "root", tmp_path / "A.tsv"))

    table = tables.read(tmp_path / "A.tsv", "series")
    assert table["folder"].tolist() == [".", "P1/baseline/CT"]
    assert table["n_files"].tolist() == [1, 5]
    assert "UNREADABLE_FILE" in table["problem"][0]
