"""Two engines compared: who is chosen, what counts as equal, which causes hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import images, tables
from concord.features import ibsi
from concord.features.engines.pictologics import Measurements
from concord.features.engines.zrad import engine
from concord.features.engines.zrad.known_differences import Case, known_cause
from concord.features.engines.zrad.names import LACKING, short_name
from concord.features.extraction import chunk, engine_crosscheck
from concord.features.families import IBSI_FAMILIES
from concord.features.preparation.prepared import prepare
from concord.features.recipe.columns import of_study
from concord.features.recipe.resolve import resolve
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.features.settings.regions import RegionSection
from concord.report import page
from concord.report.results import Results
from concord.report.sections import feature_crosscheck

from ... import synthetic_results
from ...listed import digest_of


def recipe(modality="CT", **values):
    given = {"intensity_range": (-150, 250), "bin_width": 10, "min_voxels": 8}
    given |= {"resample_spacing_mm": None}
    if values.get("discretization") == "FBN":
        del given["bin_width"]
    section = RecipeSection(**(given | values))
    return resolve(section, modality)


def noise(shape=(14, 20, 22)):
    return np.random.default_rng(4).normal(50, 30, shape)


def ball(shape=(14, 20, 22), radius=4.5):
    k, j, i = np.indices(shape)
    return (k - 6) ** 2 + 1.2 * (j - 9) ** 2 + 1.5 * (i - 10) ** 2 <= radius**2


def rows_of(image, mask, chosen, spacing_mm=(1.0, 1.0, 1.0)):
    region = prepare(image, mask, spacing_mm, chosen)
    rows = engine_crosscheck.compared(region, chosen)
    return {row["column"]: row for row in rows}


def differing(rows):
    return {
        column: row["cause"]
        for column, row in rows.items()
        if row["verdict"] != "equal"
    }


def case(levels, image=None, spacing_mm=(1.0, 1.0, 1.0)):
    """A case of given levels, all inside the region."""
    levels = np.asarray(levels)
    chosen = recipe(bin_width=1, bin_start=1, intensity_range=None)
    inside = np.ones(levels.shape, bool)
    region = prepare(levels.astype(float), inside, spacing_mm, chosen)
    return Case(region if image is None else replace(region, image=image), chosen)


def test_all_that_both_engines_offer_is_compared():
    rows = rows_of(noise(), ball(), recipe())
    assert len(rows) == len(ibsi.of_families(IBSI_FAMILIES)) - len(LACKING)
    assert not LACKING & {short_name(column) for column in rows}


def test_whole_numbers_on_cubes_differ_in_known_causes_alone():
    found = differing(rows_of(noise(), ball(), recipe()))
    assert None not in found.values()
    assert not any(column.split(".")[1] in engine.TEXTURE for column in found)


def test_normalised_differences_agree_where_the_lowest_levels_are_empty():
    section = recipe(intensity_range=(-500, 300), families=["glcm"])
    region = prepare(noise(), ball(), (1.0, 1.0, 1.0), section)
    assert region.levels[region.mask].min() > 5
    rows = rows_of(noise(), ball(), section)
    assert {row["verdict"] for row in rows.values()} == {"equal"}


@pytest.mark.parametrize(
    ("modality", "settings"),
    [
        ("PT", {"intensity_range": (0, None), "bin_width": 2.5}),
        ("PT", {"intensity_range": (0, 200), "bin_width": 2.5, "ivh_bin_width": 0.1}),
        (
            "MR",
            {
                "normalization": {"method": "zscore"},
                "discretization": "FBN",
                "n_bins": 32,
                "intensity_range": None,
            },
        ),
    ],
)
def test_every_difference_of_decimal_intensities_has_a_cause(modality, settings):
    found = differing(rows_of(noise(), ball(), recipe(modality, **settings)))
    assert found["original.statistics.percentile_10"].startswith("percentiles by near")
    assert None not in found.values()


def test_every_difference_of_flat_voxels_has_a_cause():
    found = differing(rows_of(noise(), ball(), recipe(), (3.0, 0.9, 0.9)))
    assert None not in found.values()


def test_equal_principal_axes_are_a_cause_of_one_missing_value():
    cube = np.zeros((14, 20, 22), bool)
    cube[4:9, 6:11, 7:12] = True
    found = differing(rows_of(noise(), cube, recipe()))
    column = "original.morphology.area_density_approximate_enclosing_ellipsoid"
    assert found[column].startswith("equal principal axes")
    assert known_cause(column, case(np.ones((3, 4, 6))), 1.0, np.nan) == ""
    assert None not in found.values()


def test_a_wrong_value_is_not_explained(monkeypatch):
    wrong = "original.statistics.percentile_10", "original.glcm.contrast"
    true = engine.measure

    def measure(region, chosen):
        found = true(region, chosen)
        spoilt = {column: 1.01 * found.values[column] for column in wrong}
        return Measurements(found.values | spoilt, found.failures)

    monkeypatch.setattr(engine, "measure", measure)
    rows = rows_of(noise(), ball(), recipe())
    unexplained = {c for c, row in rows.items() if row["verdict"] == "unexplained"}
    assert unexplained == set(wrong)
    found = rows["original.glcm.contrast"]
    assert found["relative_difference"] == pytest.approx(0.01 / 1.01)
    assert found["cause"] is None


def test_a_family_that_one_engine_lost_is_explained_by_its_error(monkeypatch):
    true = engine.measure

    def measure(region, chosen):
        found = true(region, chosen)
        lost = {c: np.nan for c in found.values if ".ngtdm." in c}
        return Measurements(found.values | lost, {"ngtdm": "ValueError: no"})

    monkeypatch.setattr(engine, "measure", measure)
    row = rows_of(noise(), ball(), recipe())["original.ngtdm.busyness"]
    assert row["verdict"] == "explained"
    assert row["cause"] == "second engine failed: ValueError: no"
    assert np.isnan(row["relative_difference"])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(2.0, 1.0, 0.5), (-1.0, -2.0, 0.5), (0.0, 1e-13, 0.0), (0.0, 1e-6, 1.0)],
)
def test_differences_are_shares_of_the_larger_value(first, second, expected):
    assert engine_crosscheck.relative_difference(first, second) == expected


def test_two_undefined_values_are_equal_and_one_is_a_difference():
    assert engine_crosscheck.relative_difference(np.nan, np.nan) == 0
    assert np.isnan(engine_crosscheck.relative_difference(np.nan, 1.0))


def test_a_tie_explains_two_modes_and_no_third_bin():
    tied = case([[[1, 1, 2], [2, 3, 5]], [[1, 2, 4], [4, 3, 5]]])
    column = "original.histogram.mode"
    assert "equally frequent bins" in known_cause(column, tied, 2.0, 1.0)
    assert known_cause(column, tied, 2.0, 4.0) == ""
    clear = case([[[1, 1, 1], [1, 3, 5]], [[1, 2, 4], [4, 3, 5]]])
    assert known_cause(column, clear, 2.0, 1.0) == ""


def test_the_peak_sphere_is_a_cause_only_if_a_voxel_lies_between_the_radii():
    column = "original.local_intensity.global_peak"
    pattern = np.random.default_rng(1).integers(1, 5, (3, 3, 3))
    assert known_cause(column, case(pattern), 1.0, 2.0) == ""
    near = case(pattern, spacing_mm=(6.202, 1.0, 1.0))
    assert "radius of the sphere" in known_cause(column, near, 1.0, 2.0)


def test_a_mean_of_zero_is_a_cause_of_a_quotient_by_it():
    column = "original.statistics.coefficient_of_variation"
    pattern = np.random.default_rng(1).integers(1, 5, (4, 4, 4))
    image = pattern - pattern.mean()
    assert "the mean is zero" in known_cause(column, case(pattern, image), 1.0, 2.0)
    assert known_cause(column, case(pattern, image + 1), 1.0, 2.0) == ""


def test_two_tables_of_the_surface_are_a_cause_up_to_one_percent():
    column = "original.morphology.surface_area"
    checkered = np.indices((4, 4, 4)).sum(axis=0) % 2 == 0
    region = case(np.ones((4, 4, 4)), spacing_mm=(3.0, 1.0, 1.0)).region
    odd = Case(replace(region, mask=checkered), recipe())
    whole = Case(region, recipe())
    assert "Lorensen" in known_cause(column, odd, 1.0, 1.001)
    assert known_cause(column, odd, 1.0, 1.1) == ""
    assert known_cause(column, whole, 1.0, 1.001) == ""


def test_every_difference_of_a_thin_shell_is_reproduced_by_the_two_surfaces():
    """Its voxels meet at edges, so that the two tables differ by more than 1 %."""
    k, j, i = np.indices((14, 20, 22))
    distance = np.sqrt((k - 6) ** 2 + (j - 9) ** 2 + (i - 10) ** 2)
    shell = (distance > 4.2) & (distance <= 5.0)
    rows = rows_of(noise(), shell, recipe(families=["morphology"]))
    found = differing(rows)
    volume = rows["original.morphology.volume_mesh"]
    assert volume["relative_difference"] > 0.01
    assert "Lorensen" in found["original.morphology.volume_mesh"]
    assert "Lorensen" in found["original.morphology.asphericity"]
    assert None not in found.values()
    case = Case(prepare(noise(), shell, (1.0,) * 3, recipe()), recipe())
    values = volume["first"], 1.001 * volume["second"]
    assert known_cause("original.morphology.volume_mesh", case, *values) == ""


def test_a_filtered_image_has_the_causes_of_the_original():
    tied = case([[[1, 1, 2], [2, 3, 5]], [[1, 2, 4], [4, 3, 5]]])
    column = "log_2mm.histogram.mode"
    assert "equally frequent bins" in known_cause(column, tied, 2.0, 1.0)


def test_what_has_no_known_cause_has_none():
    pattern = np.random.default_rng(1).integers(1, 5, (4, 4, 4))
    assert known_cause("original.glcm.contrast", case(pattern), 1.0, 2.0) == ""


def study_plans(**recipes):
    sections = {name: RecipeSection(**values) for name, values in recipes.items()}
    return of_study(complete(sections))


PLAIN = {
    "resample_spacing_mm": None,
    "intensity_range": (-150, 250),
    "bin_width": 10,
    "min_voxels": 8,
    "families": ["statistics"],
}


@pytest.fixture
def study(tmp_path):
    """Five subjects of two sites; the mask of one is empty, one has no image."""
    found, segmented = [], []
    for number, (site, name) in enumerate(
        [("A", "a1"), ("A", "a2"), ("B", "b1"), ("B", "b2"), ("B", "b3")]
    ):
        array = np.random.default_rng(number).normal(50, 30, (12, 16, 16))
        image = images.Volume(array, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
        images.write(image, tmp_path / f"{name}.nii.gz")
        key = {"subject_id": name, "site": site, "image": "CT"}
        key |= {"session": "baseline", "digest": images.volume_digest(image)}
        if name != "b1":
            found.append(key | {"path": str(tmp_path / f"{name}.nii.gz")})
        for region, column in (("tumour", 4), ("muscle", 11)):
            mask = np.zeros(array.shape, bool)
            mask[3:8, 4:9, column : column + 5] = name != "a1"
            path = str(tmp_path / f"{name}_{region}.nii.gz")
            images.write(replace(image, array=mask), path)
            for reader, session in [
                ("A", "baseline"),
                ("B", "baseline"),
                ("A", "retest"),
            ]:
                named = {"session": session, "region": region, "reader": reader}
                named |= {"path": path, "digest": digest_of(path)}
                segmented.append(key | named)
    return pd.DataFrame(found), pd.DataFrame(segmented)


def checked(study, plans=None, cases_per_site=9, regions=None):
    rows = engine_crosscheck.cross_check(
        *study,
        plans or study_plans(CT=PLAIN),
        regions or {},
        cases_per_site=cases_per_site,
        session="baseline",
        reader="A",
        seed=3,
    )
    assert {(row["session"], row["reader"]) for row in rows} == {("baseline", "A")}
    assert all(row["second_engine"].startswith("z-rad ") for row in rows)
    return pd.DataFrame(rows)


def of_values(rows):
    return rows[rows["verdict"] != "not_compared"]


def left_out(rows):
    return rows[rows["verdict"] == "not_compared"]


def subjects(study, cases_per_site):
    rows = of_values(checked(study, cases_per_site=cases_per_site))
    return rows["subject_id"].unique().tolist()


def test_the_first_subjects_that_can_be_measured_are_taken_per_site(study):
    first = engine_crosscheck.by_hash(["b2", "b3"])[0]
    assert subjects(study, 1) == ["a2", first]
    assert subjects(study, 9) == ["a2", "b2", "b3"]


def test_a_subject_that_was_passed_over_has_a_row_with_the_reason(study):
    rows = left_out(checked(study))
    reasons = rows.groupby("subject_id")["reason"].first()
    assert set(reasons.index) == {"a1", "b1"}
    assert reasons["a1"].startswith("empty_mask: the mask holds no voxel")
    assert "not in the table of images" in reasons["b1"]
    assert set(rows["n_values"]) == {18}


REFERENCED = {
    "resample_spacing_mm": None,
    "normalization": {
        "method": "zscore",
        "scale_from": "reference",
        "reference_region": "muscle",
    },
    "discretization": "FBN",
    "n_bins": 16,
    "min_voxels": 8,
    "families": ["statistics", "glcm"],
}
FILTERED = PLAIN | {
    "resample_spacing_mm": (1, 1, 1),
    "filters": {
        "log": {"kind": "log", "sigma_mm": [2.0]},
        "wavelet": {"kind": "wavelet", "wavelet": "haar", "subbands": ["LLH"]},
    },
    "response_families": ["statistics", "glcm"],
}
SHELL = {"of": ["tumour"], "kind": "shell", "outer_mm": 2.0}


@pytest.mark.parametrize(
    ("recipes", "sources"),
    [
        ({"CT": REFERENCED}, {"original"}),
        (
            {"CT": FILTERED},
            {"original", "log-sigma-2mm", "wavelet-LLH"},
        ),
        (
            {
                "CT": PLAIN,
                "CT_noise": {"like": "CT", "control": "noise", "noise_sd": 20.0},
                "CT_coarse": {"like": "CT", "resample_spacing_mm": (2, 2, 2)},
            },
            {"original"},
        ),
    ],
)
def test_what_is_compared_are_the_values_of_the_study_to_the_last_bit(
    study, recipes, sources, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    regions = {"rim": RegionSection(**SHELL)}
    plans = study_plans(**recipes)
    rows = of_values(checked(study, plans, regions=regions))
    assert set(rows["region"]) == {"tumour", "muscle", "rim"}
    assert set(rows["source"]) == sources
    assert set(rows["recipe"]) == set(recipes)

    matrix = chunk.extract(*study, plans, "code", regions, seed=3).matrix()
    matrix = matrix[(matrix["session"] == "baseline") & (matrix["reader"] == "A")]
    features = matrix.set_index(["subject_id", "region"])
    keys = rows[["subject_id", "region", "column"]].itertuples(index=False)
    expected = [features.loc[(subject, region), c] for subject, region, c in keys]
    np.testing.assert_array_equal(rows["first"], expected)
    assert set(rows["verdict"]) <= {"equal", "explained"}


def test_every_value_of_the_study_is_compared_or_has_a_reason(study):
    families = ["morphology", "local_intensity", "statistics", "ivh", "glcm", "ngtdm"]
    plans = study_plans(
        CT=FILTERED | {"families": families, "min_voxels_of": {"ngtdm": 1000}},
        CT_slices={
            "like": "CT",
            "families": ["statistics", "glcm", "glrlm"],
            "aggregation": "2.5D merged",
            "filters": {},
        },
        CT_strict={"like": "CT", "min_voxels": 10_000, "filters": {}},
    )
    rows = checked(study, plans)
    for _, part in rows.groupby(["subject_id", "region"]):
        for plan in plans:
            counted = part.loc[part["recipe"] == plan.name, "n_values"].sum()
            assert counted == len(plan.names())
    known = left_out(rows[rows["subject_id"] == "a2"])
    of_recipe = {name: set(part["reason"]) for name, part in known.groupby("recipe")}
    assert of_recipe["CT"] == {
        "the second engine does not compute it",
        "ngtdm: 125 voxels in the intensity mask, ngtdm needs at least 1000 "
        "(min_voxels_of)",
    }
    assert of_recipe["CT_slices"] == {
        f"{family}: texture 2.5D merged, which the second engine alone computes"
        for family in ("glcm", "glrlm")
    }
    (strict,) = of_recipe["CT_strict"]
    assert strict.startswith("too_small: 125 voxels after resampling")
    named = of_values(rows[rows["recipe"] == "CT_slices"])["column"]
    assert named.str.startswith("original@CT_slices.statistics.").all()


def test_a_recipe_for_other_regions_is_no_case(study):
    plans = study_plans(CT=PLAIN, CT_wide=PLAIN | {"modality": "CT", "regions": ["x"]})
    assert set(checked(study, plans)["recipe"]) == {"CT"}


def test_texture_of_one_bin_is_not_compared(study):
    wide = PLAIN | {"bin_width": 10_000, "families": ["statistics", "glcm"]}
    rows = checked(study, study_plans(CT=wide))
    reasons = left_out(rows[rows["subject_id"] == "a2"])
    assert reasons["reason"].str.startswith("glcm: all voxels are in one bin").all()
    assert reasons["n_values"].tolist() == [25, 25]


def test_the_order_of_subjects_depends_on_their_ids_alone():
    names = [f"p{number}" for number in range(50)]
    order = engine_crosscheck.by_hash(names)
    assert order == engine_crosscheck.by_hash(names[::-1])
    assert order != sorted(names)
    assert [name for name in order if name != "p7"] == engine_crosscheck.by_hash(
        [name for name in names if name != "p7"]
    )


def make_rows(verdicts):
    row = {
        "subject_id": "p1",
        "site": "A",
        "session": "baseline",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
        "second_engine": "z-rad 1.0",
        "recipe": "CT",
        "source": "original",
        "n_values": 1,
        "reason": None,
    }
    causes = {"explained": "rounding"}
    return [
        row
        | {
            "column": f"original.glcm.{name}",
            "first": 1.0,
            "second": 2.0,
            "relative_difference": 0.0 if verdict == "equal" else 0.5,
            "verdict": verdict,
            "cause": causes.get(verdict),
        }
        for name, verdict in verdicts.items()
    ]


VERDICTS = {
    "contrast": "explained",
    "joint_entropy": "unexplained",
    "correlation": "equal",
    "dissimilarity": "equal",
}


def test_the_summary_counts_add_up():
    rows = [*make_rows(VERDICTS), not_compared("too_small", 30)]
    found = engine_crosscheck.summary(rows)
    assert found["n_not_compared"] == 30
    assert found["n_compared"] == 4
    assert (found["n_equal"], found["n_explained"], found["n_unexplained"]) == (2, 1, 1)
    assert (found["n_subjects"], found["n_regions"]) == (1, 1)


def results(tmp_path, rows):
    """Results of a study that holds no other table than this one."""
    tables.write(rows, tmp_path / "rows.tsv", "feature_crosscheck")
    read = tables.read(tmp_path / "rows.tsv", "feature_crosscheck")
    return results_of({"feature_crosscheck": read})


def results_of(known):
    nothing = pd.DataFrame()
    settings = synthetic_results.SETTINGS
    return Results(known, nothing, {}, {}, {}, (), settings)


def blocks(tmp_path, rows):
    return feature_crosscheck.crosscheck_blocks(results(tmp_path, rows))


def warnings(tmp_path, rows):
    return list(feature_crosscheck.crosscheck_warnings(results(tmp_path, rows)))


def test_the_report_says_how_many_agree_and_lists_the_unexplained_first(tmp_path):
    paragraph, listing, link = blocks(tmp_path, make_rows(VERDICTS))
    assert paragraph.paragraphs == (
        "z-rad 1.0, an independent engine, computed the features of 1 region of 1 "
        "subject again from the same prepared voxels: 2 of 4 (50 %) values are equal "
        "within a millionth, 1 differ for a known cause and 1 without one.",
    )
    assert [row[-1] for row in listing.rows] == ["unexplained", "rounding"]
    assert [row[3] for row in listing.rows] == ["5.0e-01", "5.0e-01"]
    assert link.href == "../features/crosscheck.tsv"


def test_the_report_has_no_table_if_all_values_are_equal(tmp_path):
    found = blocks(tmp_path, make_rows({"contrast": "equal"}))
    assert [block.kind for block in found] == ["text", "link"]


def test_the_page_of_a_study_has_the_paragraph(tmp_path):
    inputs = synthetic_results.write_results(tmp_path)
    settings = synthetic_results.SETTINGS
    words = "z-rad 1.0, an independent engine"
    assert words not in page.build(inputs, settings)
    path = str(tmp_path / "crosscheck.tsv")
    tables.write(make_rows(VERDICTS), path, "feature_crosscheck")
    assert words in page.build(inputs | {"feature_crosscheck": path}, settings)


def not_compared(reason, n_values):
    return make_rows({"contrast": "not_compared"})[0] | {
        "column": None,
        "first": np.nan,
        "second": np.nan,
        "relative_difference": np.nan,
        "n_values": n_values,
        "reason": reason,
    }


def test_the_report_lists_what_was_not_compared_by_reason(tmp_path):
    rows = [
        *make_rows(VERDICTS),
        not_compared("too_small", 30),
        not_compared("too_small", 12),
        not_compared("the second engine does not compute it", 1),
    ]
    paragraph, _, listing, _ = blocks(tmp_path, rows)
    assert "2 of 4 (50 %) values are equal" in paragraph.paragraphs[0]
    assert [list(row[1:]) for row in listing.rows] == [
        ["CT", "1", "the second engine does not compute it"],
        ["CT", "42", "too_small"],
    ]


def test_the_report_says_so_if_no_value_could_be_compared(tmp_path):
    paragraph, listing, _ = blocks(tmp_path, [not_compared("too_small", 30)])
    assert "nothing could be compared" in paragraph.paragraphs[0]
    assert listing.rows[0][-1] == "too_small"


def test_the_report_is_silent_if_no_comparison_was_asked_for():
    unasked = results_of({})

    assert feature_crosscheck.crosscheck_blocks(unasked) == []
    assert list(feature_crosscheck.crosscheck_warnings(unasked)) == []


def test_an_empty_comparison_that_was_asked_for_is_said_and_warned_of(tmp_path):
    paragraph, _ = blocks(tmp_path, [])
    assert "but nothing could be compared." in paragraph.paragraphs[0]

    ((title, text),) = warnings(tmp_path, [])
    assert title == "Nothing was compared"
    assert text.endswith("nothing could be compared: no region was measured.")


def test_reasons_for_comparing_nothing_stand_in_the_warning(tmp_path):
    reasons = ["too_small", "too_small", "empty_mask", "no image", "flat", "too_large"]
    rows = [not_compared(reason, 30) for reason in reasons]

    ((_, text),) = warnings(tmp_path, rows)

    assert text.endswith(
        "compared: too_small; empty_mask; no image; 2 further reasons in the section "
        "on features."
    )
    assert warnings(tmp_path, [*rows, *make_rows(VERDICTS)]) == []
