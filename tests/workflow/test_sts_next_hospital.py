"""Sarcoma patients: models of the odd numbers, predictions of the even from DICOM.

One patient at a time, as a stranger would, and all together: the same bytes.
"""

import shutil
from pathlib import Path

import pytest

from .conftest import StudyFolder
from .test_draft import PUBLIC, draft
from .test_sts import prepare, unpack

MODEL = "results/frozen/lung_metastasis/radiomics/all/model.json"
#: Arms of the development study; the reader of a report would want more.
ARMS = ("clinical", "volume", "batch", "unharmonized", "radiomics")
NAMED_BY_FOLDER = PUBLIC.replace("}", ", subject_ids: folder}")


def by_parity(subjects: list[str]) -> tuple[list[str], list[str]]:
    """Patients with odd numbers, and those with even ones."""
    odd = [name for name in subjects if int(name.removeprefix("STS_")) % 2]
    return odd, [name for name in subjects if name not in odd]


def developed(study: StudyFolder) -> None:
    """Freeze the models of a study that measures CT and PET, unfiltered."""
    config = study.config()
    endpoint = "lung_metastasis"
    study.change("endpoints", {endpoint: config["endpoints"][endpoint]})
    study.change("arms", {name: config["arms"][name] for name in ARMS})
    for name in ("unharmonized", "radiomics"):
        study.change(
            f"arms.{name}.features", ["CT.GTV.original.*", "PT.GTV.original.*"]
        )
    study.change("recipes.CT.filters", {})
    recipes = {n: r for n, r in study.config()["recipes"].items() if n != "CT_noise"}
    study.change("recipes", recipes)
    study.change("regions", {})
    study.change("variants", None)
    study.change("crosscheck.cases_per_site", 0)
    study.change("validation.folds", 3)
    study.change("validation.repeats", 1)
    study.change("validation.leave_one_group_out", False)
    study.change("evaluation.null_permutations", 10)
    study.change("freeze", {"arms": ["radiomics"], "samples": 3})
    run = study.snakemake(MODEL)
    assert run.returncode == 0, run.stdout


def predicted(folder: Path, dicom: Path, model: Path) -> dict[str, bytes]:
    """Documents of the patients of a folder of DICOM, by `make predict`'s commands."""
    asked = {"dicom_roots": str(dicom), "model": str(model), "site": "STS"}
    asked |= {"privacy": NAMED_BY_FOLDER, "clinical": str(dicom / "clinical.csv")}
    run = draft(folder, **asked)
    assert run.returncode == 0, run.stdout
    run = StudyFolder(folder).snakemake("predict")
    assert run.returncode == 0, run.stdout
    assert "radiomics (lung_metastasis): " in run.stdout
    place = folder / "results/predicted/patients"
    return {path.name: path.read_bytes() for path in place.glob("*.json")}


@pytest.mark.slow
@pytest.mark.parametrize("patients", ["few", "all"])
def test_even_patients_alone_and_together_have_the_same_documents(
    shared_data, study_in, tmp_path, patients
):
    archives = (shared_data / "sts" / "patients").glob("*.tar.xz")
    odd, even = by_parity(
        sorted(path.name.removesuffix(".tar.xz") for path in archives)
    )
    if patients == "few":
        even = even[:3]
    development = study_in(prepare(shared_data, tmp_path / "odd", odd))
    developed(development)
    model = Path(shutil.copy(development.folder / MODEL, tmp_path))

    unpack(shared_data, tmp_path / "even", even)
    together = predicted(tmp_path / "together", tmp_path / "even", model)
    assert len(together) == len(even)
    for name in even:
        unpack(shared_data, tmp_path / name, [name])
        alone = predicted(tmp_path / f"only_{name}", tmp_path / name, model)
        assert len(alone) == 1
        assert alone.items() <= together.items()
        assert f'"subject_id": "{name}"' in next(iter(alone.values())).decode()
