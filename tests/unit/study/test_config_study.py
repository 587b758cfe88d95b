"""The study as the workflow sees it."""

from pathlib import Path

import pytest
import yaml

from concord.errors import ConfigError
from concord.features.settings.rules import CrossCheckFeatures
from concord.study.annotation import annotate
from concord.study.chunks import _halved
from concord.study.documents import ROOT, documents
from concord.study.study import Study

from ...whole_demo import whole_demo

DOCUMENTS = documents()


@pytest.fixture
def raw():
    return whole_demo()


@pytest.fixture
def demo(raw):
    return Study(raw, ROOT / "config" / "config.yaml")


def test_every_subject_is_in_one_chunk_of_its_site(demo):
    assert set(demo.chunks) == set(demo.site_of)
    for subject, chunk in demo.chunks.items():
        assert chunk.split("-")[0] == demo.site_of[subject]


def test_chunks_do_not_exceed_their_size():
    members = [f"S{number:04d}" for number in range(1000)]
    parts = _halved(members, "0", 20)

    assert max(map(len, parts.values())) <= 20
    assert sorted(m for part in parts.values() for m in part) == members


def test_a_new_subject_moves_no_other_unless_its_chunk_is_halved():
    members = [f"S{number:04d}" for number in range(100)]
    before, after = (_halved(m, "0", 20) for m in (members, [*members, "S9999"]))
    chunk = next(name for name, part in after.items() if "S9999" in part)
    unchanged = [name for name in before if name in after and name != chunk]

    assert len(unchanged) >= len(before) - 1
    assert all(before[name] == after[name] for name in unchanged)


def test_rows_of_a_chunk_have_site_and_usable_source(demo):
    chunk, modality = demo.chunk_images[0]
    row = demo.image_rows(chunk, modality)[0]

    assert row["site"] == chunk.split("-")[0]
    assert row["source"].startswith("results/demo/dicom/")


def test_the_order_of_keys_does_not_change_the_settings_of_a_rule(raw):
    path = ROOT / "config" / "config.yaml"
    turned = dict(reversed(raw.items()))

    of = Study(raw, path).settings(CrossCheckFeatures)
    assert '"recipes":' in of
    assert Study(turned, path).settings(CrossCheckFeatures) == of


def test_the_digest_of_the_subjects_sees_used_columns_only(raw, tmp_path):
    def digest(extra: str) -> str:
        folder = tmp_path / extra.replace("\t", "_")
        folder.mkdir()
        for sheet in ("images.tsv", "masks.tsv"):
            (folder / sheet).write_text((ROOT / "config" / sheet).read_text())
        lines = (ROOT / "config" / "subjects.tsv").read_text().splitlines()
        lines = [f"{lines[0]}\tremark", *(f"{line}\t{extra}" for line in lines[1:])]
        (folder / "subjects.tsv").write_text("\n".join(lines))
        return Study(raw, folder / "config.yaml").subjects_digest()

    assert digest("seen") == digest("seen twice")


def test_a_mistyped_key_gets_the_nearest_known_one_at_any_depth(raw):
    raw["arms"]["clinical"]["covariate"] = ["age"]
    with pytest.raises(
        ConfigError,
        match=r"arms\.clinical\.covariate: unknown key; did you mean 'covariates'\?",
    ):
        Study(raw, ROOT / "config" / "config.yaml")


def test_batch_must_be_an_acquisition_fact(raw):
    raw["harmonization"]["batch"]["CT"] = "SoftwareVersion"
    with pytest.raises(ConfigError, match="did you mean 'SoftwareVersions'"):
        Study(raw, ROOT / "config" / "config.yaml")


def test_a_survival_endpoint_needs_its_time(raw):
    del raw["endpoints"]["survival"]["time_days"]
    with pytest.raises(ConfigError, match=r"endpoints\.survival\.time_days: is None"):
        Study(raw, ROOT / "config" / "config.yaml")


def test_ids_that_would_name_one_file_are_refused(raw, tmp_path):
    for sheet in ("subjects", "images", "masks"):
        text = (ROOT / "config" / f"{sheet}.tsv").read_text()
        (tmp_path / f"{sheet}.tsv").write_text(text.replace("A002", "A0-01"))
    with pytest.raises(
        ConfigError, match="'A0-01' and 'A001' would name the same file"
    ):
        Study(raw, tmp_path / "config.yaml")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_generated_documents_are_in_step(path: Path):
    assert path.read_text() == DOCUMENTS[path], "run `make documents`"


def test_annotation_keeps_every_value(raw):
    text = (ROOT / "config" / "config.yaml").read_text()
    path = ROOT / "config" / "config.yaml"
    again = Study(yaml.safe_load(annotate(text)), path)

    assert again.config == Study(raw, path).config


def test_a_volume_is_declared_for_a_region_that_the_sheet_has(raw):
    raw["ingest"] = {"mask_checks": {"plausible_ml": {"tumor": [1, 100]}}}
    with pytest.raises(ConfigError, match=r"plausible_ml\.tumor: is no region of .*"):
        Study(raw, ROOT / "config" / "config.yaml")


@pytest.mark.parametrize(
    ("section", "values", "message"),
    [
        (
            "stability",
            {"readers": ["A", "C"]},
            r"stability\.readers: C: is no reader of .*masks\.tsv",
        ),
        (
            "stability",
            {"readers": ["B", "AI"]},
            r"stability\.readers: are \['B', 'AI'\], without the "
            r"study\.reference_reader 'A'",
        ),
        (
            "agreement",
            {"review": {"readers": ["AII"], "against": "A"}},
            r"agreement\.review\.readers: AII: is no reader of .*did you mean 'AI'",
        ),
        (
            "agreement",
            {"review": {"readers": ["AI"], "against": "Z"}},
            r"agreement\.review\.against: Z: is no reader of .*masks\.tsv",
        ),
        (
            "agreement",
            {"review": {"readers": ["AI", "A"], "against": "A"}},
            r"agreement\.review\.readers: holds 'A', which is "
            r"agreement\.review\.against",
        ),
    ],
)
def test_readers_that_a_setting_names_must_be_of_use(raw, section, values, message):
    raw[section] = values
    with pytest.raises(ConfigError, match=message):
        Study(raw, ROOT / "config" / "config.yaml")


def test_a_range_of_volumes_ascends(raw):
    raw["ingest"] = {"mask_checks": {"plausible_ml": {"tumour": [9, 1]}}}
    with pytest.raises(ConfigError, match=r"tumour: is 9 to 1, expected 0 or more"):
        Study(raw, ROOT / "config" / "config.yaml")


@pytest.mark.parametrize(
    ("modality", "items", "message"),
    [
        ("CT", {"KVPs": [120]}, r"CT\.KVPs: is no acquisition fact; did .* 'KVP'\?"),
        ("CT", {"KVP": ["low"]}, r"CT\.KVP: is \['low'\], expected numbers"),
        ("CT", {"ConvolutionKernel": {"lowest": 1}}, r"expected texts, such as"),
        ("CT", {"ContrastBolus": [1]}, r"expected \[true\] or \[false\]"),
        ("CT", {"KVP": {"lowest": 3, "highest": 1}}, r"lowest is 3, expected at most"),
        (
            "CT",
            {"KVP": {"lowest": 3, "allowed": [4]}},
            r"needs either a list of values",
        ),
        ("CT", {"KVP": {"lowst": 3}}, r"CT\.KVP\.lowst: unknown key; did .* 'lowest'"),
        ("CT", {"KVP": 120}, r"expected a list of values, such as \[120\].* found 120"),
        ("CT", {"KVP": []}, r"at least 1 item"),
        ("XR", {"KVP": [120]}, r"'XR' is neither an image nor a modality"),
    ],
)
def test_a_protocol_names_acquisition_facts_and_what_they_may_be(
    raw, modality, items, message
):
    raw["protocol"] = {modality: items}
    with pytest.raises(ConfigError, match=message):
        Study(raw, ROOT / "config" / "config.yaml")


def test_a_protocol_is_written_as_it_was_given(raw):
    raw["protocol"] = {
        "CT": {"KVP": [120.0], "SliceThickness": {"lowest": 1.0, "highest": 3.0}},
        "MR": {"ContrastBolus": [True]},
    }
    text = annotate(yaml.safe_dump(raw))
    assert yaml.safe_load(text)["protocol"] == raw["protocol"]
    assert "    SliceThickness: {lowest: 1.0, highest: 3.0}\n" in text


def test_arms_of_noise_alone_are_known():
    raw = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    study = Study(raw, ROOT / "config" / "config.yaml")
    assert study.noise_arms == ["control"]
    assert study.aggregated_images == study.variant_images == ["CT"]
