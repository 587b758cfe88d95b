"""Bad input is found before the first job, all at once, one line each."""

import pytest

from . import planning


def lines(study) -> list[str]:
    """The faults that a dry run prints."""
    printed = planning.refusal(study.folder)
    assert printed, "the study can start"
    assert not (study.folder / "results").exists()
    assert "The study cannot start" in printed, printed
    return faults(printed)


def faults(printed: str) -> list[str]:
    return [line.strip() for line in printed.splitlines() if line.startswith("  ")]


def edit(study, sheet: str, change) -> None:
    """Change the rows of a sheet, given as lists of cells, header first."""
    path = study.folder / "config" / sheet
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    path.write_text("\n".join("\t".join(row) for row in change(rows)) + "\n")


def only(found: list[str], *parts: str) -> bool:
    """Whether exactly one line holds all the parts."""
    return len([line for line in found if all(part in line for part in parts)]) == 1


def test_an_unknown_key_is_refused_with_the_nearest_known_one(new_study):
    new_study.change("stability.treshold", 0.8)

    found = lines(new_study)
    assert only(found, "stability.treshold: unknown key; did you mean 'threshold'?")


def test_the_command_line_prints_the_same_and_starts_nothing(new_study):
    new_study.change("stability.treshold", 0.8)
    new_study.change("validation.folds", 1)

    run = new_study.snakemake("--dry-run")

    assert run.returncode != 0
    assert not (new_study.folder / "results").exists()
    assert "The study cannot start" in run.stdout, run.stdout
    assert lines(new_study)
    assert set(lines(new_study)) <= set(faults(run.stdout))


def test_a_value_out_of_range_is_shown_with_its_limit(new_study):
    new_study.change("validation.folds", 1)

    found = lines(new_study)
    assert only(found, "validation.folds", "greater than or equal to 2, found 1")


def test_a_missing_column_of_a_sheet_is_named(new_study):
    def change(rows):
        place = rows[0].index("recurrence")
        return [[*row[:place], *row[place + 1 :]] for row in rows]

    edit(new_study, "subjects.tsv", change)
    assert only(lines(new_study), "subjects.tsv: recurrence: this column is missing")


def test_a_subject_in_one_sheet_and_not_in_another_is_named(new_study):
    def change(rows):
        return [row for row in rows if row[0] != "A001"]

    edit(new_study, "subjects.tsv", change)
    found = lines(new_study)
    assert only(found, "images.tsv: A001: this subject is not in")
    assert only(found, "masks.tsv: A001: this subject is not in")


def test_a_subject_without_images_is_named(new_study):
    for sheet in ("images.tsv", "masks.tsv"):
        edit(new_study, sheet, lambda rows: [r for r in rows if r[0] != "A001"])

    assert only(lines(new_study), "subjects.tsv: A001: this subject has no image in")


def test_a_mask_without_image_is_named(new_study):
    def change(rows):
        return [row for row in rows if row[:3] != ["B002", "baseline", "CT"]]

    edit(new_study, "images.tsv", change)
    found = lines(new_study)
    assert any("masks.tsv: B002, baseline, CT: mask without image" in f for f in found)


def test_folders_that_do_not_exist_are_named(new_study):
    config = new_study.config()
    del config["simulation"]
    del config["dicom_roots"]
    new_study.config_file.write_text(__import__("yaml").safe_dump(config))
    found = lines(new_study)
    assert only(found, "data_root: results/demo/dicom: this folder does not exist")

    (new_study.folder / "data" / "A" / "A001").mkdir(parents=True)
    new_study.change("data_root", "data")
    found = lines(new_study)
    assert any(
        "images.tsv: A001: source data/A/A001/baseline/CT does not" in f for f in found
    )
    assert only(found, "images.tsv", "is data_root right?")
    assert only(found, "masks.tsv", "is data_root right?")


def test_all_faults_are_shown_at_once(new_study):
    new_study.change("stability.treshold", 0.8)
    new_study.change("evaluation.headline_arm", "radiomic")
    edit(new_study, "subjects.tsv", lambda rows: [*rows, rows[1]])
    edit(new_study, "masks.tsv", lambda rows: [*rows, ["Z9", *rows[1][1:]]])

    found = lines(new_study)
    assert only(found, "treshold")
    assert only(
        found, "evaluation.headline_arm: 'radiomic' is not defined; did you mean"
    )
    assert only(found, "subjects.tsv: subject_id=A001: is listed 2 times")
    assert only(found, "masks.tsv: Z9: this subject is not in")


def test_a_feature_pattern_of_a_region_that_nobody_drew_is_named(new_study):
    fitting = ["*", "*.glcm.*", "CT.*", "CT.tum*", "CT.tumour.original.glcm.contrast"]
    patterns = [*fitting, "CT.liver.original.glcm.*"]
    new_study.change("arms.radiomics.features", patterns)

    found = lines(new_study)
    known = "CT.rim, CT.tumour, PT.rim, PT.tumour"
    assert only(found, "CT.liver.original.glcm.*", "segmentations", known)
    assert only(found, "arms.radiomics.features")


@pytest.mark.parametrize("column", ["recurrence", "cause", "time_days"])
def test_an_outcome_can_be_no_covariate(new_study, column):
    new_study.change("covariates.leak", {"column": column})

    found = lines(new_study)
    assert only(
        found, "covariates.leak.column", "is an outcome", "0.84 from pure noise"
    )


def test_a_proxy_of_an_outcome_can_be_neither_kept_nor_a_predictor(new_study):
    new_study.change("endpoints.recurrence.proxies", ["age"])

    found = lines(new_study)
    for key in ("harmonization.keep", "arms.clinical.covariates"):
        assert only(found, key, "'age', a declared proxy of recurrence", "0.84 from")


def test_a_batch_variable_that_a_reference_misspells_is_named(new_study):
    new_study.change("harmonization.reference", {"sites": "A"})

    found = lines(new_study)
    assert only(found, "harmonization.reference", "'sites' is no", "mean 'site'?")


def test_a_phantom_table_must_be_named_and_be_there(new_study):
    new_study.change("harmonization.fit_on", "phantom")
    assert only(lines(new_study), "harmonization.phantom_table", "is null")

    new_study.change("harmonization.phantom_table", "phantom.tsv")
    assert only(lines(new_study), "phantom_table", "phantom.tsv does not exist")


def test_an_undrafted_study_says_how_to_draft_its_sheets(new_study):
    for sheet in ("images.tsv", "masks.tsv"):
        (new_study.folder / "config" / sheet).unlink()

    run = new_study.snakemake("--dry-run")
    assert run.returncode != 0
    assert "Run `snakemake index`" in run.stdout
    assert new_study.snakemake("--dry-run", "index").returncode == 0


def test_an_unknown_or_unwaivable_code_is_refused_with_the_nearest_one(new_study):
    new_study.change("ingest.on_fault_codes", {"MISING_SLICE": "stop"})
    new_study.change("ingest.waive", {"MISSING_SLICE": ["A001"], "HU_RANG": ["A001"]})

    found = lines(new_study)
    assert only(found, "ingest.on_fault_codes.MISING_SLICE", "mean 'MISSING_SLICE'?")
    assert only(found, "ingest.waive.MISSING_SLICE: cannot be waived")
    assert only(found, "ingest.waive.HU_RANG", "did you mean 'HU_RANGE'?")


def test_a_missing_secret_is_refused_with_the_command_that_makes_one(new_study):
    new_study.change("privacy.secret_file", "secret")

    found = lines(new_study)
    assert only(
        found, "privacy.secret_file: secret:", "Make one with `snakemake secret"
    )


def test_many_subjects_without_images_are_one_line_with_a_hint(new_study):
    def change(rows):
        return [rows[0], *([f"0{row[0]}", *row[1:]] for row in rows[1:])]

    for sheet in ("images.tsv", "masks.tsv"):
        edit(new_study, sheet, change)
    found = lines(new_study)

    assert only(found, "images.tsv: subjects:", "are not in", "sheets.leave_out")
    assert only(found, "subjects.tsv: subjects:", "have no image in")


def test_a_region_in_two_spellings_is_refused(new_study):
    def change(rows):
        place = rows[0].index("region")
        rows[1][place] = rows[1][place].title()
        return rows

    edit(new_study, "masks.tsv", change)
    found = lines(new_study)

    assert only(found, "column 'region'", "'Tumour' (1 times)", "write one")


def test_a_missing_sheet_has_no_echoes(new_study):
    (new_study.folder / "config" / "subjects.tsv").unlink()

    assert lines(new_study) == ["config/subjects.tsv: the file does not exist"]
