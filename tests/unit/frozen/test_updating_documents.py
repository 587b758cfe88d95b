"""Documents of updates: exact scores, a chain of hashes, nothing else changed."""

import numpy as np
import pytest

from concord.errors import StudyError
from concord.evaluation.updating.updating import updates_of
from concord.frozen import document as frozen_model
from concord.frozen.updating.learning import Learner
from concord.frozen.updating.samples import updated_samples
from concord.frozen.updating.subjects import Subjects
from concord.models.absolute_risk import absolute_risk
from concord.models.prediction import Predictor
from concord.statistics.outcome_kinds import BINARY, SURVIVAL

from ...updated_models import (
    binary_subjects,
    fitted_document,
    plain_document,
    settings,
    timed_subjects,
)

ARMS = {
    "penalized": {},
    "forest": {"model": {"kind": "forest", "trees": 20}},
}


def updates(document, rows, kind="binary", **changes):
    return updates_of("published", document, rows, settings(kind, **changes))


@pytest.fixture(scope="module")
def binary():
    parent = plain_document(n_samples=8)
    rows = binary_subjects(500, np.random.default_rng(1), shift=-1.0, slope=0.7)
    return parent, rows, updates(parent, rows).documents


@pytest.fixture(scope="module")
def timed():
    parent = plain_document("survival", n_samples=4)
    rows = timed_subjects(150, np.random.default_rng(1), factor=2.0, slope=0.7)
    return parent, rows, updates(parent, rows, "survival").documents


@pytest.mark.parametrize("arm", ARMS)
def test_scores_of_a_written_update_are_the_line_of_those_of_its_parent(arm, tmp_path):
    parent, evaluation = fitted_document(**ARMS[arm])
    rows = binary_subjects(150, np.random.default_rng(1), shift=-1.0, slope=0.7)
    for name, document in updates(parent, rows).documents.items():
        path = tmp_path / f"{name}.json"
        frozen_model.write(document, path)
        again = frozen_model.read(path)
        line = again.estimates.recalibration
        before = Predictor.of(parent.model).scored(evaluation, 1)
        after = Predictor.of(again.model).scored(evaluation, 1)
        expected = line.intercept + line.slope * before["score"].to_numpy()
        np.testing.assert_allclose(after["score"], expected, rtol=0, atol=1e-12)
        assert after["risk_group"].tolist() == before["risk_group"].tolist()


def test_an_update_repairs_what_was_planted(binary):
    _, _, found = binary
    line = found["intercept_slope"].estimates.recalibration
    assert line.intercept == pytest.approx(-1.0, abs=0.5)
    assert line.slope == pytest.approx(0.7, abs=0.4)
    assert found["in_the_large"].estimates.recalibration.slope == 1.0


def test_cuts_thresholds_and_the_distribution_of_scores_lie_on_the_line(binary):
    parent, _, found = binary
    one = found["intercept_slope"]
    line = one.estimates.recalibration
    assert one.estimates.cuts == [line.of(0.25)]
    assert one.estimates.thresholds == {"youden": line.of(0.25)}
    assert one.estimates.spread == line.slope * parent.estimates.spread
    assert one.model.baseline.intercept == line.of(0.0)


def test_the_updated_model_names_its_parent_and_leaves_it_as_it_is(binary):
    parent, rows, found = binary
    for update, document in found.items():
        ancestor = document.origin.parent
        assert (ancestor.hash, ancestor.update) == (parent.hash, update)
        assert (ancestor.study, ancestor.n) == ("Hospital", len(rows))
        assert ancestor.n_events == rows["event"].sum()
        assert document.origin.source == "updated"
        assert document.hash == document.content_hash() != parent.hash
        for name in ("features", "specification", "applicability", "outcome"):
            assert getattr(document, name) == getattr(parent, name)
    assert parent.hash == parent.content_hash()


def test_a_second_update_names_the_first_and_its_parent(binary):
    parent, _, found = binary
    first = found["in_the_large"]
    rows = binary_subjects(150, np.random.default_rng(2), shift=0.8)
    second = updates(first, rows).documents["in_the_large"]
    assert second.origin.parent.hash == first.hash
    assert second.origin.parent.parent.hash == parent.hash
    lines = [one.estimates.recalibration for one in (first, second)]
    own = lines[1].intercept - lines[0].intercept
    assert second.estimates.cuts[0] == pytest.approx(first.estimates.cuts[0] + own)
    assert len(second.population.facts) == 2


def test_a_damaged_model_is_not_updated(tmp_path):
    path = tmp_path / "model.json"
    frozen_model.write(plain_document(), path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"cuts": [\n', '"cuts": [\n 0.1,\n', 1))
    with pytest.raises(StudyError, match="it was edited or damaged"):
        frozen_model.read(path)


def test_expected_performance_is_found_here_and_that_of_the_parent_is_kept(timed):
    from concord.frozen.development import ExpectedPerformance

    parent, rows, _ = timed
    known = ExpectedPerformance(metric="c_index", scheme="loso", estimate=0.7)
    named = parent.model_copy(update={"expected": [known]}).hashed()
    document = updates(named, rows, "survival").documents["in_the_large"]
    *own, last = document.expected
    assert {one.scheme for one in own} == {"cross-validated update"}
    assert "brier_at_500_days" in {one.metric for one in own}
    assert all("validated nowhere else" in one.note for one in own)
    assert last.estimate == 0.7
    assert last.note == f"Of its parent {named.hash[:12]}, before the update."


def test_each_sample_has_an_update_that_was_drawn_for_it(binary):
    _, _, found = binary
    lines = [one.estimates.recalibration for one in found["intercept_slope"].samples]
    whole = found["intercept_slope"].estimates.recalibration
    assert len({line.slope for line in lines}) == len(lines) == 8
    away = np.array([line.intercept for line in lines]) - whole.intercept
    assert np.abs(away).max() < 1.5


def test_drawn_updates_scatter_as_their_interval_says():
    parent = plain_document(n_samples=200)
    rows = binary_subjects(200, np.random.default_rng(5), shift=-1.0)
    found = updates(parent, rows)
    row = next(r for r in found.rows if r["update"] == "in_the_large")
    error = (row["intercept_upper"] - row["intercept_lower"]) / (2 * 1.96)
    lines = [s.estimates.recalibration for s in found.documents["in_the_large"].samples]
    assert np.std([one.intercept for one in lines]) == pytest.approx(error, rel=0.25)


def test_the_mean_score_of_a_sample_has_the_hazard_of_the_mean_score(timed):
    parent, rows, _ = timed
    moved = parent.samples[0].estimates.model_copy(update={"mean": 1.5})
    sample = parent.samples[0].model_copy(update={"estimates": moved})
    changed = parent.model_copy(update={"samples": [parent.samples[0], sample]})
    some = Subjects.of(rows, SURVIVAL, parent.model.baseline)
    learner = Learner(parent.model)
    plain, other = (
        updated_samples(
            parent.model_copy(update={"samples": samples}), learner, "baseline", some, 1
        )[0]
        for samples in ([parent.samples[0]], [sample])
    )
    days = [400.0]
    expected = absolute_risk(plain.baseline, np.array([0.0]), days)
    assert absolute_risk(other.baseline, np.array([1.5]), days) == pytest.approx(
        expected
    )
    assert len(changed.samples) == 2


@pytest.mark.parametrize("update", ["in_the_large", "baseline", "baseline_slope"])
def test_risks_of_an_updated_hazard_are_those_observed(timed, update):
    _, rows, found = timed
    one = found[update]
    line = one.estimates.recalibration
    scores = rows["score"].to_numpy()
    score = scores if line is None else line.of(scores)
    risk = absolute_risk(one.model.baseline, score, [400.0])
    followed = rows[(rows["time_days"] > 400) | (rows["event"] == 1)]
    happened = (followed["event"] == 1) & (followed["time_days"] <= 400)
    assert risk.mean() == pytest.approx(happened.mean(), abs=0.12)


def test_samples_that_allow_no_update_are_told():
    parent = plain_document(n_samples=1)
    rows = binary_subjects(30, np.random.default_rng(1))
    some = Subjects.of(rows.assign(event=1), BINARY, parent.model.baseline)
    with pytest.raises(StudyError, match="bootstrap samples of 30 subjects allow no"):
        updated_samples(parent, Learner(parent.model), "in_the_large", some, 1)
