"""What the report says of the models that a study writes."""

from dataclasses import replace

import pandas as pd
import pytest

from concord.frozen.equation.printed import equation_page
from concord.report.blocks import Link, Written
from concord.report.results import Results
from concord.report.sections.leakage import leakage_section
from concord.report.sections.transfer.frozen import (
    development,
    frozen_section,
    leading,
    n_terms,
)

from ... import synthetic_results as synthetic
from ...frozen_study import frozen
from ...fused_study import fused, two_images
from ...modelling_study import make_specification, make_tables


def results_of(models) -> Results:
    files = {
        f"results/frozen/{m.endpoint}/{m.name}/{m.origin.development}/model.json": m
        for m in models
    }
    return Results({}, pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS, frozen=files)


@pytest.fixture(scope="module")
def models():
    study = make_tables(n=60, signal=1.0)
    plan = make_specification(max_features=3)
    (whole,), _ = frozen(study, [plan])
    (without,), _ = frozen(study, [plan], "without_B", samples=3)
    return [whole, without.model_copy(update={"n_samples_failed": 2})]


def test_a_study_without_frozen_models_has_no_such_section():
    assert frozen_section(results_of([])) is None


def test_each_model_has_its_row_and_its_file(models):
    text, table, *links = frozen_section(results_of(models)).blocks
    assert text.paragraphs[0].startswith("2 models were written for use elsewhere")
    assert "names its file as “model”" in text.paragraphs[1]
    first, second = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert first["Fitted to"] == "all subjects"
    assert first["Subjects"] == "60"
    assert first["Features"] == str(len(models[0].features))
    assert first["Expected"] == "\N{EN DASH}"
    assert second["Fitted to"] == "all but B"
    assert second["Expected"].endswith("(no interval) (out of bootstrap samples)")
    assert second["Samples"] == "3 (2 failed)"
    assert second["Hash"] == models[1].hash[:12]
    assert [type(one) for one in links] == [Link, Link, Written] * 2
    *_, file, card, equation = links
    assert file.href == "../frozen/recurrence/radiomics/without_B/model.json"
    assert file.words.endswith("all but B (JSON)")
    assert card.href == file.href.replace("model.json", "described/card.html")
    assert equation.text == equation_page(models[1])
    assert "score = " in equation.text


def test_one_model_is_told_of_in_the_singular(models):
    text, *_ = frozen_section(results_of(models[:1])).blocks
    assert text.paragraphs[0].startswith("1 model was written")


def test_the_value_of_groups_left_out_goes_before_others(models):
    (one,) = models[1].expected
    values = [
        one.model_copy(update={"scheme": "cv", "estimate": 0.8}),
        one.model_copy(update={"scheme": "loso", "estimate": 0.1, "against": "x"}),
        one.model_copy(update={"scheme": "loso", "stratum": "group=A"}),
        one.model_copy(update={"scheme": "loso", "estimate": 0.6}),
        one.model_copy(update={"scheme": "loso", "metric": "calibration_slope"}),
    ]
    judged = models[0].model_copy(update={"expected": values})
    assert leading(judged).estimate == 0.6
    assert leading(judged.model_copy(update={"expected": values[:1]})).scheme == "cv"
    assert leading(models[0]) is None


def test_terms_of_a_fused_model_are_those_of_its_members():
    (model,), _ = frozen(two_images(n=60), [fused()])
    members = model.estimates.fusion.members.values()
    parts = [len(one.estimates.pipeline["model"]["terms"]) for one in members]
    assert n_terms(model.estimates) == sum(parts) > 1
    assert development(model) == "all subjects"


def test_the_leakage_section_tells_of_frozen_models_too():
    row = {
        "endpoint": "metastasis",
        "arm": "texture",
        "scheme": "loso",
        "repeat": 1,
        "fold": "C",
        "perturbation": "noise x 1e6",
        "perturbed": "baseline features",
        "hash_study": "a",
    }
    rows = pd.DataFrame(
        [
            row | {"fit": "study", "hash_perturbed": "a", "unchanged": True},
            row | {"fit": "frozen model", "hash_perturbed": "a", "unchanged": True},
            row | {"fit": "control: x", "hash_perturbed": "b", "unchanged": False},
        ]
    )
    results = replace(results_of([]), tables={"leakage": rows})
    text, table, *_ = leakage_section(results).blocks
    assert "1 of 1 perturbations left every fitted parameter" in text.paragraphs[0]
    assert "left as it was all that models frozen without a group" in text.paragraphs[1]
    fits = [cells[1] for cells in table.rows]
    assert fits == ["study", "frozen model", "control: x"]
    assert table.rows[1][-1] == "nothing leaks"
    changed = rows.assign(unchanged=[True, False, False])
    told = leakage_section(replace(results, tables={"leakage": changed})).blocks
    assert told[0].paragraphs[0] == "The claim that nothing leaks FAILS."
    assert told[1].rows[1][-1] == "LEAKS"
