"""Batches proposed for a real study against its known scanner software."""

import io
import tarfile

import pandas as pd
import pytest
from pydicom import dcmread

from concord import tables
from concord.ingest.acquisition import sidecar
from concord.ingest.acquisition.batches import batches, members
from concord.ingest.dicom import header as hd

SERIES = {"CT/image": "CT", "PET/image": "PT"}
TRUTH = {"CT": "ct_batch", "PT": "pet_software"}


def first_headers(archive):
    """Modality and header of the first slice of each series of a patient."""
    with tarfile.open(archive) as file:
        wanted = dict(SERIES)
        for member in file:
            place = "/".join(member.name.split("/")[-3:-1])
            if member.isfile() and place in wanted:
                content = io.BytesIO(file.extractfile(member).read())
                yield wanted.pop(place), dcmread(content, stop_before_pixels=True)


@pytest.mark.slow
def test_the_software_of_ct_and_pet_is_proposed_as_batches(shared_data):
    rows = []
    for archive in sorted((shared_data / "sts" / "patients").glob("*.tar.xz")):
        subject = archive.name.partition(".")[0]
        keys = {"subject_id": subject, "site": "STS", "session": "baseline"}
        with hd.tolerant():
            for modality, header in first_headers(archive):
                facts = sidecar.series_facts([header], modality)
                rows.append(keys | {"image": modality, "modality": modality} | facts)
    columns = list(tables.KINDS["acquisition"])
    acquisition = pd.DataFrame(rows).reindex(columns=columns)
    proposed = members(acquisition, 3)
    found = pd.DataFrame(batches(acquisition, proposed, 3))

    known = pd.read_csv(shared_data / "sts" / "batches.csv", dtype=str)
    known = known.set_index("patient_id")
    for modality, column in TRUTH.items():
        part = proposed[proposed["image"] == modality]
        truth = part["subject_id"].map(known[column])
        assert len(part) == 36
        assert part["batch"].nunique() == truth.nunique() == 3
        assert (pd.crosstab(part["batch"], truth) > 0).to_numpy().sum() == 3
    assert found["n_subjects"].tolist() == [14, 11, 11, 22, 8, 6]
    assert set(found["column"]) == {"SoftwareVersions"}
    assert found["advice"].isna().all()
