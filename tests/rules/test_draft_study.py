"""Rule draft_study on the drafts of the sheets of two roots, and a clinical table."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from draft_study import main

from concord import tables
from concord.draft.folders import DraftRequest
from concord.draft.settings import FILES, DraftStudy
from concord.errors import ConfigError
from concord.privacy.settings import Privacy, PrivacySection
from concord.tables.kinds import KINDS

from ..unit.draft.test_draft_studies import image_row, mask_row, subjects

SETTINGS_FILE = """\
imageType:
  Original: {}
setting:
  binWidth: 20
  resampledPixelSpacing: [2, 2, 2]
  label: 1
"""


def series_row(subject: str) -> dict:
    known = {"root": subject[0], "folder": f"{subject}/CT", "file": f"{subject}/CT/1"}
    known |= {"patient": subject, "modality": "CT", "slice_thickness_mm": 5.0}
    return (
        dict.fromkeys(KINDS["series"]) | known | {"n_files": 1, "names_patient": False}
    )


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Makes the job of a request, in a folder of a study."""
    monkeypatch.chdir(tmp_path)
    names = subjects()
    rows = {
        "images": ("images_sheet", [image_row(name) for name in names]),
        "masks": ("masks_sheet", [mask_row(name) for name in names]),
        "linkage": (
            "linkage",
            [
                {"root": n[0], "subject_id": n, "patient_id": f"ID{n}", "folder": n}
                for n in names
            ],
        ),
        "series": ("series", [series_row(name) for name in names]),
    }
    for name, (kind, found) in rows.items():
        tables.write(found, tmp_path / f"{name}.tsv", kind)
    for name in names:
        for one in (image_row(name), mask_row(name)):
            (tmp_path / "data" / one["source"]).mkdir(parents=True, exist_ok=True)
    lines = [f"ID{name},{n % 2},{50 + n}" for n, name in enumerate(names)]
    (tmp_path / "clinical.csv").write_text("\n".join(["nr,death,age", *lines]))

    def make(**request):
        spec = DraftStudy(
            privacy=Privacy(data="simulated", seed=1),
            request=DraftRequest(**{"clinical": "clinical.csv"} | request),
            data_root="data",
            roots={"A": "A", "B": "B"},
            section=PrivacySection(data="simulated"),
            seed=1,
            present=[],
        )
        return SimpleNamespace(
            input=SimpleNamespace(**{name: [f"{name}.tsv"] for name in rows}),
            output=SimpleNamespace(folder="private/draft", told="told.txt"),
            params=SimpleNamespace(spec=spec.model_dump_json()),
        )

    return make


def test_a_study_is_drafted_and_placed(job):
    main(job())

    assert {path.name for path in Path("config").iterdir()} == set(FILES)
    raw = yaml.safe_load(Path("config/config.yaml").read_text())
    assert set(raw["arms"]) >= {"clinical", "radiomics", "harmonized"}
    sheet = Path("config/subjects.tsv").read_text().splitlines()
    assert sheet[:2] == ["subject_id\tsite\tdeath\tage", "A00\tA\t0\t50"]
    told = Path("told.txt").read_text()
    assert "slices are 5 mm thick" in told
    assert "not complete" not in told


def test_settings_of_another_tool_become_the_recipe_and_are_all_listed(job):
    Path("params.yaml").write_text(SETTINGS_FILE)
    main(job(settings_from="params.yaml"))

    raw = yaml.safe_load(Path("config/config.yaml").read_text())
    recipe = raw["recipes"]["CT"]
    assert recipe["resample_spacing_mm"] == [2.0, 2.0, 2.0]
    assert recipe["bin_width"] == 20
    page = Path("config/draft_questions.md").read_text()
    for setting in (
        "setting.binWidth",
        "setting.resampledPixelSpacing",
        "setting.label",
    ):
        assert f"`recipes.CT`: {setting}: " in page
    assert "not complete" not in Path("told.txt").read_text()


def test_a_settings_file_that_is_none_is_refused(job):
    Path("params.yaml").write_text("a: 1\n")
    with pytest.raises(ConfigError, match="no settings of pyradiomics or MIRP"):
        main(job(settings_from="params.yaml"))
    assert not Path("config").exists()
