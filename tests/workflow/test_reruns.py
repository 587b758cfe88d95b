"""A changed key runs exactly the rules concerned again; a touched file none."""

import pytest

from concord.figures.catalogue import CATALOGUE
from concord.provenance import SCRIPTS

from ..site_secret import write_secret

FIGURES = {rule for figure in CATALOGUE for rule in figure.rules}
#: Figures of the models of an endpoint, by the kind of the endpoint.
MODELS = {"plot_binary", "plot_survival"}
JUDGE = {"evaluate", "discriminate", "null_tests", "recover_truth", "report"} | MODELS
JUDGE |= {"decide", "added_value"}
#: Frozen models tell how good their arm was found to be, and how they were measured.
FREEZE = {"freeze_model", "describe_model"}
JUDGE |= FREEZE
READERS = {"predict_readers", "prediction_agreement"} | MODELS
FIT = {"fit_arms", "predict_arms", "fit_nulls", "leakage_test"}
#: Causes that compete are judged by the predictions of all arms too.
FIT |= JUDGE | READERS | {"competing_risks", "plot_competing"}
#: So is the course of survival.
FIT |= {"survival_course", "calibrate", "subgroups"}
#: Models of samples, and every analysis at once.
FIT |= {"resample_arms", "instability", "multiverse", "gather_multiverse"}
#: Whether a treatment works by marker is asked of the cohort.
TREATMENT = {"treatment_interaction", "plot_predictive"}
#: What harmonization_diagnostics writes is drawn by these.
AFTER_DIAGNOSTICS = {"plot_features", "plot_harmonization"}
HARMONIZATION = {"site_effect", "harmonization_diagnostics", "plot_harmonization"}
SPLIT = {"split_folds", "cross_check_combat"} | HARMONIZATION | FIT
#: Folds are made of the cohort once no row of features is a copy of another.
FOLDS = {"make_folds", "draw_samples", "check_design"} | SPLIT
COHORT = {"assemble_cohort", "find_giveaways"} | FOLDS | TREATMENT
#: What follows the table of features, and what follows that of the variants.
TABLED = {"feature_table", "stability", "plot_features", "find_giveaways"} | FOLDS
VARIED = {"variant_table", "stability", "plot_features", "split_folds"}
VARIED |= {"cross_check_combat"} | FIT
MAPS = {"map_features", "plot_features"}
CHECKED = {"cross_check_features"} | TABLED
MEASURED = {"extract_features", "extract_aggregated", "measure_variants"} | TABLED
MEASURED |= {"variant_table"}
FEATURES = {"cross_check_features"} | MAPS | MEASURED
#: The recipe of the second engine has a grid of its own and no filters.
FIRST_ENGINE = FEATURES - {"extract_aggregated"}
INGEST = {"convert_image", "convert_mask", "gather_ingest", "segmentation_agreement"}
AGREEMENT = {"plot_readers", "gallery_tiles", "review_list"}
COMPARED = {"segmentation_agreement", "gather_agreement", "recover_truth", "report"}
COMPARED |= AGREEMENT
INGEST |= {"gather_agreement"} | AGREEMENT | FEATURES | COHORT
INGEST |= {"consensus_mask"}
INGEST |= {"protocol", "plot_protocol", "drift", "propose_batches"}

SIMULATION = {"simulate_site", "index_dicom", "draft_sheets"} | INGEST

#: Key -> new value, rules that run again.
TABLE = {
    "report.title": ("Another title", {"report"}),
    "report.authors": (["The maintainers"], {"report"}),
    "report.smallest_cell": (10, {"report"} | FREEZE),
    "figures.font_size_pt": (
        8,
        FIGURES - {"plot_validation"} | {"report", "describe_model"},
    ),
    "study.name": ("Another name", {"report"} | FREEZE),
    "study.algorithms": ([], {"report"} | FREEZE),
    "freeze.intended_use": ("Another use.", {"report"} | FREEZE),
    "freeze.arms": (["clinical"], {"report", "leakage_test"} | FREEZE),
    "freeze.samples": (3, {"report"} | FREEZE),
    "factors.origin": ({"column": "site"}, COHORT),
    "arms.radiomics.label": (
        "Texture",
        MODELS | FREEZE | {"plot_competing", "report"},
    ),
    "agreement.headline": ("voxel", AGREEMENT | {"recover_truth", "report"}),
    "agreement.review.n_cases": (3, {"review_list", "recover_truth", "report"}),
    "agreement.tolerances_mm": ([2.0], COMPARED),
    "agreement.consensus": ("staple", {"consensus_mask"} | COMPARED | FEATURES),
    "agreement.consensus_of": (
        ["A", "AI", "B"],
        {"consensus_mask"} | COMPARED | FEATURES,
    ),
    "ingest.contour_tolerance": (0.2, INGEST - {"convert_image"}),
    "simulation.sites.C.reader_b_format": ("rtstruct", SIMULATION),
    "simulation.sites.A.ct_format": ("classic", SIMULATION),
    "simulation.sites.B.n_incomplete": (0, SIMULATION),
    "simulation.sites.B.n_automatic_failures": (1, SIMULATION),
    "simulation.automatic_bias_mm": (-1.0, SIMULATION),
    "ingest.on_fault": ("stop", INGEST),
    "ingest.on_fault_codes": ({"MISSING_SLICE": "stop"}, INGEST),
    "ingest.waive": ({"HU_RANGE": ["A001"]}, INGEST),
    "ingest.waive.HU_RANGE": (["nobody"], set()),
    # The section simulation says whom headers name.
    "privacy.data": ("public", set()),
    "privacy.subject_ids": ("keyed_hash", {"draft_sheets", "report"}),
    # Only `deidentify` reads it.
    "privacy.reviewed_images": (["CT"], set()),
    "ingest.fill_gaps": ("nearest", INGEST - {"convert_image"}),
    "ingest.absent_is_empty": (["B"], INGEST - {"convert_image"}),
    "ingest.merge_rois": (True, INGEST - {"convert_image"}),
    "ingest.seg_threshold": (0.4, INGEST - {"convert_image"}),
    "ingest.resample_masks": ("nearest", INGEST - {"convert_image"}),
    "ingest.mask_checks.least_voxels": (3, INGEST - {"convert_image"}),
    "ingest.mask_checks.most_components": (3, INGEST - {"convert_image"}),
    "ingest.mask_checks.largest_share_outside": (0.1, INGEST - {"convert_image"}),
    "ingest.mask_checks.plausible_ml": (
        {"tumour": [0.1, 100]},
        INGEST - {"convert_image"},
    ),
    "ingest.mask_checks.refuse": (["TOUCHES_BORDER"], INGEST - {"convert_image"}),
    "ingest.suv": ("lbm", INGEST),
    "ingest.tilt": ("resample", INGEST),
    "ingest.grid_tolerance": (0.1, INGEST),
    # Every cell of the demo names its ROI.
    "ingest.roi_names": ({"tumour": "GTV|tumour"}, set()),
    "ingest.uneven_spacing": ("resample", INGEST),
    "ingest.spacing_tolerance": (0.02, INGEST),
    "ingest.max_voxels": (1_000_000_000, INGEST),
    "protocol.CT.KVP": ([100], {"protocol", "plot_protocol", "report"} | FREEZE),
    "protocol.PT.UptakeMinutes": (
        {"lowest": 60},
        {"protocol", "plot_protocol", "report"} | FREEZE,
    ),
    "recipes.CT.bin_width": (20, FEATURES),
    "recipes.CT.preset": ("ct_oncology", set()),  # all its settings are given
    "recipes.CT.normalization.method": ("percentile", FEATURES),
    "recipes.CT.normalization.bias_field": ("n4", FEATURES),
    "recipes.CT.resample_spacing_mm": ([3.0, 3.0, 3.0], FIRST_ENGINE),
    "recipes.CT.outlier_sd": (3.0, FEATURES),
    "recipes.CT.filters.log.sigma_mm": ([3.0], FIRST_ENGINE | {"prime_engine"}),
    "recipes.CT.response_families": (["statistics"], FEATURES | {"prime_engine"}),
    "recipes.CT.response_bins": (16, FEATURES),
    "recipes.CT.min_voxels_of": ({"glszm": 100}, FEATURES),
    "recipes.CT.max_voxels": (10_000_000, FEATURES),
    "recipes.CT_noise.noise_sd": (20.0, {"extract_features"} | CHECKED),
    "recipes.CT_noise": (
        {"like": "CT", "control": "shuffled"},
        {"extract_features"} | CHECKED,
    ),
    "recipes.CT_noise.regions": (["rim"], {"extract_features"} | CHECKED),
    "recipes.CT_coarse": (
        {"like": "CT", "bin_width": 40.0},
        {"extract_features"} | CHECKED,
    ),
    "recipes.CT_slices.families": (["glrlm"], {"extract_aggregated"} | CHECKED),
    "regions.rim.outer_mm": (3.0, CHECKED | MEASURED),
    "regions.rim.intensity_range": ({"CT": [-100.0, 200.0]}, CHECKED | MEASURED),
    "variants.subjects_per_site": (4, {"measure_variants"} | VARIED),
    "variants.perturbations.noise_scale": (2.0, {"measure_variants"} | VARIED),
    "variants.spacings_mm": ({"CT": [4.0]}, {"measure_variants"} | VARIED),
    "variants.bins": ({"CT": [40.0]}, {"measure_variants"} | VARIED),
    "variants.images": (["CT", "PT"], {"measure_variants"} | VARIED),
    "feature_maps.radius_mm": (5.0, MAPS | {"report"}),
    "feature_maps.step": (2, MAPS | {"report"}),
    "feature_maps.features": (
        {"CT": ["original.statistics.mean"]},
        MAPS | {"report"},
    ),
    "feature_maps.cases_per_site": (2, MAPS | {"report"}),
    "stability.filter_axes": (["reader"], FIT),
    "crosscheck.cases_per_site": (2, {"cross_check_features", "report"}),
    "stability.threshold": (0.9, {"stability", "plot_features"} | FIT),
    "stability.readers": (
        None,
        {"stability", "harmonization_diagnostics"} | FIT | AFTER_DIAGNOSTICS,
    ),
    "harmonization.batch": (
        {"CT": ["site", "KVP"], "PT": ["site"]},
        COHORT,
    ),
    "harmonization.reference": ({"site": "A"}, HARMONIZATION | FIT),
    "harmonization.keep": ([], SPLIT - {"split_folds"}),
    "harmonization.smooth": (["age"], SPLIT - {"split_folds"}),
    "harmonization.spline_knots": (5, SPLIT - {"split_folds"}),
    "harmonization.unseen": ("refuse", FIT),
    "harmonization.adapt_subjects": (7, {"report"}),
    "harmonization.min_batch_size": (
        4,
        (SPLIT - {"split_folds"}) | {"propose_batches"},
    ),
    "harmonization.diagnostic_permutations": (
        19,
        {"site_effect", "plot_harmonization", "recover_truth", "report"},
    ),
    "harmonization.empirical_bayes": (False, SPLIT - {"split_folds"}),
    "harmonization.mean_only": (True, SPLIT - {"split_folds"}),
    "arms.radiomics.harmonizer": ("zscore", HARMONIZATION | FIT),
    "arms.radiomics.unseen": ("adapt", FIT),
    "arms.radiomics.max_missing": (0.2, FIT),
    "arms.radiomics.penalty": (0.5, FIT),
    # Jobs of several arms run; what is known of the other arms, and of the leakage
    # test and the readers, comes from the cache (tests of these rules).
    "arms.clinical.penalty": (0.5, FIT - {"resample_arms", "instability"}),
    "validation.folds": (3, FOLDS - {"draw_samples", "resample_arms", "instability"}),
    "validation.stratify_by": ("outcome", FOLDS - {"draw_samples"}),
    "sheets.cluster_column": ("stage", COHORT),
    "confounding.level": (0.01, {"check_design", "report"}),
    "confounding.too_good": (0.95, {"find_giveaways", "report"}),
    "evaluation.confidence": (
        0.9,
        JUDGE
        | (READERS - {"predict_readers"})
        | TREATMENT
        | {"competing_risks", "plot_competing", "survival_course", "calibrate"}
        | {"subgroups", "instability", "multiverse", "gather_multiverse"},
    ),
    "evaluation.null_permutations": (
        12,
        {"fit_nulls", "subgroups"} | JUDGE,
    ),
    "evaluation.thresholds.sensitivity": (0.8, FIT - {"fit_nulls"}),
    "evaluation.thresholds.probabilities": (
        [0.25],
        {"discriminate", "decide", "added_value", "instability", "subgroups"}
        | {"recover_truth", "report"}
        | FREEZE
        | MODELS,
    ),
    "evaluation.least_specificity": (0.9, {"discriminate", "report"} | MODELS),
    "evaluation.decline_company": (
        {"volume": "all lesions are of one size"},
        FIT - {"resample_arms", "instability", "multiverse", "gather_multiverse"},
    ),
    "covariates.age.label": (
        "Age at diagnosis",
        {"plot_harmonization", "plot_competing", "report"} | MODELS | FREEZE,
    ),
    "endpoints.recurrence.label": (
        "Relapse",
        {"plot_binary", "plot_harmonization", "plot_predictive", "report"} | FREEZE,
    ),
    "endpoints.recurrence.proxies": (["time_days"], {"report"}),
}


#: Keys that move no table which a checklist points to.
UNCHECKED = ("feature_maps.", "harmonization.adapt_subjects")
UNCHECKED += ("harmonization.phantom_table", "endpoints.recurrence.proxies")
UNCHECKED += ("validation.repeats_per_job", "evaluation.subgroups.")


def followed(key: str, rules: set[str]) -> set[str]:
    """Rules with those that follow others: the manifest, and mostly the checklists."""
    points = "report" in rules and not key.startswith(UNCHECKED)
    made = {"manifest"} if rules else set()
    return rules | made | ({"checklists"} if points else set())


TABLE = {key: (value, followed(key, rules)) for key, (value, rules) in TABLE.items()}


def test_a_finished_study_has_nothing_to_be_done(finished_study):
    assert finished_study.planned_rules() == set()


@pytest.fixture(scope="module")
def sandbox(finished_study, tmp_path_factory):
    """A copy of the finished study whose configuration is changed and restored."""
    return finished_study.copy(tmp_path_factory.mktemp("sandbox") / "study")


@pytest.fixture
def changeable(sandbox):
    before = sandbox.config_file.read_text()
    yield sandbox
    sandbox.config_file.write_text(before)


@pytest.mark.parametrize("key", TABLE)
def test_a_changed_key_runs_exactly_these_rules_again(changeable, key):
    value, expected = TABLE[key]
    changeable.change(key, value)

    assert changeable.planned_rules() == expected


def test_the_command_line_plans_the_same(changeable):
    changeable.change("harmonization.keep", [])
    planned = changeable.planned_rules()

    assert planned == changeable.planned_by_command()
    assert planned == TABLE["harmonization.keep"][1]


def test_a_check_by_a_second_engine_is_left_out_if_not_asked_for(study):
    study.change("crosscheck.cases_per_site", 0)

    assert study.planned_rules() == followed("", {"report"})


def test_another_secret_hashes_everything_again(study):
    secret = write_secret(study.folder / "secret").decode()
    study.change("privacy.secret_file", "secret")

    known = INGEST | {"index_dicom", "draft_sheets"}
    assert study.planned_rules() == followed("", known)
    assert not any(secret in path.read_text("latin-1") for path in written(study))


def test_deidentified_files_are_made_on_request_only(finished_study):
    assert finished_study.planned_rules("deidentify") == {
        "deidentify_dicom",
        "gather_deidentified",
        "deidentify",
    }


def written(study):
    return [p for p in (study.folder / ".snakemake").rglob("*") if p.is_file()]


def test_touching_sheets_and_configuration_reruns_nothing(study):
    for path in (study.folder / "config").iterdir():
        path.touch()

    assert study.planned_rules() == set()


def test_touching_every_script_and_module_reruns_nothing(finished_study):
    for path in SCRIPTS.rglob("*.py"):
        path.touch()

    assert finished_study.planned_rules() == set()


def test_a_changed_outcome_reruns_the_cohort_and_what_follows(study):
    sheet = study.folder / "config" / "subjects.tsv"
    header, first, *rest = sheet.read_text().splitlines()
    cells = dict(zip(header.split("\t"), first.split("\t"), strict=True))
    cells["age"] = str(float(cells["age"]) + 1)
    sheet.write_text("\n".join([header, "\t".join(cells.values()), *rest]) + "\n")

    assert study.planned_rules() == followed("", COHORT)


def test_a_phantom_that_teaches_the_batch_effects_reruns_the_harmonized_arms(study):
    phantom = study.folder / "config" / "phantom.tsv"
    phantom.write_text("subject_id\tsite\n")
    study.change("harmonization.phantom_table", "phantom.tsv")
    assert study.planned_rules() == {"report", "manifest"}

    study.change("harmonization.fit_on", "phantom")
    known = FIT | {"split_folds", "cross_check_combat"}
    assert study.planned_rules() == followed("", known)
