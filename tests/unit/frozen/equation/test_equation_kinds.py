"""Equation and stand-alone file of models beyond one arm: fused, updated, published."""

import json
import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from concord.folds.scheme import FINAL
from concord.folds.splitting import splits
from concord.frozen.equation.collapse import why_none
from concord.frozen.equation.points import why_no_nomogram
from concord.frozen.equation.printed import equation_page
from concord.frozen.equation.whole import with_equation
from concord.frozen.freezing.pruning import pruned_model
from concord.models.absolute_risk import risks_of_fold
from concord.models.fitted_model import Baseline, StratumHazard
from concord.models.prediction import Predictor
from concord.models.recalibration import Recalibration
from concord.models.steps.published_functions import TransformName

from ....frozen_documents import document_of, lacking_study
from ....fused_study import fused, two_images
from ....modelling_study import fit_folds, make_specification
from ..published.test_published_models import CONTRAST, KURTOSIS, VOLUME, with_terms
from .test_equation_printed import Page, by_words
from .test_equation_score import alone, frozen_by, others

__all__ = ["alone"]
NAMES = sorted(set(get_args(TransformName)))


def texts(row):
    """Cells of a reader: covariates by their names, gaps as blanks."""
    return {
        (name if "=" in name else name.removeprefix("covariate.")): ""
        if pd.isna(value)
        else repr(float(value))
        if isinstance(value, float | int)
        else str(value)
        for name, value in row.items()
    }


def scored(alone, document, predictors):
    """Scores of Concord and of the file, which are nowhere further apart than 1e-12."""
    expected = Predictor.of(document.model).predict(predictors, 1)
    made = json.loads(document.model_dump_json())
    found = [alone.predict(made, texts(row)) for _, row in predictors.iterrows()]
    found = pd.DataFrame(found, index=predictors.index)
    assert (found["score"].isna() == expected["score"].isna()).all()
    gap = np.abs(found["score"].to_numpy(float) - expected["score"].to_numpy(float))
    assert np.nanmax(gap) <= 1e-12 * (document.estimates.spread or 1.0)
    assert (found["reason"].ne("") == found["score"].isna()).all()
    return expected["score"], found


def document_of_fused(rule):
    study = two_images(n=90, lacking=0.2)
    plan = fused()
    section = plan.arm.fusion.model_copy(update={"rule": rule})
    plan = plan.model_copy(
        update={"arm": plan.arm.model_copy(update={"fusion": section})}
    )
    (split,) = splits(study.rows, study.folds, FINAL.name)
    model = fit_folds([(split.name, split.development)], plan).models.models[0]
    return document_of(pruned_model(model), split.development, plan)


def printed_score(page, row):
    """Score of a fused arm from the equations of its members, for whoever has all."""
    *members, joined = re.split(r"^# Member.*$", page, flags=re.MULTILINE)[1:]
    found = {}
    for place, member in enumerate(members, start=1):
        (image,) = set(re.findall(r"### batch\.(CT|PT)\.site", member))
        name = f"batch.{image}.site"
        values = Page(member).values(row, f"{name} = {row[name]}")
        found[f"score{place}"] = values[f"score{place}"]
    (formula,) = re.findall(r"^score = (.+?)^```", joined, re.MULTILINE | re.DOTALL)
    return eval(" ".join(formula.split()), {}, found)


@pytest.mark.parametrize("rule", ["mean", "stacking"])
@pytest.mark.parametrize("updated", [False, True])
def test_a_fused_arm_scores_as_concord_by_file_and_page(alone, rule, updated):
    document = document_of_fused(rule)
    if updated:
        line = Recalibration(intercept=-0.7, slope=0.4)
        own = document.estimates.model_copy(update={"recalibration": line})
        model = document.model.model_copy(update={"estimates": own})
        document = with_equation(document.model_copy(update={"model": model}))
    assert document.equation.members
    predictors = Predictor.of(document.model).predictors(two_images(60, seed=4).rows)
    expected, _ = scored(alone, document, predictors)
    assert expected.notna().sum() > 20
    assert predictors.filter(regex="^PT").isna().all(axis=1).sum() > 2
    whole = predictors[expected.notna() & predictors.notna().all(axis=1)]
    assert len(whole) > 20
    for subject, row in whole.iloc[:10].iterrows():
        told = printed_score(equation_page(document), by_words(row))
        assert abs(told - expected[subject]) < 1e-6 * document.estimates.spread


@pytest.mark.parametrize("name", NAMES)
def test_a_published_function_is_a_term_of_file_and_page(alone, tmp_path, name):
    terms = [
        {"ibsi": "RNU0", "coefficient": 0.4, "transform": name, "centre": 1.5},
        {"ibsi": "ACUI", "coefficient": 0.3, "centre": 5.0},
    ]
    document = with_terms(tmp_path, *terms)
    assert document.equation is not None, why_none(document.estimates)
    values = [3.25, 1e-3, 812.0, 0.0, -2.0, np.nan]
    predictors = pd.DataFrame({VOLUME: values, CONTRAST: 7.0})
    expected, found = scored(alone, document, predictors)
    assert expected.notna().sum() >= 3
    page = Page(equation_page(document))
    for place in np.flatnonzero(expected.notna()):
        told = page.values(dict(predictors.iloc[place]), "")["score"]
        assert told == pytest.approx(expected[place], abs=1e-6)
    assert found["reason"].iloc[-1].startswith("no value")


@pytest.mark.parametrize("name", ["log10", "square", "reciprocal"])
def test_a_published_value_for_gaps_comes_before_the_function(alone, tmp_path, name):
    terms = [
        {"ibsi": "RNU0", "coefficient": 0.4, "transform": name, "if_missing": 40.0},
        {"ibsi": "ACUI", "coefficient": 0.3, "if_missing": 5.0},
    ]
    document = with_terms(tmp_path, *terms)
    predictors = pd.DataFrame({VOLUME: [np.nan, 3.0, 0.0], CONTRAST: [7.0, np.nan, 7]})
    expected, _ = scored(alone, document, predictors)
    assert np.isfinite(expected[0])
    assert np.isnan(expected[2]) == (name != "square")


def test_a_function_that_turns_has_no_nomogram_and_a_published_model_may(tmp_path):
    def why(name, span):
        term = {"ibsi": "RNU0", "coefficient": 0.4, "transform": name, "range": span}
        return why_no_nomogram(with_terms(tmp_path, term))

    assert why("square", [1.0, 90.0]) == ""
    assert "turns within its range" in why("square", [-3.0, 90.0])
    assert "turns within its range" in why("log", [0.0, 90.0])


def with_baseline(document, baseline):
    model = document.model.model_copy(update={"baseline": baseline})
    return document.model_copy(update={"model": model}).hashed()


HAZARD = {
    "times_days": [100.0, 300.0, 365.0, 700.0, 900.0],
    "cumulative_hazard": [0.05, 0.1, 0.22, 0.3, 0.5],
}
OTHERS = {
    "competing_times_days": [50.0, 300.0, 650.0],
    "competing_hazard": [0.1, 0.3, 0.9],
}


def printed_risk(page, score, day, heading):
    """Sum over the rows of the table of a page, by its own formula."""
    lines = page.split(heading)[1].split("## Cut-offs")[0].splitlines()
    (formula,) = {one for one in lines if one.startswith("share = ")}
    formula = formula.removeprefix("share = ")
    total, before = 0.0, 0.0
    for line in lines:
        cells = [one.strip() for one in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].replace(".", "").isdigit():
            at, own, other = map(float, cells)
            if at <= day:
                scope = {"H0": before, "H": own, "G": other, "score": score}
                total += eval(formula, {"exp": np.exp}, scope)
            before = own
    return total


def test_risks_with_other_causes_are_those_of_the_page_and_of_the_file(alone):
    found = frozen_by(lacking_study(), "plain", "passthrough", "survival")
    document = with_baseline(found, Baseline(**HAZARD, **OTHERS))
    page = equation_page(document)
    assert "^ exp(score)" not in page
    predictors = Predictor.of(document.model).predictors(others(missing=0)).dropna()
    predictors = predictors.iloc[:15]
    expected, told = scored(alone, document, predictors)
    table = pd.DataFrame({"score": expected})
    days = document.outcome.at_days
    risks = risks_of_fold(document.model, table, days)
    for place, day in enumerate(days):
        own = told[f"risk_{day:g}"].to_numpy(float)
        assert np.abs(own - risks[:, place]).max() < 1e-12
        read = [printed_risk(page, one, day, "## Risk") for one in expected]
        assert np.abs(np.array(read) - risks[:, place]).max() < 1e-9


def test_risks_of_strata_are_those_of_concord_and_an_unknown_one_says_so(alone):
    found = frozen_by(lacking_study(), "plain", "passthrough", "survival")
    strata = {
        "I": StratumHazard(**HAZARD),
        "II": StratumHazard(times_days=[200.0], cumulative_hazard=[0.4]),
        "none": StratumHazard(),
    }
    document = with_baseline(found, Baseline(strata=strata))
    page = equation_page(document)
    assert all(f"### Stratum {name}" in page for name in strata)
    days = document.outcome.at_days
    predictors = Predictor.of(document.model).predictors(others(missing=0)).dropna()
    predictors = predictors.iloc[:8].assign(
        stratum=["I", "II", "none", "IV", "I", "II", "none", "I"]
    )
    expected = Predictor.of(document.model).predict(
        predictors.drop(columns="stratum"), 1
    )["score"]
    table = pd.DataFrame({"score": expected, "stratum": predictors["stratum"]})
    risks = risks_of_fold(document.model, table, days)
    made = json.loads(document.model_dump_json())
    told = [alone.predict(made, texts(row)) for _, row in predictors.iterrows()]
    own = np.array([[one[f"risk_{day:g}"] for day in days] for one in told], float)
    np.testing.assert_allclose(own, risks, atol=1e-12)
    assert np.isnan(own[3]).all()
    assert told[3]["reason"] == "no risk: unknown stratum"
    assert [one["reason"] for one in told[:3]] == ["", "", ""]
    assert len({tuple(one) for one in told}) == 1


def test_the_file_says_what_it_cannot_score(alone):
    document = frozen_by(lacking_study(), "combat", "refuse", "binary")
    made = json.loads(document.model_dump_json())
    predictors = Predictor.of(document.model).predictors(others(missing=0))
    known = texts(predictors[predictors["batch.CT.site"] == "A"].iloc[0])
    known["stage"] = "II"
    assert alone.predict(made, known)["reason"] == ""
    for change, reason in [
        ({"stage": "IV"}, "unknown level: stage is IV"),
        ({"batch.CT.site": "D"}, "unknown batch: batch.CT.site is D"),
        (dict.fromkeys([n for n in known if n.startswith("CT.")], ""), "missing: CT."),
    ]:
        found = alone.predict(made, known | change)
        assert reason in found["reason"]
        assert np.isnan(found["score"])
        assert np.isnan(found["probability"])
    with pytest.raises(ValueError, match="abc"):
        alone.predict(made, known | {"age": "abc"})


def test_a_model_that_a_phantom_taught_scores_as_concord_by_file_and_page(alone):
    study = lacking_study()
    values = study.features[study.features["reader"] == "A"].set_index("subject_id")
    levels = values.filter(like="original").add_prefix("CT.tumour.").dropna().iloc[:12]
    visits = [
        (levels * scale + shift).assign(site=site)
        for site, scale, shift in (("A", 1.0, 0.0), ("B", 1.5, 3.0), ("C", 0.8, -1.0))
    ]
    phantom = pd.concat(visits).reset_index()
    plan = make_specification(
        harmonization={"fit_on": "phantom", "unseen": "refuse"}, max_missing=0.5
    )
    rows = replace(study.rows, phantom=phantom)
    (split,) = splits(rows, study.folds, FINAL.name)
    fit = fit_folds([(split.name, split.development)], plan)
    assert fit.fits["status"].eq("ok").all(), fit.fits["message"].iloc[0]
    document = document_of(pruned_model(fit.models.models[0]), split.development, plan)
    assert document.equation.is_harmonized
    predictors = Predictor.of(document.model).predictors(others())
    expected, _ = scored(alone, document, predictors)
    assert 20 < expected.notna().sum() < len(expected)
    page = Page(equation_page(document))
    for subject, one in expected.dropna().iloc[:10].items():
        row = predictors.loc[subject]
        batch = f"batch.CT.site = {row['batch.CT.site']}"
        told = page.values(by_words(row), batch)["score"]
        assert abs(told - one) < 1e-6 * document.estimates.spread


def test_what_a_tool_adds_to_a_feature_comes_before_the_function(alone, tmp_path):
    tool = {"pyradiomics": "original_firstorder_Kurtosis", "transform": "square_root"}
    document = with_terms(tmp_path, {**tool, "coefficient": 0.4})
    (term,) = document.equation.terms
    assert term.transform.shift == 3.0
    predictors = pd.DataFrame({KURTOSIS: [1.0, -1.0, -3.5]})
    expected, _ = scored(alone, document, predictors)
    start = document.equation.intercept
    assert expected.iloc[:2].tolist() == pytest.approx(
        [start + 0.8, start + 0.4 * np.sqrt(2)]
    )
    assert np.isnan(expected.iloc[2])
    page = Page(equation_page(document))
    told = page.values(dict(predictors.iloc[1]), "")["score"]
    assert told == pytest.approx(expected.iloc[1], abs=1e-6)
