"""Requests of the command line: what is asked for, where it lies, what is wrong."""

import pytest

from concord.draft.folders import FoldersStudy
from concord.draft.request import asked_rules, checked, drafts, needs_folders_alone
from concord.errors import ConfigError
from concord.ingest.settings import DraftSheets
from concord.study.documents import ROOT
from concord.study.study import Study

from ...site_secret import write_secret
from ...whole_demo import whole_demo


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("-d my_study --cores 4 draft --config clinical=a.csv", {"draft"}),
        ("-d draft --cores 4", set()),
        ("--directory index -n models", {"models"}),
        ("-n index", {"index"}),
        ("-d my_study secret", {"secret"}),
        ("--target-jobs index_dicom:root=A --mode remote", {"index_dicom"}),
    ],
)
def test_the_command_line_tells_the_rules_that_are_asked_for(line, rules):
    assert asked_rules(line.split()) == rules


def test_only_folders_are_needed_for_a_draft_and_an_index():
    config = {"study": {}, "dicom_roots": {"A": "A"}}
    assert drafts({"draft"})
    assert needs_folders_alone({}, {"draft"})
    assert needs_folders_alone(config, {"index"})
    assert not needs_folders_alone(config, {"index", "models"})
    assert not needs_folders_alone(config | {"simulation": {"sites": {}}}, {"index"})
    with pytest.raises(ConfigError, match=r"There is no config/config\.yaml"):
        needs_folders_alone({"dicom_roots": "x"}, {"models"})


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two roots in one folder; commands are given there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    for name in ("dicom/A", "dicom/B", "2nd site"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "data_root", "roots"),
    [
        ("dicom", "dicom", {"dicom": "."}),
        ({"A": "dicom/A", "B": "dicom/B"}, "dicom", {"A": "A", "B": "B"}),
        (["dicom/A", "dicom/B"], "dicom", {"A": "A", "B": "B"}),
        ("2nd site", "2nd site", {"x_2nd_site": "."}),
    ],
)
def test_roots_lie_below_one_data_root(folders, given, data_root, roots):
    found = checked({"dicom_roots": given}, drafts=True)
    assert (found["data_root"], found["dicom_roots"]) == (data_root, roots)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dicom_roots": "nowhere"}, "dicom_roots: does not exist: "),
        ({"dicom_roots": 3}, "expected a folder with one folder per patient, or .*3"),
        ({"dicom_roots": "dicom", "nifti": "dicom"}, "give one of these keys"),
        ({"dicom_roots": "dicom", "clinical": ["a"]}, "expected a table .*\\['a'\\]"),
        ({"dicom_roots": "dicom", "match_ids": "x"}, "exact or ignore_spelling.*'x'"),
        ({"dicom_roots": {"1 A": "dicom/A"}}, "dicom_roots.1 A: must be a letter"),
        ({"dicom_roots": "dicom", "clinic": "a"}, "did you mean 'clinical'"),
    ],
)
def test_a_request_that_cannot_be_is_told(folders, given, message):
    with pytest.raises(ConfigError, match=message):
        checked(given, drafts=True)


def test_the_index_has_the_settings_that_it_has_in_the_whole_study():
    raw = whole_demo()
    whole = Study(raw, ROOT / "config" / "config.yaml")
    alone = FoldersStudy(raw, {}, ROOT / "config", drafts=False)
    assert alone.settings(DraftSheets) == whole.settings(DraftSheets)


def test_folders_of_dicom_are_not_looked_at_without_a_secret(folders, monkeypatch):
    monkeypatch.setenv("HOME", str(folders / "home"))
    asked = {"dicom_roots": "dicom"}

    def study(**more):
        return FoldersStudy(asked | more, asked | more, folders / "config", drafts=True)

    with pytest.raises(ConfigError, match=r"names no secret.*`snakemake secret`"):
        study()
    assert study(privacy={"data": "public"}).config.privacy.secret_file is None

    (folders / "home/.concord_site").mkdir(parents=True, mode=0o700)
    write_secret(folders / "home/.concord_site/secret")
    assert study().config.privacy.secret_file == "~/.concord_site/secret"
    assert study(privacy={"data": "public"}).config.privacy.secret_file is None
    (folders / "home/.concord_site/secret").chmod(0o644)
    with pytest.raises(ConfigError, match="others can read or write the secret"):
        study()


def test_a_secret_is_made_for_folders_that_nobody_named(folders):
    made = FoldersStudy({}, {}, folders / "config", drafts=False, makes_secret=True)
    assert made.config.privacy.secret_file is None
