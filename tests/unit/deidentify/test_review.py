"""The lists of what the copies hold are true, and those that travel hold no value."""

from types import SimpleNamespace

import gather_deidentified
import pytest
from pydicom import dcmread

from concord import tables
from concord.privacy import secret

from ...dicom_factory import make_pet, write_series
from .exporting import exported, image_row


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


def change(k, header):
    make_pet(k, header)
    header.ConvolutionKernel = "B30f" if k < 2 else "B40f"
    header.KVP, header.PatientComments = str(100 + k), "Doe"
    header.BodyPartExamined = "CHEST" if k else "DOE"


@pytest.fixture
def values(tmp_path):
    """Table of the values of five copies, and the copies."""
    write_series(tmp_path / "data", "PT", change=change)
    folder = exported(tmp_path, [image_row(tmp_path / "data", "PT")], [])
    table = tables.read(tmp_path / "private" / "A-0_CT.tsv", "deidentified_values")
    return table, sorted(folder.rglob("*.dcm"))


def rows(table, element):
    """Value and numbers of files by kind and value of one element."""
    found = table[table["element"] == element].fillna({"value": ""})
    return {
        (row.kept_as, row.value): (row.n_values, row.n_files)
        for row in found.itertuples()
    }


def test_every_value_is_listed_with_the_number_of_its_files(values):
    table, _ = values
    assert rows(table, "ConvolutionKernel") == {
        ("technical text", ""): (2, 5),
        ("technical text", "B30f"): (1, 2),
        ("technical text", "B40f"): (1, 3),
    }
    assert rows(table, "BodyPartExamined") == {
        ("defined term", ""): (1, 4),
        ("defined term", "CHEST"): (1, 4),
        ("not kept", ""): (1, 1),
        ("not kept", "no defined term"): (1, 1),
    }
    assert rows(table, "PixelData") == {("pixels", ""): (5, 5)}
    name = "RadiopharmaceuticalInformationSequence.RadionuclideTotalDose"
    assert rows(table, name) == {("number in its range", ""): (1, 5)}
    assert rows(table, "PatientComments") == {
        ("not kept", ""): (1, 5),
        ("not kept", "by the profile or not on a list"): (1, 5),
    }
    (voltage,) = table[table["element"] == "KVP"].to_dict("records")
    assert (voltage["lowest"], voltage["highest"], voltage["n_values"]) == (100, 104, 5)


def test_every_element_of_the_copies_is_listed(values):
    table, files = values
    listed = set(table.loc[table["kept_as"] != "not kept", "element"])
    for path in files:
        header = dcmread(path)
        for element in header.iterall():
            if element.VR != "SQ" and not element.is_empty:
                assert any(name.endswith(element.keyword) for name in listed)


def test_no_value_that_went_is_told(values, tmp_path):
    for path in (tmp_path / "private").iterdir():
        assert "doe" not in path.read_text().lower()


def gather(tmp_path, parts):
    output = SimpleNamespace(
        exported=tmp_path / "exported.tsv",
        values=tmp_path / "values.tsv",
        elements=tmp_path / "elements.tsv",
    )
    paths = []
    for number, part in enumerate(parts):
        paths.append(tmp_path / f"{number}.tsv")
        tables.write(part, paths[-1], "deidentified_values")
    lists = [tmp_path / "deidentified" / "A-0_CT.tsv"] * 2
    inputs = SimpleNamespace(exported=lists, values=paths)
    gather_deidentified.main(SimpleNamespace(input=inputs, output=output))
    return output


def test_lists_of_chunks_are_put_together(values, tmp_path):
    table, _ = values
    other = table.copy()
    other.loc[other["value"] == "B40f", "value"] = "B50f"
    other.loc[other["element"] == "KVP", ["lowest", "highest"]] = [80.0, 102.0]
    output = gather(tmp_path, [table, other])

    both = tables.read(output.values, "deidentified_values")
    assert rows(both, "ConvolutionKernel") == {
        ("technical text", ""): (3, 10),
        ("technical text", "B30f"): (1, 4),
        ("technical text", "B40f"): (1, 3),
        ("technical text", "B50f"): (1, 3),
    }
    (voltage,) = both[both["element"] == "KVP"].to_dict("records")
    assert (voltage["lowest"], voltage["highest"], voltage["n_files"]) == (80, 104, 10)
    assert len(tables.read(output.exported, "exported")) == 2


def test_the_list_that_travels_names_elements_without_values(values, tmp_path):
    table, _ = values
    output = gather(tmp_path, [table])
    elements = tables.read(output.elements, "deidentified_elements")
    text = output.elements.read_text()
    assert "B30f" not in text
    assert "P1" not in text
    assert set(elements["element"]) == set(table["element"])
    assert not elements.duplicated(["element", "vr", "kept_as"]).any()
