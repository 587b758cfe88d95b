"""Diagnostics of batch effects on noise without any: each value lies among its null.

The values themselves do not lie about 0.5 or chance: harmonization fitted to one half
of few subjects leaves its errors in the other.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord.harmonization.diagnostics import permuted_batches, site_effect
from concord.harmonization.settings import Harmonization, SiteEffect
from concord.report.sections.batch_verdict import verdicts

EVEN, UNEVEN = (19, 16, 16), (32, 11, 8)


def study(sizes, n_features, seed, shift=0.0):
    """Correlated noise of one image; batches that differ by shifts of some SD."""
    generator = np.random.default_rng([seed, *sizes])
    n = sum(sizes)
    factors = generator.normal(size=(n, 8)) @ generator.normal(size=(8, n_features))
    values = (factors + generator.normal(size=(n, n_features))) / 3
    batch = generator.permutation(np.repeat(list("abc"), sizes))
    for name in "abc":
        values[batch == name] += shift * generator.normal(size=n_features)
    subjects = [f"S{number:03d}" for number in range(n)]
    columns = [f"CT.tumour.original.glcm.f{number:03d}" for number in range(n_features)]
    features = pd.DataFrame(values, columns=columns)
    keys = {
        "subject_id": subjects,
        "site": batch,
        "session": "baseline",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
    }
    short = {name: name.removeprefix("CT.tumour.") for name in columns}
    rows = features.rename(columns=short)
    for number, (name, value) in enumerate(keys.items()):
        rows.insert(number, name, value)
    cohort = pd.DataFrame(
        {"subject_id": subjects, "site": batch, "batch.CT.site": batch}
    )
    return SimpleNamespace(cohort=cohort, features=rows, folds=halved(subjects, batch))


def halved(subjects, batch):
    """Two folds that share every batch; each is a half of `held_out.halves`."""
    fold = {}
    for name in "abc":
        members = [s for s, b in zip(subjects, batch, strict=True) if b == name]
        fold |= {s: 1 + number % 2 for number, s in enumerate(members)}
    rows = [
        {
            "scheme": "cv",
            "repeat": 1,
            "fold": str(number),
            "subject_id": subject,
            "role": "evaluation" if fold[subject] == number else "development",
        }
        for number in (1, 2)
        for subject in subjects
    ]
    return pd.DataFrame(rows)


def judged(sizes, n_features, seed, n_permutations, shift=0.0, **options):
    one = study(sizes, n_features, seed, shift)
    settings = SiteEffect(
        harmonization=Harmonization(batch={"CT": ["site"]}, **options),
        seed=seed,
        n_permutations=n_permutations,
        baseline_session="baseline",
        reference_reader="A",
    )
    return site_effect.site_effect(one.cohort, one.features, one.folds, settings)


def p_values(found):
    """By what is judged: AUC and eta squared of each stage."""
    tables = {"auc": found.prediction, "eta": found.variance}
    return {
        f"{name} {row['stage']}": row["p_value"]
        for name, table in tables.items()
        for _, row in table.iterrows()
    }


def simulated(sizes, n_features, n_studies, n_permutations):
    found = [judged(sizes, n_features, s, n_permutations) for s in range(n_studies)]
    areas = pd.concat(one.prediction for one in found).groupby("stage")["auc"].mean()
    return areas, pd.DataFrame([p_values(one) for one in found]), found


def require_uniform(p, level):
    """Not more small, nor more large, p than four standard errors allow."""
    n = len(p)
    rejected = (p <= level + 1e-9).sum(axis=0)
    assert rejected.max() <= n * level + 4 * np.sqrt(n * level * (1 - level))
    assert (p.mean(axis=0) - 0.5).abs().max() <= 4 * np.sqrt(1 / 12 / n) + level / 2


def test_p_of_each_diagnostic_is_uniform_where_batches_do_not_differ():
    areas, p, found = simulated(EVEN, 30, 30, 9)
    assert areas["fold-fitted"] < 0.42
    assert areas["harmonized"] > 0.53
    require_uniform(p, 0.1)
    counts = pd.concat(one.tests for one in found)
    assert (counts["p_value"] <= 0.1).mean() <= 0.15


def test_a_planted_shift_is_seen_and_so_is_that_it_was_removed():
    found = judged(EVEN, 20, 1, 99, shift=1.0, empirical_bayes=False)
    for table, column in ((found.prediction, "auc"), (found.variance, "eta_squared")):
        ((_, _, verdict),) = verdicts(table, column)
        assert verdict.above("raw")
        assert verdict.words() == "removed, as far as these subjects can tell"


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [EVEN, UNEVEN])
def test_p_of_each_diagnostic_is_uniform_in_many_studies(sizes):
    areas, p, found = simulated(sizes, 174, 200, 39)
    assert areas["fold-fitted"] < 0.4
    assert areas["harmonized"] > 0.55
    require_uniform(p, 0.025)
    require_uniform(p, 0.1)
    counts = pd.concat(one.tests for one in found)
    assert (counts["p_value"] <= 0.1).mean() <= 0.12


@pytest.mark.slow
def test_words_say_that_something_remains_in_few_studies_of_noise():
    """Both of two harmonized values are judged at 2.5 %, only if raw ones show one."""
    found = [judged(EVEN, 60, seed, 99) for seed in range(60)]
    words = [
        verdict.words()
        for one in found
        for _, _, verdict in verdicts(one.prediction, "auc")
    ]
    assert sum("remains" in text for text in words) <= 2
    assert sum("brought one in" in text for text in words) <= 8


@pytest.mark.slow
def test_what_harmonization_removes_is_said_to_be_removed():
    """Shifts of an SD, estimated without shrinkage, which would leave a part of them.

    The AUC of held-out rows is about 0.75 all the same, and so is its null.
    """
    found = [
        judged(EVEN, 60, s, 99, shift=1.0, empirical_bayes=False) for s in range(40)
    ]
    words = [
        verdict.words()
        for one in found
        for _, _, verdict in verdicts(one.prediction, "auc")
    ]
    assert sum(text.startswith("removed") for text in words) >= 34
    areas = pd.concat(one.prediction for one in found).groupby("stage")["auc"].mean()
    assert areas["raw"] > 0.99
    assert areas["harmonized"] > 0.65


def test_labels_are_dealt_within_halves_and_rows_keep_their_features():
    one = study(UNEVEN, 4, 3)
    settings = SiteEffect(
        harmonization=Harmonization(batch={"CT": ["site"]}),
        seed=1,
        n_permutations=0,
        baseline_session="baseline",
        reference_reader="A",
    )
    (part,) = site_effect.by_image(
        one.cohort, one.features, settings, settings.harmonization
    )
    both = site_effect.halves(one.folds)
    other = permuted_batches.permuted(part, both, np.random.default_rng(0))
    (column,) = part.batches
    pd.testing.assert_frame_equal(other.rows[part.features], part.rows[part.features])
    assert (other.rows[column] != part.rows[column]).sum() > 10
    for _, subjects in both:
        before, after = (x.of(subjects)[column].value_counts() for x in (part, other))
        assert before.to_dict() == after.to_dict()
