"""The report: what it says, what it warns of, and that it stands alone."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import StudyError
from concord.evaluation import null_tests
from concord.features.settings.filters import FilterSection
from concord.features.settings.normalization import NormalizationSection
from concord.features.settings.recipe import CompleteRecipe
from concord.features.settings.regions import RegionSection
from concord.features.settings.variants import VariantsSection
from concord.figures import catalogue, lookup
from concord.report import methods, page, pictures
from concord.report.numbers import NONE
from concord.report.settings import Report

from ... import external_study
from ... import synthetic_results as synthetic

NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)


class Page(HTMLParser):
    """Anchors, links, loads and visible words of a page."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loads, self.tags, self.words = [], [], [], [], []
        self.alts = []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        if tag == "a":
            self.links.append(values["href"])
        elif "href" in values or "src" in values:
            self.loads.append(values.get("src") or values["href"])
        if tag == "img":
            self.alts.append(values["alt"])

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def inputs(tmp_path):
    """All inputs of the synthetic study, with one small figure."""
    paths = synthetic.write_results(tmp_path)
    figure = tmp_path / "performance_metastasis.svg"
    figure.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return synthetic.Inputs(paths | {"figures": [str(figure)]})


def build(inputs, settings=synthetic.SETTINGS):
    return page.build(inputs, settings, created=NOON)


def changed(section, **values):
    """The settings with some values of a section changed."""
    before = dict(getattr(synthetic.SETTINGS, section))
    return with_section(section, before | values)


def with_section(section, value):
    """The settings with another section."""
    return Report.model_validate(dict(synthetic.SETTINGS) | {section: value})


def test_the_page_loads_nothing_and_runs_no_script(inputs):
    seen = Page(build(inputs))

    assert "script" not in seen.tags
    assert "link" not in seen.tags
    assert [load for load in seen.loads if not load.startswith("data:")] == []
    assert len(seen.loads) == 1
    assert "url(" not in build(inputs)


def test_every_entry_of_the_contents_leads_somewhere(inputs):
    seen = Page(build(inputs))

    inside = [link[1:] for link in seen.links if link.startswith("#")]
    assert set(inside) <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))
    assert "../features/dictionary.tsv" in seen.links


def test_every_figure_has_words_for_those_who_cannot_see_it(inputs):
    (alt,) = Page(build(inputs)).alts

    assert alt.startswith("Lung metastasis: Forest plot")


@pytest.fixture
def drawn(inputs, tmp_path):
    """All inputs of the synthetic study, with every figure that it can have."""
    everything = SimpleNamespace(
        has=lambda need: True,
        endpoint_kinds={"metastasis": "binary", "survival": "survival"},
        endpoint_questions={"metastasis": {"diagnostic"}, "survival": {"prognostic"}},
    )
    pooled = tmp_path / "pooled_groups.tsv"
    tables.write(synthetic.pooled("metastasis"), pooled, "pooled_groups")
    more = {"pooled_groups": [str(pooled)], "figures": drawn_in(tmp_path, everything)}
    return synthetic.Inputs(inputs | more | evaluated_in(tmp_path))


def evaluated_in(folder):
    """Tables that a study must ask for, of both endpoints, by kind."""
    kinds = ["instability", "subgroups", "subgroup_tests", "fairness"]
    # All of a multiverse but its choices, which the report does not read.
    every = synthetic.multiverse("metastasis")
    kinds += [kind for kind in every if kind != "specification_choices"]
    kinds += ["external", "external_scores", "external_models"]
    paths = {kind: [] for kind in kinds}
    for endpoint in synthetic.ENDPOINTS:
        made = synthetic.instability_tables(endpoint)
        made |= synthetic.subgroup_tables(endpoint)
        made |= synthetic.multiverse(endpoint)
        made |= external_study.of_synthetic_arms(endpoint)
        for kind in kinds:
            path = folder / f"{endpoint}_{kind}.tsv"
            tables.write(made[kind], path, kind)
            paths[kind].append(str(path))
    return paths


def drawn_in(folder, study):
    paths = [folder / f"{stem}.svg" for stem in lookup.figure_stems(study)]
    for path in paths:
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return [str(path) for path in paths]


def test_every_figure_that_is_drawn_stands_in_the_report_once(drawn):
    alts = Page(build(drawn)).alts

    assert len(alts) == len(drawn["figures"]) == len(set(alts))
    asked = {"binary", "survival", "diagnostic", "prognostic"}
    for figure in catalogue.CATALOGUE:
        # Figures of other questions stand in sections of their own, with own tests.
        if not figure.endpoint_kinds or asked.intersection(figure.endpoint_kinds):
            assert any(alt.endswith(figure.alternative) for alt in alts), figure.name


def test_a_figure_stands_behind_the_table_that_it_belongs_to(drawn):
    text = Page(build(drawn)).text

    places = [
        "Agreement by pair of readers",
        "Agreement of readers by site.",
        "Agreement of each reader with each other one: median Dice and HD95.",
        "Volumes by reader",
        "Volumes by two readers, and Dice coefficient against volume.",
        "Review list: the worst cases of each site",
        "Lung metastasis: Discrimination of all arms",
        "AUC of all arms",
        "Differences between arms",
        "Lung metastasis: Mean ROC curves",
        "Lung metastasis: Features that the headline arm selects most often.",
        "selected most often",
    ]
    found = [text.index(words, text.index("Agreement by pair")) for words in places]
    assert found == sorted(found)


def test_a_new_declaration_alone_puts_a_figure_into_the_report(drawn, monkeypatch):
    new = replace(
        lookup.declared("stability"), name="cohort", section="cohort", sources=()
    )
    monkeypatch.setattr(pictures, "CATALOGUE", (*catalogue.CATALOGUE, new))
    path = Path(drawn["figures"][0]).with_name("cohort.svg")
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    more = synthetic.Inputs(drawn | {"figures": [*drawn["figures"], str(path)]})

    html = build(more)

    assert len(Page(html).alts) == len(drawn["figures"]) + 1
    cohort = html.partition('<section id="cohort"')[2].partition("<section")[0]
    assert new.caption in cohort


def test_a_figure_of_empty_tables_is_left_to_the_sentence_that_says_so(drawn):
    tables.write(synthetic.stability().head(0), drawn["stability"], "stability")

    seen = Page(build(drawn))

    assert "so stability is unknown" in seen.text
    assert lookup.declared("stability").alternative not in seen.alts


def test_an_input_that_is_no_kind_of_table_is_named(inputs):
    with pytest.raises(StudyError, match="input stabilty of the report is no kind"):
        build(synthetic.Inputs(inputs | {"stabilty": "x.tsv"}))


def test_the_time_stands_in_one_element_and_all_else_is_equal(inputs):
    later = page.build(inputs, synthetic.SETTINGS, datetime(2030, 1, 1, tzinfo=UTC))

    stamp = r'<time id="created">[^<]*</time>'
    assert re.sub(stamp, "", build(inputs)) == re.sub(stamp, "", later)
    assert build(inputs).count("2024-01-02T12:00:00+00:00") == 1


def test_the_headline_comes_with_reference_null_and_unharmonized_arm(inputs):
    text = Page(build(inputs)).text

    assert (
        "The headline arm “Clinical + CT texture” reached an AUC of 0.68 (0.62 to "
        "0.74) in repeated cross-validation (n = 60, 24 events) and an AUC of 0.65 "
        "(0.59 to 0.71) with each site left out once (n = 60, 24 events)"
    ) in text
    assert "The difference in cross-validation is 0.10 (0.02 to 0.18)" in text
    assert "the interval lies above zero" in text
    assert "of the first repeat itself, 0.68, lies above this band" in text
    assert "this band (one-sided p = 0.008)" in text

    assert "“Clinical + CT texture, not harmonized”, reached an AUC of 0.66" in text
    assert "Comparing only subjects of the same site" in text


def test_few_permutations_have_a_range_and_no_band(inputs):
    null = synthetic.null("metastasis").query("permutation <= 20")
    performance = synthetic.performance("metastasis")
    found = null_tests.null_tests(performance, null)
    tables.write(found, inputs["null_tests"][0], "null_tests")

    text = Page(build(inputs)).text

    assert "20 values lay between 0.42 and 0.58, too few for a band of 95 %" in text
    assert "the first repeat itself reached 0.68 (one-sided p = 0.048)" in text
    assert "no band; range 0.42 to 0.58" in text


def test_a_value_without_information_has_its_reason_in_place_of_an_interval(inputs):
    rows = synthetic.performance("metastasis")
    chosen = (rows["arm"] == "texture") & (rows["stratum"] == "all")
    reason = "no information: the scores of each fold are equal"
    rows.loc[chosen, ["estimate", "lower", "upper"]] = [0.5, np.nan, np.nan]
    rows.loc[chosen, "reason"] = reason
    tables.write(rows, inputs["performance"][0], "performance")

    text = Page(build(inputs)).text

    assert f"an AUC of 0.50 ({reason}) in repeated cross-validation" in text


def test_a_difference_whose_interval_includes_zero_shows_no_added_value(inputs):
    rows = synthetic.comparisons("metastasis").assign(lower=-0.01)
    tables.write(rows, inputs["comparisons"][0], "comparisons")

    assert (
        "the interval includes zero, so added value is not shown"
        in Page(build(inputs)).text
    )


@pytest.mark.parametrize(
    "warning",
    [
        "Simulated images; no patient was involved.",
        "Lung metastasis: 28 of the rarer outcome (no event); Overall survival: 51",
        "2 of 90 (2 %) fits failed (Clinical + CT texture, not harmonized)",
        "1 exclusion concerning 1 subject",
        "Site and outcome go together",
        "1 of 2 (50 %) facts of the simulation were not recovered",
    ],
)
def test_the_page_warns_before_it_reports(inputs, warning):
    text = Page(build(inputs)).text

    assert 0 < text.index(warning) < text.index("The headline arm")


def test_what_was_not_measured_is_said(inputs):
    tables.write(synthetic.stability(("reader",)), inputs["stability"], "stability")

    text = Page(build(inputs)).text

    assert "No subject was scanned twice" in text
    assert "No region was segmented by two readers" not in text


def test_text_from_tables_cannot_become_markup(inputs):
    html = build(inputs, changed("report", title="<script>alert(1)</script>"))

    assert "script" not in Page(html).tags
    assert "where 3.0 mm was expected; &lt;send&gt; it again." in html


def test_a_study_of_features_alone_has_a_report(tmp_path):
    everything = synthetic.write_results(tmp_path, leave_out=False)
    needed = ("cohort", "folds", "fits", "performance")
    inputs = {name: everything[name] for name in needed}

    text = Page(build(inputs)).text

    assert "No image was ingested; the study starts from features." in text
    assert "No permutation of the outcome was evaluated" in text
    assert "Every model saw subjects of all groups" in text
    assert "The site effect was not evaluated." in text
    assert "Recovered truth" not in text


def test_a_study_without_survival_endpoint_has_a_report(inputs):
    endpoints = {"metastasis": synthetic.ENDPOINTS["metastasis"]}
    study = synthetic.SETTINGS.study.model_copy(update={"demonstration": None})
    settings = with_section("endpoints", endpoints).model_copy(update={"study": study})

    text = Page(build(inputs, settings)).text

    assert "Overall survival" not in text.split("Methods, drafted")[-1]
    assert "Demonstration, not evidence" not in text


def test_missing_values_are_counted_in_the_cohort_table(inputs):
    html = build(inputs)

    row = re.search(r"<tr><th[^>]*>Age \(years\)</th>(.*?)</tr>", html, re.S)[1]
    assert re.findall(r"(\d+) missing", row) == ["2", "2", "2", "6"]
    assert "Sex: female" in html


def test_few_events_per_candidate_are_named(inputs):
    html = build(inputs)

    # 16 events of 40 development subjects; 12 features and 2 covariate terms.
    assert "1.1 (few)" in Page(html).text


def test_a_recipe_is_put_into_words():
    recipe = synthetic.RECIPES["CT"]

    assert methods.recipe_sentence("CT", recipe) == (
        "CT: resampling to 2 by 2 by 2 mm (cubic spline, without anti-aliasing; mask "
        "at 0.5), intensities restricted to \N{MINUS SIGN}150 to 250, discretization "
        "in bins of width 25 from \N{MINUS SIGN}150, families morphology, statistics "
        "and GLCM and regions of at least 64 voxels."
    )
    other = CompleteRecipe(
        images={"T1": "", "T2": ""},
        main=True,
        resample_spacing_mm=None,
        intensity_range=(0.0, None),
        normalization={"method": "zscore"},
        discretization="FBN",
        n_bins=32,
    )
    words = methods.recipe_sentence("MR", other)
    assert words.startswith("T1 and T2: intensities were standardized to mean 0")
    assert "of the region, no resampling, intensities" in words
    assert "restricted to at least 0, discretization to 32 bins" in words


def test_methods_take_their_numbers_from_settings_and_tables(inputs):
    settings = changed("validation", folds=7, repeats=9)

    text = Page(build(inputs, settings)).text

    assert "9 repeats of 7-fold cross-validation, stratified by group" in text
    assert "60 subjects of 3 sites" in text
    assert "(120 permutations, first repeat of each scheme)" in text


def test_undefined_values_are_printed_with_their_reason(inputs):
    assert "not defined: no fold has a pair to compare" in Page(build(inputs)).text


def test_the_claim_that_nothing_leaks_stands_with_its_counts(inputs):
    text = Page(build(inputs)).text

    assert "Nothing leaks: 8 of 8 perturbations left every fitted parameter" in text
    assert "In each of 4 folds of the headline arm" in text
    assert "blind to this perturbation" not in text
    assert "Null distribution under permuted outcomes" in text


def test_one_changed_hash_fails_the_claim_in_a_warning_and_in_its_section(inputs):
    path = inputs["leakage"][0]
    table = tables.read(path, "leakage")
    first = table.index[table["fit"] == "study"][0]
    table.loc[first, ["hash_perturbed", "unchanged"]] = ["1" * 12, False]
    tables.write(table, path, "leakage")

    text = Page(build(inputs)).text

    assert "The claim that nothing leaks FAILS." in text
    assert "The leakage test fails" in text
    assert (
        "1 of 8 (12 %) perturbations of evaluation rows changed what was learnt" in text
    )
    assert "LEAKS" in text


def test_without_a_leakage_test_nothing_is_claimed(inputs):
    text = Page(build(inputs | {"leakage": []})).text

    assert "leakage was not tested" in text


def test_notes_waivers_and_the_index_are_told_in_numbers(inputs):
    text = Page(build(inputs)).text

    assert "convert_image LOCALIZER_DROPPED note 1 1" in text
    assert "convert_image HU_RANGE_WAIVED waived 1 1" in text
    assert "A CT 20 21 22 3000 1 MOSAIC 1" in text
    assert f"A unreadable {NONE} 0 {NONE} 2 {NONE} EMPTY_FILE 1" in text


def test_an_image_with_two_faults_counts_as_one_exclusion(inputs):
    rows = synthetic.exclusions()
    both = [rows, rows.assign(code="bad_spacing")]
    tables.write(pd.concat(both), inputs["exclusions"][0], "exclusions")

    assert "1 exclusion concerning 1 subject;" in Page(build(inputs)).text


@pytest.mark.parametrize(
    ("keyed", "data", "words"),
    [
        (True, "patients", "hashed with a secret.* No subject id holds PatientID"),
        (True, "pseudonymized", "hashed with a secret.* to be a pseudonym already"),
        (False, "public", "from the study's seed.* The headers are declared to be pub"),
        (False, "simulated", "from the study's seed.* The images are simulated"),
        (False, "patients", "No identifier is hashed, as no DICOM is read"),
    ],
)
def test_the_page_tells_what_key_identifiers_are_hashed_with(
    inputs, keyed, data, words
):
    settings = with_section("keyed", keyed).model_copy(update={"data": data})
    text = Page(build(inputs, settings)).text

    assert re.search(words, text)


def test_conformance_to_the_protocol_is_told_by_site(inputs):
    text = Page(build(inputs)).text

    assert "20 of 180 (11 %) comparisons depart" in text
    assert (
        "CT ConvolutionKernel B30f or FC08 20 of 20 0 of 20: STANDARD (20) 20 of 20"
    ) in text
    assert "CT SpiralPitchFactor 0.5 to 1.5" + 3 * " not stated" in text


def test_a_study_without_protocol_is_not_judged(inputs):
    empty = synthetic.protocol_summary().head(0)
    tables.write(empty, inputs["protocol_summary"], "protocol_summary")

    assert "The study declares no protocol" in Page(build(inputs)).text


def test_only_facts_that_changed_with_time_are_listed_as_drift(inputs):
    text = Page(build(inputs)).text

    assert (
        f"B, CT SoftwareVersions 20 2 v1 (1 to 12), v2 (13 to 20) {NONE} < 0.001"
    ) in text
    assert "B, CT XRayTubeCurrent" not in text
    assert "Of 2 facts that took more than one value" in text


def test_proposed_batches_come_with_sizes_and_advice(inputs):
    text = Page(build(inputs)).text

    assert "CT-1 Manufacturer Maker A;" in text
    assert "20 subjects, fewer than harmonization.min_batch_size (25)" in text
    assert "Columns most like the proposal: CT: site (adjusted Rand index 1.00)" in text


def test_another_recipe_is_told_apart_and_what_does_not_suit_is_warned_of(inputs):
    usual = synthetic.RECIPES["CT"]
    normalization = NormalizationSection(method="zscore")
    odd = usual.model_copy(update={"normalization": normalization, "main": False})
    settings = changed("recipes", odd=odd)
    document = {
        "recipe_by_name": {"CT": "0a", "odd": "1b"},
        "recipes": {
            "0a": {"warnings": []},
            "1b": {"warnings": ["normalization throws the calibration away"]},
        },
    }
    path = Path(inputs["cohort"]).with_name("dictionary.json")
    path.write_text(json.dumps(document))
    warned = synthetic.Inputs(inputs | {"recipes": str(path)})

    text = Page(build(warned, settings)).text

    assert "CT, recipe odd: intensities were standardized" in text
    assert "Settings that do not suit their images" in text
    assert "normalization throws the calibration away" in text
    assert "Settings that do not suit" not in Page(build(inputs)).text


def test_the_review_list_names_cases_site_by_site_with_their_reasons(inputs):
    text = Page(build(inputs)).text

    assert "Of each site, up to 5 cases per image and region are listed" in text
    first = "A-018 A baseline, CT tumour AI against A 1 of 60 0.60 15.0"
    assert first in text
    # Rank 3 of site A stands before rank 2 of site B.
    third = "A-010 A baseline, CT tumour AI against A 3"
    second = "B-019 B baseline, CT tumour AI against A 2"
    assert text.index(first) < text.index(third) < text.index(second)
    assert "of 60, rank 1.5 by Dice 0.600 and 1.5 by HD95 15.0 mm" in text
    assert "were listed for review" in text
    assert "HD95 (mm) Surface Dice" not in text


def test_the_surface_dice_is_shown_where_it_is_known(inputs):
    rows = synthetic.review_list().assign(surface_dice=0.5, tolerance_mm=2.0)
    tables.write(rows, inputs["review_list"], "review_list")

    assert "15.0 0.50 at 2 mm" in Page(build(inputs)).text


def test_a_study_without_review_has_no_review_list(inputs):
    settings = changed("agreement", review=None)
    text = Page(build(synthetic.Inputs(inputs | {"review_list": []}), settings)).text

    assert "Review list" not in text
    assert "listed for review" not in text


def test_what_readers_do_to_features_and_predictions_is_told(inputs):
    text = Page(build(inputs)).text
    row = synthetic.prediction_agreement("metastasis").iloc[0]

    assert "CT tumour all 0 of 12 (0 %); 0.64 6 of 12 (50 %); 0.84" in text
    share = f"{100 * row['regrouped']:.0f} %"
    assert f"Repeated cross-validation AI 59 (1 not scored) {row['icc']:.2f}" in text
    assert f"With segmentations by reader AI in place of reader A, {share}" in text
    assert (
        "by the segmentations of AI and B too, with all that was learnt unchanged"
        in text
    )


def test_lesions_that_a_reader_missed_are_told_with_the_predictions(inputs):
    rows = synthetic.readings().replace({"reader": {"B": "AI"}})
    tables.write(rows, inputs["readings"], "readings")
    text = Page(build(inputs)).text

    assert (
        "1 more have no score by AI. Of 60 images that any reader segmented, reader AI "
        "missed the region in 1 and delivered no usable segmentation of 1." in text
    )
    assert "CT tumour AI 60 58 1 1 of 59 (2 %) 1" in text


def test_a_study_of_one_reader_has_no_section_on_predictions_by_readers(inputs):
    none = {"prediction_agreement": [], "reader_stability": []}
    page_ = Page(build(synthetic.Inputs(inputs | none)))

    assert "readers" not in page_.ids
    assert "With segmentations by reader" not in page_.text


def test_surface_dice_all_readers_and_volumes_have_their_tables(inputs):
    text = Page(build(inputs)).text

    assert "Pair Images within 1 mm within 3 mm CT tumour, A and B 60" in text
    assert "All readers together" in text
    assert "CT tumour 60 3" in text
    expected = "CT tumour, B over A 59 0.91 (0.80 to 0.97) 0.96 (0.80 to 0.97)"
    assert f"{expected} 1.11 (0.94 to 1.29)" in text


def test_regions_made_of_others_and_variants_are_told_in_the_methods(inputs):
    rim = RegionSection(
        of="tumour", kind="shell", outer_mm=4, intensity_range={"CT": (-150, None)}
    )
    settings = changed("regions", rim=rim)
    again = {"variants": VariantsSection(subjects_per_site=5)}
    settings = settings.model_copy(update=again)
    rows = tables.read(inputs["stability"], "stability")
    again = rows[rows["axis"] == "retest"].assign(axis="perturbation")
    tables.write(pd.concat([rows, again]), inputs["stability"], "stability")

    text = Page(build(inputs, settings)).text

    assert "rim (from 0 mm within to 4 mm beyond the surface of tumour, in CT" in text
    assert "voxels of at least \N{MINUS SIGN}150)" in text
    assert "Baseline scans of up to 5 subjects per site were measured again" in text
    assert "under perturbation. Repeated measurements were compared by" in text
    assert "(readers, test-retest and perturbation)" in text


def test_filters_controls_and_aggregations_are_put_into_words():
    usual = synthetic.RECIPES["CT"]
    wavelet = FilterSection(kind="wavelet", wavelet="haar", subbands=["HHL"])
    odd = {"filters": {"w": wavelet}, "aggregation": "2D averaged"}
    words = methods.recipe_sentence("odd", usual.model_copy(update=odd))
    assert "texture in 2D averaged aggregation" in words
    assert (
        "filters of IBSI 2 (wavelet, boundary mirror, wavelet haar, subbands HHL, "
        "levels 1, not rotation invariant) in 32 bins, families statistics, histogram, "
        "GLCM"
    ) in words
    control = methods.recipe_sentence(
        "odd", usual.model_copy(update={"control": "noise"})
    )
    assert "as a negative control, Gaussian noise in place of the image" in control


def test_further_recipes_are_listed_but_not_counted_in_the_table_of_stability(inputs):
    rows = tables.read(inputs["stability"], "stability")
    before = of_stability(inputs)
    again = rows.assign(column=rows["column"].str.replace(".", "@odd.", n=1))
    tables.write(pd.concat([rows, again]), inputs["stability"], "stability")

    assert of_stability(inputs) == before


def of_stability(inputs):
    _, _, rest = Page(build(inputs)).text.partition("Stability of all features")
    return rest[:2000]
