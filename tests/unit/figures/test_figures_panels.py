"""What the other figures say about their tables."""

import numpy as np
import pytest
from matplotlib.text import Text

from concord.figures import (
    associations,
    batch_estimates,
    components,
    labels,
    performance,
    selection,
    site_effect,
    stability,
    summaries,
)
from concord.figures.readers import agreement
from concord.figures.settings import FigureStyle
from concord.models.settings.model import ModelSection

from ... import synthetic_results as synthetic

STYLE = synthetic.STYLE
SETTINGS = synthetic.plot_endpoint()


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("penalized", "(log odds or log hazard per SD), shrunk by the penalty."),
        ("unpenalized", "(log odds or log hazard per SD)."),
        ("linear_predictor", "(points per unit, as published)."),
    ],
)
def test_selection_tells_the_unit_of_the_coefficients_of_its_model(kind, unit):
    settings = SETTINGS.model_copy(update={"model": ModelSection(kind=kind)})
    figure = selection.draw(synthetic.selection("recurrence"), settings)
    assert f"selected the feature {unit}" in words(figure)


def test_a_forest_is_said_to_have_no_coefficients():
    settings = SETTINGS.model_copy(update={"model": ModelSection(kind="forest")})
    table = synthetic.selection("recurrence")
    none = table[table["arm"] != settings.headline_arm]

    forest, ridge = (words(selection.draw(none, one)) for one in (settings, SETTINGS))
    assert "The headline arm predicts by trees, which have no coefficients." in forest
    assert "The headline arm selected no feature." in ridge


def test_agreement_names_its_definition_and_counts_empty_segmentations():
    figure = agreement.draw(synthetic.agreement(), "mesh", STYLE)

    text = words(figure)
    assert "Surface distances by the mesh definition." in text
    assert "Of 60 pairs, 1 have one empty segmentation (Dice 0, no distance)" in text
    assert "CT tumour, a = reader A, b = reader B" in text
    assert "A 20" in text


def test_agreement_draws_the_headline_definition_only():
    table = synthetic.agreement()
    highest = table.query("definition == 'voxel'")["hd95_mm"].max()

    axes = agreement.draw(table, "voxel", STYLE).axes[1]

    drawn = [line.get_ydata().max() for line in axes.lines if len(line.get_ydata())]
    assert max(drawn) == pytest.approx(highest)


def test_a_missed_lesion_is_drawn_with_a_dice_of_zero():
    dice, hd95, _ = agreement.draw(synthetic.agreement(), "mesh", STYLE).axes

    def lowest(axes):
        drawn = [line.get_ydata().min() for line in axes.lines if len(line.get_ydata())]
        return min(drawn)

    assert lowest(dice) == 0
    assert lowest(hd95) > 0


def test_agreement_without_second_reader_says_so():
    figure = agreement.draw(synthetic.agreement().head(0), "mesh", STYLE)

    assert "No region was segmented by two readers." in words(figure)


def test_stability_counts_stable_and_undefined_features_by_family():
    table = synthetic.stability()
    glcm = table[table["column"].str.contains("glcm") & (table["axis"] == "reader")]

    text = words(stability.draw(table, 0.75, 0.95, STYLE))

    assert f"{glcm['stable'].sum()}/3" in text
    assert "Not drawn: 1 undefined values; they count as not stable." in text
    assert "threshold 0.75" in text


def test_stability_without_retest_has_one_panel():
    figure = stability.draw(synthetic.stability(("reader",)), 0.75, 0.95, STYLE)

    assert len(figure.axes) == 1
    assert "Readers, ICC(A,1), n = 60" in words(figure)


def test_stability_marks_bounds_that_are_too_low_to_draw():
    table = synthetic.stability()
    table.loc[0, "icc_lower"] = -0.8

    assert "1 lower bounds below -0.25" in words(
        stability.draw(table, 0.75, 0.95, STYLE)
    )


def test_stability_without_repeated_measurement_says_so():
    figure = stability.draw(synthetic.stability().head(0), 0.75, 0.95, STYLE)

    assert "No feature was measured twice." in words(figure)


def test_site_effect_prints_both_areas_and_what_is_undefined():
    effect = synthetic.site_effect()
    effect.loc[0, "eta_squared"] = np.nan
    prediction = synthetic.batch_prediction()

    text = words(site_effect.draw(effect, prediction, STYLE))

    assert "0.97" in text
    assert "0.56" in text
    assert "Not drawn: 1 undefined values." in text


def test_site_effect_of_an_undefined_area_is_not_drawn_as_zero():
    prediction = synthetic.batch_prediction().assign(auc=np.nan)

    text = words(site_effect.draw(synthetic.site_effect(), prediction, STYLE))

    assert text.count("n/a") == 3


def test_site_effect_shows_bands_and_no_value_without_one_as_known():
    prediction = synthetic.batch_prediction().assign(variable="SoftwareVersions")
    text = words(site_effect.draw(synthetic.site_effect(), prediction, STYLE))
    assert "permuted batches" in text
    assert "CT Software Versions" in text
    bare = prediction.assign(null_lower=np.nan, null_upper=np.nan)
    text = words(site_effect.draw(synthetic.site_effect(), bare, STYLE))
    assert "it is not 0.5" in " ".join(text.split())


def test_batch_estimates_name_batch_size_and_missing_priors():
    priors = synthetic.batch_priors()
    priors.loc[1, ["shift_variance", "shape"]] = np.nan

    text = words(batch_estimates.draw(synthetic.batch_estimates(), priors, STYLE))

    assert "CT A n = 30" in text
    assert "1 batches without a prior." in text


def test_batch_estimates_without_a_batch_say_so():
    empty = synthetic.batch_estimates().head(0)
    figure = batch_estimates.draw(empty, synthetic.batch_priors().head(0), STYLE)
    assert "No batch could be estimated." in words(figure)


def test_components_tell_batches_and_the_outcome_apart():
    event = synthetic.cohort().set_index("subject_id")["event.metastasis"]

    figure = components.draw(synthetic.components(), event, "Metastasis", STYLE)

    text = words(figure)
    assert "by outcome (Metastasis)" in text
    assert "PC1 40 %, PC2 20 %" in text
    raw = figure.axes[0]
    drawn = {len(line.get_xdata()) for line in raw.lines}
    assert drawn == set(synthetic.subjects().groupby("site").size())


def test_associations_show_how_far_pooled_associations_are_from_those_within_batches():
    table = synthetic.associations()

    figure = associations.draw(table, {"age": "Age", "metastasis": "Metastasis"}, STYLE)

    text = words(figure)
    assert "CT: Age" in text
    assert "CT: readers" in text
    left = figure.axes[0]
    medians = [line.get_xdata()[0] for line in left.lines if len(line.get_xdata()) == 2]
    wide = table.pivot(index=["quantity", "name"], columns="stage", values="value")
    excess = (wide["raw"] - wide["within batches"]).loc["covariate: age"]
    assert np.isclose(medians, excess.median()).any()


def test_the_forest_plot_has_a_row_per_arm_scheme_and_group():
    null = synthetic.null("metastasis")

    figure = performance.draw(synthetic.performance("metastasis"), null, SETTINGS)

    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert names[:4] == [
        "Repeated cross-validation",
        "Clinical + CT texture",
        "the same, within groups",
        "Clinical",
    ]
    assert names[-4:] == ["Headline arm by group left out", "A", "B", "C"]
    assert "central 95 % of 120 permutations" in words(figure)


def test_every_arm_has_its_own_null_band_in_each_scheme():
    null = synthetic.null("metastasis")

    figure = performance.draw(synthetic.performance("metastasis"), null, SETTINGS)

    axes = figure.axes[0]
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    boxes = [band.get_paths()[0].get_extents() for band in axes.collections]
    assert len(boxes) == 2 * len(synthetic.ARMS)
    found = {round((box.y0 + box.y1) / 2): (box.x0, box.x1) for box in boxes}
    for arm, scheme, place in (
        ("texture", "cv", names.index("Clinical + CT texture")),
        ("site_only", "cv", names.index("Site only")),
        ("site_only", "loso", len(names) - 1 - names[::-1].index("Site only")),
    ):
        mine = null[(null["arm"] == arm) & (null["scheme"] == scheme)]
        assert found[place] == pytest.approx(summaries.null_band(mine))


def test_the_forest_plot_without_groups_left_out_has_one_block():
    table = synthetic.performance("metastasis", leave_out=False)

    figure = performance.draw(table, synthetic.null("metastasis"), SETTINGS)

    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert names.count("Each group left out once") == 0
    assert len(names) == 7


def test_an_undefined_estimate_is_written_as_such_in_the_forest_plot():
    table = synthetic.performance("metastasis")
    chosen = (table["arm"] == "volume") & (table["stratum"] == "all")
    table.loc[chosen, ["estimate", "lower", "upper"]] = np.nan

    text = words(
        performance.draw(table, synthetic.null("metastasis").head(0), SETTINGS)
    )

    assert text.count("not defined") == 2
    assert "No permutation was evaluated." in text


def test_fewer_than_99_permutations_are_drawn_without_a_band():
    null = synthetic.null("metastasis").query("permutation <= 98")

    figure = performance.draw(synthetic.performance("metastasis"), null, SETTINGS)

    assert not figure.axes[0].collections
    assert "98 permutations are too few for a band of 95 %" in words(figure)


def test_no_information_is_written_in_place_of_an_interval():
    table = synthetic.performance("metastasis")
    chosen = (table["arm"] == "volume") & (table["stratum"] == "all")
    reason = "no information: the scores of each fold are equal"
    table.loc[chosen, ["estimate", "lower", "upper"]] = [0.5, np.nan, np.nan]
    table.loc[chosen, "reason"] = reason

    text = words(performance.draw(table, synthetic.null("metastasis"), SETTINGS))

    assert text.count("0.50 (no information)") == 2


def test_the_null_band_holds_the_central_95_percent():
    """Of 1 to 119, the third from each end: 2.5 % of 120."""
    null = synthetic.null("metastasis").head(119)
    null = null.assign(estimate=np.arange(1, 120) / 120)

    assert summaries.null_band(null) == pytest.approx((3 / 120, 117 / 120))
    assert np.isnan(summaries.null_band(null.head(0))).all()


def test_features_are_ranked_by_frequency_then_name():
    table = synthetic.selection("metastasis")
    table["frequency"] = 0.5

    names = summaries.most_selected(table, "texture", 3)["term"].tolist()

    chosen = table[(table["arm"] == "texture") & (table["n_selected"] > 0)]
    assert names == sorted(chosen["term"])[:3]


def test_selection_shows_fifteen_features_at_most_and_names_them_in_words():
    settings = synthetic.plot_endpoint()

    figure = selection.draw(synthetic.selection("metastasis"), settings)

    assert "CT tumour: GLCM joint entropy" in words(figure)
    assert "features that were selected at least once in 9 fits" in words(figure)


def test_an_arm_that_selects_nothing_gives_a_figure_that_says_so():
    settings = synthetic.plot_endpoint(headline_arm="clinical")

    figure = selection.draw(synthetic.selection("metastasis"), settings)

    assert "The headline arm selected no feature." in words(figure)


def test_names_are_put_into_words():
    assert labels.feature("MR.rim.log_3mm.glszm.zone_entropy") == (
        "MR rim: GLSZM zone entropy (log 3mm)"
    )
    assert labels.feature("group=A") == "group=A"
    assert labels.family_order(["glcm", "wavelet", "ivh"]) == ["ivh", "glcm", "wavelet"]
    assert labels.arm_order(["c", "b", "a"], "b", "z") == ["b", "a", "c"]
    assert labels.label("site_only", {}) == "site only"


def test_in_one_column_names_are_broken_and_counts_are_left_out():
    narrow = synthetic.plot_endpoint(style=FigureStyle(width_mm=90))
    null = synthetic.null("metastasis")

    figure = performance.draw(synthetic.performance("metastasis"), null, narrow)

    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert "Clinical + CT\ntexture, not\nharmonized" in names
    assert "Events/n" not in words(figure)
    assert "Events/n" in words(
        performance.draw(synthetic.performance("metastasis"), null, SETTINGS)
    )


def test_in_one_column_names_tell_the_subjects_where_arms_differ_in_them():
    narrow = synthetic.plot_endpoint(style=FigureStyle(width_mm=90))
    table = synthetic.performance("metastasis")
    table["n"] = table["n"].where(table["arm"] != "texture", 48)

    figure = performance.draw(table, synthetic.null("metastasis"), narrow)

    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert "Clinical, n = 60" in names
    assert "Clinical + CT\ntexture, n = 48" in names
