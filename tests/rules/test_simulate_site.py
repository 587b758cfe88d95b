"""Rule simulate_site: the script on files, without Snakemake."""

import hashlib
from types import SimpleNamespace

import pydicom
import pytest
from simulate_site import main

from concord import tables
from concord.simulate.settings import SimulateSite, SimulationSection
from concord.simulate.sheets import write_sheets

SITES = {"A": {"n_subjects": 2, "n_retest": 1}}


def run(folder, seed=1, sites=SITES, **settings):
    simulation = SimulationSection(sites=sites, **settings)
    spec = SimulateSite(simulation=simulation, site="A", seed=seed).model_dump_json()
    output = SimpleNamespace(dicom=str(folder / "A"), truth=str(folder / "A.tsv"))
    main(SimpleNamespace(output=output, params=SimpleNamespace(spec=spec)))
    return folder


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    return run(tmp_path_factory.mktemp("simulated"))


def test_a_second_run_gives_equal_bytes(simulated, tmp_path):
    assert digests(run(tmp_path)) == digests(simulated)


def test_another_seed_gives_other_pixels(simulated, tmp_path):
    other = run(tmp_path, seed=2)
    name = "A/A001/baseline/CT/IM0001.dcm"
    assert digests(other)[name] != digests(simulated)[name]


def test_segmentations_of_reader_b_are_voxels_if_the_site_stores_them_so(
    simulated, tmp_path
):
    sites = {"A": SITES["A"] | {"reader_b_format": "seg"}}
    before, after = digests(simulated), digests(run(tmp_path, sites=sites))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {name for name in before if name.endswith("reader-B.dcm")}
    for name in changed:
        assert pydicom.dcmread(tmp_path / name).Modality == "SEG"


@pytest.mark.parametrize("ct_format", ["classic", "enhanced"])
def test_the_algorithm_stores_voxels_whatever_the_format_of_the_ct(tmp_path, ct_format):
    run(tmp_path, sites={"A": SITES["A"] | {"ct_format": ct_format}})
    for modality, n_slices in (("CT", 24), ("PT", 18)):
        path = tmp_path / f"A/A001/baseline/RT/{modality}_reader-AI.dcm"
        header = pydicom.dcmread(path)
        segment = header.SegmentSequence[0]
        assert (header.Modality, segment.SegmentAlgorithmType) == ("SEG", "AUTOMATIC")
        assert 1 < header.NumberOfFrames < n_slices


def test_the_algorithm_moves_no_other_segmentation(simulated, tmp_path):
    before, after = digests(simulated), digests(run(tmp_path, automatic_bias_mm=-1.5))
    changed = {name for name in before if before[name] != after[name]}
    segmentations = {name for name in before if name.endswith("reader-AI.dcm")}
    assert changed == segmentations | {"A.tsv"}


def test_where_the_algorithm_fails_half_of_the_lesion_is_missing(simulated, tmp_path):
    sites = {"A": SITES["A"] | {"n_automatic_failures": 0}}
    run(tmp_path, sites=sites)
    name = "A/A002/baseline/RT/CT_reader-AI.dcm"
    n_voxels = [
        int(pydicom.dcmread(folder / name).pixel_array.sum())
        for folder in (simulated, tmp_path)
    ]
    assert n_voxels[0] / n_voxels[1] == pytest.approx(0.5, abs=0.1)
    truth = tables.read(simulated / "A.tsv", "truth")
    assert truth["automatic_fails"].tolist() == [True, True]
    assert not tables.read(tmp_path / "A.tsv", "truth")["automatic_fails"].any()


def test_every_file_is_valid_dicom_of_its_subject(simulated):
    files = sorted((simulated / "A").rglob("*.dcm"))
    assert len(files) == 3 * (24 + 18 + 6)
    identifiers = set()
    for path in files:
        header = pydicom.dcmread(path)
        identifiers.add(header.SOPInstanceUID)
        assert header.PatientID == path.relative_to(simulated / "A").parts[0]
        assert header.SOPInstanceUID == header.file_meta.MediaStorageSOPInstanceUID
        assert header.SOPInstanceUID.is_valid
    assert len(identifiers) == len(files)


def test_the_sheets_point_at_the_files(simulated, tmp_path):
    write_sheets(tmp_path, SimulationSection(sites=SITES), 1)
    images = tables.read(tmp_path / "images.tsv", "images_sheet")
    masks = tables.read(tmp_path / "masks.tsv", "masks_sheet")
    listed = {simulated / source for source in images["source"]}
    assert all(folder.is_dir() for folder in listed)
    segmentations = {simulated / source for source in masks["source"]}
    assert segmentations == set((simulated / "A").rglob("RT/*.dcm"))


def test_the_truth_has_one_row_per_subject(simulated):
    truth = tables.read(simulated / "A.tsv", "truth")
    assert truth["subject_id"].tolist() == ["A001", "A002"]
    assert (truth["heterogeneity_hu"] > 0).all()


def test_who_has_no_pet_has_the_ct_that_they_would_have_with_it(simulated, tmp_path):
    before, after = digests(simulated), digests(run(tmp_path, without_pet_every=2))
    left_out = set(before) - set(after)

    assert left_out
    assert all(name.startswith("A/A002/") and "PT" in name for name in left_out)
    assert not any("PT" in name for name in after if name.startswith("A/A002/"))
    assert {n for n in after if n.endswith(".dcm") and after[n] != before[n]} == set()


def test_unusual_subjects_change_no_file_of_the_others(simulated, tmp_path):
    scanner = {"model": "upgraded", "kvp": 140.0, "blur_mm": 3.2, "noise_hu": 4.0}
    unusual = {"scanner": {"scanner": scanner}, "tiny": {"radius_mm": 4.0}}
    unusual["without"] = {"without": "CT"}
    sites = {"A": SITES["A"] | {"unusual": unusual}}
    before, after = digests(simulated), digests(run(tmp_path, sites=sites))

    added = {name for name in after if name not in before}
    assert {name.split("/")[1] for name in added} == {"A003", "A004", "A005"}
    assert {n for n in before if after[n] != before[n]} == {"A.tsv"}
    assert not any("CT" in name for name in after if name.startswith("A/A005"))
    headers = [
        pydicom.dcmread(tmp_path / f"A/{subject}/baseline/CT/IM0001.dcm")
        for subject in ("A001", "A003", "A004")
    ]
    told = [(h.ManufacturerModelName, h.ConvolutionKernel, h.KVP) for h in headers]
    assert told == [
        ("Phantom A", "G12", 120.0),
        ("Phantom A upgraded", "G32", 140.0),
        ("Phantom A", "G12", 120.0),
    ]


def test_who_draws_but_is_not_stored_moves_no_other_reader(simulated, tmp_path):
    before, after = digests(simulated), digests(run(tmp_path, readers=["A"]))

    assert {name for name in before if name not in after} == {
        name for name in before if name.endswith(("reader-B.dcm", "reader-AI.dcm"))
    }
    assert {n for n in after if after[n] != before[n]} == set()
