"""Rule join_outcomes after rule apply_model, without Snakemake."""

import json
from types import SimpleNamespace

import apply_model
import join_outcomes
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.given.settings import GivenEndpoint, JoinOutcomes
from concord.folds import cohort

from ..applied_study import frozen, meeting, some, world, write

SUBJECTS, DAYS = 90, [365.0, 730.0]


@pytest.fixture
def joined(tmp_path):
    """Scores of eight subjects with their outcomes; one of them has no features."""
    every = world(SUBJECTS + 8)
    document = frozen(some(every, slice(0, SUBJECTS)))
    others = some(every, slice(SUBJECTS, None))
    later = meeting(document, others)
    lost = later.measured.subjects[0]
    features = later.measured.features
    later = later.but(features=features[features["subject_id"] != lost])
    given = write(later, tmp_path)
    names = ("predictions", "scores", "flags", "patients")
    apply_model.main(
        SimpleNamespace(
            input=SimpleNamespace(**given),
            output=SimpleNamespace(**{name: tmp_path / name for name in names}),
            params=SimpleNamespace(spec=later.settings.model_dump_json()),
        )
    )
    told = tmp_path / "told.tsv"
    cohort.write(others.rows.cohort, told)
    judged = GivenEndpoint(has_times=True, horizons=DAYS)
    settings = JoinOutcomes(endpoints={document.endpoint: judged}, arms=[document.name])
    output = SimpleNamespace(
        predictions=[tmp_path / "given.tsv"],
        risks=[tmp_path / "risks.tsv"],
        document=tmp_path / "given.json",
    )
    join_outcomes.main(
        SimpleNamespace(
            input=SimpleNamespace(
                scores=tmp_path / "scores",
                cohort=told,
                models=given["models"],
            ),
            output=output,
            params=SimpleNamespace(spec=settings.model_dump_json()),
        )
    )
    return SimpleNamespace(
        predictions=tables.read(output.predictions[0], "predictions"),
        risks=tables.read(output.risks[0], "risks"),
        document=json.loads(output.document.read_text()),
        scores=tables.read(tmp_path / "scores", "patient_scores"),
        cohort=cohort.read(told),
        model=document,
        lost=lost,
    )


def test_each_subject_has_its_score_beside_its_outcome(joined):
    found = joined.predictions.set_index("subject_id")
    scores = joined.scores.drop_duplicates("subject_id").set_index("subject_id")
    known = joined.cohort.set_index("subject_id")
    applies = scores.index[scores["status"] == "scored"]

    assert len(found) == 8
    assert len(applies)
    assert found["score"][applies].tolist() == scores["score"][applies].tolist()
    event = known[f"event.{joined.model.endpoint}"]
    assert found["event"].tolist() == event[found.index].tolist()
    assert set(found["scheme"]) == {"fixed"}


def test_a_subject_whom_the_model_does_not_apply_to_has_the_reason(joined):
    row = joined.predictions.set_index("subject_id").loc[joined.lost]

    assert pd.isna(row["score"])
    assert row["reason"]
    risks = joined.risks[joined.risks["subject_id"] == joined.lost]
    assert risks["risk"].isna().all()


def test_risks_are_told_at_the_days_that_are_judged(joined):
    scored = joined.predictions.dropna(subset="score")["subject_id"]
    risks = joined.risks[joined.risks["subject_id"].isin(scored)]

    assert sorted(set(risks["horizon_days"])) == DAYS
    assert risks["risk"].between(0, 1).all()


def test_the_document_names_the_models_by_their_hash(joined):
    assert joined.document["models"][joined.model.name]["hash"] == joined.model.hash
    (part,) = joined.document["parts"]
    assert part["unscored"] == joined.predictions["score"].isna().sum()
