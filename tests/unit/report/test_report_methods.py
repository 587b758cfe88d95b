"""The drafted methods change with every setting, so that they cannot lie about one."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pandas as pd
import pytest
from pydantic import BaseModel

from concord.features.settings.filters import FilterSection
from concord.features.settings.normalization import NormalizationSection
from concord.features.settings.recipe import RecipeSection
from concord.folds.declared_splits import FixedSplit, TemporalSplit
from concord.folds.sealing import SealedSection
from concord.folds.validation import ValidationSection
from concord.harmonization.settings import HarmonizationSection
from concord.methods_clauses import Clause, clauses
from concord.models.settings.arm import ArmSection
from concord.models.settings.fusion import FusionSection
from concord.models.settings.model import ModelSection
from concord.models.settings.tuning import Tuning
from concord.report import methods
from concord.report.blocks import Table
from concord.report.numbers import NONE
from concord.report.results import Results
from concord.report.sections import prediction
from concord.report.settings import Report

from ... import synthetic_results as synthetic

#: Keys that the methods do not speak of, with the reason.
SILENT = {
    "recipes.preset": "a complete recipe holds the settings of its preset",
    "recipes.image": "a complete recipe lists the images that it is for",
    "recipes.modality": "the recipe's images are named, and they have one modality",
    "recipes.like": "a complete recipe holds what it takes from another one",
    "recipes.max_voxels": "guards memory; what exceeds it is listed as an exclusion",
    "validation.repeats_per_job": "how many repeats share a job changes no number",
    "validation.samples_per_job": "how many samples share a job changes no number",
    "validation.arms_per_job": "how many arms share a job changes no number",
    "harmonization.phantom_table": "the path of a file; fit_on says that it is used",
}
#: Settings with which a key has an effect.
CONTEXTS: dict[str, dict[str, Any]] = {
    "arms.n_imputations": {"imputation": "chained", "covariates": ["age"]},
    "arms.half_samples": {"selection": "stability"},
    "arms.selection_threshold": {"selection": "stability"},
    "harmonization.adapt_subjects": {"unseen": "adapt"},
    "harmonization.spline_knots": {"smooth": ["age"]},
    "recipes.bin_start": {"intensity_range": None},
    "recipes.response_families": {"filters": {"m": FilterSection(kind="simoncelli")}},
    "recipes.response_bins": {"filters": {"m": FilterSection(kind="simoncelli")}},
    "recipes.n_bins": {"discretization": "FBN"},
    "arms.model.trees": {"kind": "forest"},
    "arms.model.min_leaf": {"kind": "forest"},
    "arms.model.max_depth": {"kind": "boosting"},
    "arms.model.learning_rate": {"kind": "boosting"},
    "arms.model.firth": {"kind": "unpenalized"},
    "arms.model.weights": {"kind": "linear_predictor"},
    "arms.model.intercept": {"kind": "linear_predictor"},
    "arms.model.means": {"kind": "linear_predictor"},
    "recipes.normalization.scale_from": {"method": "zscore"},
    "recipes.normalization.reference_region": {
        "method": "zscore",
        "scale_from": "reference",
    },
    "recipes.normalization.percentiles": {"method": "percentile"},
    "recipes.normalization.n4_shrink_factor": {"bias_field": "n4"},
    "recipes.normalization.n4_iterations": {"bias_field": "n4"},
    "recipes.normalization.n4_convergence": {"bias_field": "n4"},
}
SECTIONS: dict[str, BaseModel] = {
    "arms": synthetic.ARMS["texture"],
    "harmonization": synthetic.SETTINGS.harmonization,
    "validation": synthetic.SETTINGS.validation,
    "confounding": synthetic.SETTINGS.confounding,
    "recipes": synthetic.RECIPES["CT"],
    "recipes.normalization": NormalizationSection(),
    "arms.model": ModelSection(),
    "arms.tuning": Tuning(max_features=[2, 5]),
}
KEYS = [
    f"{name}.{key}"
    for name, section in SECTIONS.items()
    for key in type(section).model_fields
]
#: A filter of each kind, some of them with rotations.
FILTERS: list[dict[str, Any]] = [
    {"kind": "mean", "support_voxels": [3]},
    {"kind": "log", "sigma_mm": [1.0]},
    {"kind": "laws", "kernels": ["L5E5E5"]},
    {
        "kind": "gabor",
        "sigma_mm": [1.0],
        "wavelength_mm": [2.0],
        "theta_degrees": [0.0],
    },
    {
        "kind": "gabor",
        "sigma_mm": [1.0],
        "wavelength_mm": [2.0],
        "rotation_invariant": True,
    },
    {"kind": "wavelet", "wavelet": "haar"},
    {"kind": "riesz_simoncelli", "orders": [(1, 0, 0)]},
]

#: A section of each kind that differs from the default.
OTHER_SECTIONS: tuple[BaseModel, ...] = (
    FilterSection(kind="mean", support_voxels=[5]),
    NormalizationSection(method="zscore"),
    ModelSection(kind="forest"),
    FusionSection(of=["clinical", "volume"]),
    Tuning(max_features=[2, 5]),
    TemporalSplit(column="scanned", first_evaluated=[2018]),
    SealedSection(group=["A"]),
    FixedSplit(column="set", development=["train"], evaluation=["test"]),
)


def other(value: Any, annotation: Any) -> Any:
    """A value of the same type that is not the given one."""
    kind = get_origin(annotation)
    if kind is Annotated:
        return other(value, get_args(annotation)[0])
    if kind in (Union, UnionType):
        options = [one for one in get_args(annotation) if one is not NoneType]
        return other(value, options[0])
    if kind is Literal:
        return next(one for one in get_args(annotation) if one != value)
    if kind is list:
        found = other(None, get_args(annotation)[0])
        return [found] if value != [found] else []
    if kind is tuple:
        values = value or [None] * len(get_args(annotation))
        return tuple(map(other, values, get_args(annotation)))
    if kind is dict:
        key, item = get_args(annotation)
        return {other(None, key): other(None, item)}
    return other_plain(value, annotation)


def other_plain(value: Any, kind: Any) -> Any:
    if kind is bool:
        return not value
    if kind in (int, float):
        return kind(2 if value is None else value + 1)
    for section in OTHER_SECTIONS:
        if isinstance(kind, type) and issubclass(kind, type(section)):
            return section
    assert kind is str, kind
    return "rim" if value != "rim" else "tumour"


def text(settings: Report) -> str:
    """The drafted methods of a study without tables."""
    (block,) = methods.methods_section(results_of(settings)).blocks
    return "\n".join(block.paragraphs)


def results_of(settings: Report) -> Results:
    """Results of a study without tables."""
    return Results(
        tables={},
        cohort=pd.DataFrame({"site": ["A"], "cluster": ["P1"]}),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=settings,
    )


def with_section(name: str, section: BaseModel) -> Report:
    """The settings with another section of those that are tested."""
    first, _, below = name.partition(".")
    if below:
        outer = SECTIONS[first].model_copy(update={below: section})
        return with_section(first, outer)
    value: Any = {
        "arms": synthetic.ARMS | {"texture": section},
        "recipes": {"CT": section},
    }
    return synthetic.SETTINGS.model_copy(update={first: value.get(first, section)})


@pytest.mark.parametrize("key", KEYS)
def test_a_changed_setting_changes_the_drafted_methods_or_has_a_reason(key):
    name, _, field = key.rpartition(".")
    before = SECTIONS[name].model_copy(update=CONTEXTS.get(key, {}))
    value = other(getattr(before, field), type(before).model_fields[field].annotation)
    after = before.model_copy(update={field: value})

    changes = text(with_section(name, before)) != text(with_section(name, after))

    if key in SILENT:
        assert not changes, f"{key} changes the methods: take it out of SILENT"
    place = type(before).__module__.replace(".", "/")
    assert changes or key in SILENT, (
        f"{key}: {getattr(before, field)} -> {value} leaves the methods as they are. "
        f"Give the field a Clause in scripts/{place}.py, or a reason in SILENT here"
    )


def test_reasons_and_contexts_are_of_keys_that_exist():
    assert {*SILENT, *CONTEXTS} <= set(KEYS)
    assert all(len(reason.split()) > 3 for reason in SILENT.values())


@pytest.mark.parametrize("key", FilterSection.model_fields)
def test_a_changed_setting_of_a_filter_changes_its_words_where_it_has_an_effect(key):
    annotation = FilterSection.model_fields[key].annotation
    changed = []
    for values in FILTERS:
        before = FilterSection(**values)
        value = other(getattr(before, key), annotation)
        after = before.model_copy(update={key: value})
        changed.append(before.words() != after.words())

    assert any(changed)


@pytest.mark.parametrize(
    "section",
    [ArmSection, HarmonizationSection, ValidationSection, RecipeSection],
)
def test_a_template_names_fields_of_its_section(section):
    for field in section.model_fields.values():
        for note in field.metadata:
            if isinstance(note, Clause) and not callable(note.text):
                texts = (
                    [note.text] if isinstance(note.text, str) else note.text.values()
                )
                names = dict.fromkeys(section.model_fields, "x")
                assert all(one.format(**names) is not None for one in texts)
                assert note.when.partition("=")[0] in {"", *section.model_fields}


#: What the methods say of missing predictors by default.
ACCEPTED = (
    "subjects with more than 50 % of the features or of the covariates missing neither "
    "learnt from nor scored"
)


def test_an_arm_is_told_by_what_sets_it_apart_from_the_headline():
    paragraph = text(synthetic.SETTINGS)

    assert (
        "“Clinical + CT texture”: covariates Age and Sex, not penalized; features "
        "CT.*; harmonized by ComBat; only features that are stable in the development "
        f"subjects; {ACCEPTED}; of features with an absolute rank correlation above "
        "0.9, one; "
        "at most 5 of them, with the strongest univariate relation to the outcome; a "
        "ridge penalty of 0.1 per subject on features."
    ) in paragraph
    assert "“Clinical” differs from it: no feature." in paragraph
    assert "not harmonized” differs from it: not harmonized." in paragraph


MODELS = [
    (
        {"kind": "forest", "trees": 99},
        "or trees where said). The headline arm",
        "a random forest of 99 trees with at most 8 levels and leaves of at least 5",
        ["penalty", "not penalized"],
    ),
    (
        {"kind": "boosting"},
        "or trees where said",
        "100 boosted trees with at most 3 levels, leaves of at least 10 subjects and a "
        "learning rate of 0.1",
        ["penalty", "not penalized"],
    ),
    (
        {"kind": "unpenalized", "firth": True},
        "logistic regression). The headline arm",
        "no penalty but that of Firth",
        ["ridge", "not penalized"],
    ),
    (
        {"kind": "linear_predictor", "weights": {"age": 0.1}, "means": {"age": 60.0}},
        "logistic regression). The headline arm",
        "a published score, not refitted, that weighs age in their own units; centred "
        "(age at 60)",
        ["rank correlation", "univariate", "stable", "not penalized"],
    ),
]


@pytest.mark.parametrize(("model", "models", "words", "silent"), MODELS)
def test_a_kind_of_model_is_told_without_what_others_need(model, models, words, silent):
    changes = {"model": ModelSection(**model)}
    paragraph = text(
        with_section("arms", synthetic.ARMS["texture"].model_copy(update=changes))
    )
    _, _, found = paragraph.partition("The headline arm “")
    own, _, _ = found.partition("differs from it")

    assert models in paragraph
    assert words in own
    assert not [one for one in silent if one in own.rpartition(". “")[0]]


def test_a_tuned_forest_is_not_said_to_tune_a_penalty():
    changes = {"model": ModelSection(kind="forest"), "tuning": Tuning(max_features=[2])}
    paragraph = text(
        with_section("arms", synthetic.ARMS["texture"].model_copy(update=changes))
    )

    assert "tuned: the number of features (2)" in paragraph
    assert "the penalty (20 values" not in paragraph


def test_an_arm_with_a_penalty_beside_a_forest_is_told_to_be_a_regression():
    forest = {"model": ModelSection(kind="forest")}
    paragraph = text(
        with_section("arms", synthetic.ARMS["texture"].model_copy(update=forest))
    )
    _, _, clinical = paragraph.partition("“Clinical” differs from it: ")

    assert clinical.partition(".")[0].endswith("; a regression")


def test_an_arm_that_adapts_by_itself_tells_how_many_subjects_teach():
    arm = synthetic.ARMS["texture"].model_copy(update={"unseen": "adapt"})

    assert "not scored; 10 of them per batch" in text(
        with_section("arms", arm)
    ).replace(
        "; only features that are stable in the development subjects", ""
    ) or "10 of them per batch" in text(with_section("arms", arm))


def test_clauses_of_a_section_stand_in_the_order_of_its_fields():
    found = clauses(synthetic.SETTINGS.validation, {"metastasis": "Lung metastasis"})

    assert list(found) == ["stratify_by", "leave_one_group_out", "group"]
    assert found["stratify_by"] == (
        "2 repeats of 3-fold cross-validation, stratified by group"
    )


def test_the_methods_name_the_cuts_and_the_sides_of_declared_splits():
    section = synthetic.SETTINGS.validation.model_copy(
        update={
            "temporal": TemporalSplit(column="scanned", first_evaluated=[2016, 2018]),
            "fixed": FixedSplit(
                column="set", development=["train"], evaluation=["test", "late"]
            ),
        }
    )
    found = clauses(section)
    assert found["temporal"] == (
        "judging subjects from each of 2016 and 2018 on, up to the next, by models of "
        "all earlier ones"
    )
    assert found["fixed"] == (
        "judging subjects in whom set is test or late by models of those in whom it is "
        "train"
    )


def test_the_table_of_arms_tells_what_the_methods_tell():
    (arms,) = (
        block
        for block in prediction.design_section(results_of(synthetic.SETTINGS)).blocks
        if isinstance(block, Table) and block.caption == "Arms"
    )
    rows = {row[0]: row[1:] for row in arms.rows}

    assert rows["Clinical (reference)"] == ("Age and Sex", "none", ACCEPTED)
    assert rows["Site only"] == ("group", "none", NONE)
    covariates, features, model = rows["Clinical + CT texture (headline)"]
    assert (covariates, features) == ("Age and Sex", "CT.*")
    assert model.startswith("harmonized by ComBat; only features that are stable")
    assert model in text(synthetic.SETTINGS)
