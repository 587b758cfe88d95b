from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from split_folds import main

from concord.folds import splitting

from ..modelling_study import (
    fit_folds,
    job,
    make_folds,
    make_specification,
    make_tables,
    write_tables,
)

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


def travelling(study, names):
    """Scans of some subjects at every site, with the site's own shift."""
    columns = [name for name in study.features if name.startswith("original")]
    mine = study.features[study.features["reader"] == "A"].set_index("subject_id")
    generator = np.random.default_rng(0)
    parts = []
    for number, site in enumerate("ABC"):
        values = mine.loc[names, columns].add_prefix("CT.tumour.") + 2.0 * number
        noise = generator.normal(0, 0.1, values.shape)
        parts.append((values + noise).assign(site=site).reset_index())
    return pd.concat(parts, ignore_index=True)


def with_phantom(tmp_path, study, scans, part="loso"):
    """Sides of the folds of a study with batch effects of travelling subjects."""
    scans.to_csv(tmp_path / "phantom.tsv", sep="\t", index=False)
    inputs = write_tables(study, tmp_path) | {"phantom": [tmp_path / "phantom.tsv"]}
    outputs = OUTPUTS | {"phantom": "phantom"}
    main(job(tmp_path, {}, outputs, inputs, part=part))
    return list(splitting.read(tmp_path / "development", tmp_path / "phantom"))


def test_scans_of_evaluation_subjects_and_their_clusters_are_left_out(tmp_path, study):
    """P0000 (site A) and P0001 (site B) are one patient; T1 is no patient."""
    cohort = study.cohort.assign(cluster=["Q", "Q", *study.cohort["cluster"].iloc[2:]])
    study = replace(study, cohort=cohort, folds=make_folds(cohort))
    scans = travelling(study, [f"P{number:04d}" for number in range(9)])
    outside = scans.iloc[:3].assign(subject_id=["T1", "T1", "Q"])
    found = with_phantom(tmp_path, study, pd.concat([scans, outside]))

    for name, rows in found:
        left = set(rows.phantom["subject_id"])
        held_out = set(cohort.loc[cohort["group"] == name.fold, "subject_id"])
        assert "T1" in left
        assert not left & held_out
        assert ("Q" in left) == ("P0000" in left) == (name.fold == "C")
        assert ("P0001" in left) == (name.fold == "C")
    assert [len(rows.phantom) for _, rows in found] == [17, 17, 21]
    (whole,) = with_phantom(tmp_path, study, scans, "final")
    assert len(whole[1].phantom) == 27


def test_a_fold_without_enough_scans_of_others_fails_with_the_reason(tmp_path, study):
    """All travelling subjects are of site A: without it, nothing compares the sites."""
    at_a = study.cohort.loc[study.cohort["group"] == "A", "subject_id"][:8]
    scans = travelling(study, list(at_a))
    rows = dict(with_phantom(tmp_path, study, scans))
    plan = make_specification(harmonization={"fit_on": "phantom"})
    fits = fit_folds(list(rows.items()), plan).fits.set_index("fold")

    assert fits["status"].to_dict() == {"A": "failed", "B": "ok", "C": "ok"}
    assert (
        "rows of its evaluation subjects and of their clusters do not count"
        in (fits.loc["A", "message"])
    )
