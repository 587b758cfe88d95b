import pandas as pd
import pytest
from split_folds import main

from concord.folds import splitting

from ..modelling_study import job, make_tables, write_tables

OUTPUTS = {"development": "development", "evaluation": "evaluation", "phantom": []}


@pytest.fixture
def study():
    return make_tables(repeats=2)


def split(tmp_path, study, part):
    inputs = write_tables(study, tmp_path)
    main(job(tmp_path, {}, OUTPUTS, inputs, part=part))
    return [list(splitting.read(tmp_path / side)) for side in list(OUTPUTS)[:2]]


@pytest.mark.parametrize(
    ("part", "stems"),
    [
        ("cv-1-2", [f"cv-{r}_{f}" for r in (1, 2) for f in range(1, 6)]),
        ("loso", ["loso_A", "loso_B", "loso_C"]),
    ],
)
def test_every_fold_has_a_cohort_and_features_on_both_sides(
    tmp_path, study, part, stems
):
    development, evaluation = split(tmp_path, study, part)

    assert [name.stem for name, _ in development] == stems
    assert [name for name, _ in evaluation] == [name for name, _ in development]
    for (_, known), (_, held_out) in zip(development, evaluation, strict=True):
        ids = [set(rows.cohort["subject_id"]) for rows in (known, held_out)]
        assert not ids[0] & ids[1]
        assert ids[0] | ids[1] == set(study.cohort["subject_id"])
        assert set(known.features["subject_id"]) == ids[0]


def test_files_are_named_by_scheme_and_fold(tmp_path, study):
    split(tmp_path, study, "loso")

    assert sorted(path.name for path in (tmp_path / "development").iterdir()) == [
        "folds.json",
        *(
            f"loso_{site}_{table}"
            for site in "ABC"
            for table in ("cohort.tsv", "features.parquet")
        ),
    ]


def test_development_files_hold_no_trace_of_an_evaluation_subject(tmp_path, study):
    split(tmp_path, study, "loso")

    folder = tmp_path / "development"
    frame = pd.read_parquet(folder / "loso_A_features.parquet")
    contents = [(folder / "loso_A_cohort.tsv").read_text(), frame.to_csv()]
    for subject, site in study.cohort[["subject_id", "site"]].to_numpy():
        for content in contents:
            assert (subject in content) == (site != "A")
