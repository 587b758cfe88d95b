"""Another value for every documented key, in a study that has finished."""

import operator
from typing import Any, NamedTuple, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from concord.evaluation.given.settings import GivenColumns
from concord.study.config import StudyConfig
from concord.study.documents import keys


class Change(NamedTuple):
    """Values of dotted keys, in a copy of one of the finished studies."""

    values: dict[str, Any]
    study: str = "demo"  # or "table", "given" or "applied"


#: Names that stand for ``<name>`` in the demo, by what comes before.
NAMES = {
    "simulation.sites": "A",
    "recipes": "CT",
    "recipes.CT.filters": "log",
    "regions": "rim",
    "covariates": "age",
    "endpoints": "recurrence",
    "arms": "radiomics",
    "evaluation.subgroups": "age",
    "protocol": "CT",
    "protocol.CT": "KVP",
}

_GABOR = {"kind": "gabor", "sigma_mm": [4.0], "wavelength_mm": [8.0]}
_GABOR |= {"theta_degrees": [0.0]}
_LOG = {"kind": "log", "sigma_mm": [4.0]}
_LAWS = {"kind": "laws", "kernels": ["L5E5E5"]}
_RIESZ = {"kind": "riesz_log", "sigma_mm": [4.0], "orders": [[1, 0, 0]]}
_MR = {"harmonization.batch": {"MR": ["site", "vendor"]}}
_VOLUME = "CT.tumour.original.morphology.volume"
_N4 = {"bias_field": "n4"}


def _table(**values: Any) -> Change:
    """A change of the section `feature_table`, in the study that has one."""
    return Change({f"feature_table.{k}": v for k, v in values.items()}, "table")


def _given(**values: Any) -> Change:
    """A change of the section `predictions`, in the study that has one."""
    return Change({f"predictions.{k}": v for k, v in values.items()}, "given")


def _applied(**values: Any) -> Change:
    """A change of the section `model`, in the study that has one."""
    return Change({f"model.{k}": v for k, v in values.items()}, "applied")


def _column(key: str) -> Change:
    """Another name of a column of given predictions, in a table that has both."""
    path = {"predictions.path": "{data_root}/copies.tsv"}
    return Change(path | {f"predictions.columns.{key}": f"{key}_2"}, "given")


def _risks() -> Change:
    """Risks at a day in a column of another name, of an outcome with times."""
    endpoint = {"kind": "prognostic", "event": "progressed", "time_days": "days"}
    values = {"endpoints": {"death": endpoint | {"evaluate_at_days": [365]}}}
    values |= {"predictions.path": "{data_root}/risks.tsv"}
    return Change(values | {"predictions.risk_columns": {"risk_365": "y1"}}, "given")


def _filter(**settings: Any) -> Change:
    """A change of a filter of the main recipe of CT."""
    return Change({"recipes.CT.filters.log": settings})


def _model(**model: Any) -> Change:
    """A model of the headline arm of the study of a table, whose outcome is binary."""
    return Change({"arms.radiomics.model": model}, "table")


def _score(**options: Any) -> Change:
    """A published score in place of the model of the headline arm."""
    model = {"kind": "linear_predictor", "weights": {_VOLUME: 0.5}, **options}
    arm = {"arms.radiomics.features": [_VOLUME], "arms.radiomics.model": model}
    return Change(arm, "table")


def _normalized(**settings: Any) -> Change:
    """A change of the normalization of the main recipe of CT."""
    return Change({"recipes.CT.normalization": settings})


def _treated(**values: Any) -> Change:
    """Another value of the treatment of the demo's predictive endpoint."""
    key = "endpoints.recurrence.treatment"
    return Change({f"{key}.{name}": value for name, value in values.items()})


def _asked(**values: Any) -> Change:
    """Another value of what is asked of that treatment."""
    return Change({f"endpoints.recurrence.{k}": v for k, v in values.items()})


def _dates(start: str, end: str) -> Change:
    """Dates in place of the days of an endpoint."""
    values = {"time_days": None, "start_date": start, "end_date": end}
    return Change({f"endpoints.survival.{k}": v for k, v in values.items()})


def _tuned(**options: Any) -> Change:
    """Inner folds for the headline arm, with few penalties."""
    return Change({"arms.radiomics.tuning": {"n_penalties": 3} | options})


def _fused(**settings: Any) -> Change:
    """One more arm, which combines others."""
    return Change({"arms.fused": {"fusion": settings}})


def _split(kind: str, **values: Any) -> Change:
    """A declared split of the study that starts from a table, with other values."""
    column = {"column": "treatment"}
    known = {
        "temporal": column | {"first_evaluated": [2018]},
        "fixed": column | {"development": ["surgery"], "evaluation": ["radiotherapy"]},
    }
    return Change({f"validation.{kind}": known[kind] | values}, "table")


def _sealed(**values: Any) -> Change:
    """Subjects of the study of a table that are kept for one test at the end."""
    return Change({"validation.sealed": values}, "table")


def _prognostic(**options: Any) -> Change:
    """The endpoint with competing causes as one of a single cause."""
    options = {"kind": "prognostic", "causes": {}} | options
    if "horizon_days" in options:  # a binary outcome has no risk by days
        options["evaluate_at_days"] = []
    return Change({f"endpoints.survival.{k}": v for k, v in options.items()})


def _competing(cause: int) -> Change:
    """An endpoint with competing causes, and the one of interest."""
    options = {"kind": "competing", "causes": {1: "relapse", 2: "death"}}
    options["cause"] = cause
    return Change({f"endpoints.survival.{k}": v for k, v in options.items()})


def _unusual(**values: Any) -> Change:
    """One more subject of a simulated site, who is unusual."""
    return Change({"simulation.sites.A.unusual": {"one": values}})


#: Keys that allow one value only.
FIXED = {"crosscheck.engine"}

#: Where no value follows from the type alone.
CHANGES = {
    **{
        f"simulation.sites.<name>.unusual.<name>.{key}": _unusual(**{key: value})
        for key, value in (
            ("heterogeneity_hu", 150.0),
            ("radius_mm", 4.0),
            ("without", "PT"),
        )
    },
    **{
        f"simulation.sites.<name>.unusual.<name>.scanner.{key}": _unusual(
            scanner={key: value}
        )
        for key, value in (
            ("model", "upgraded"),
            ("kvp", 140.0),
            ("gain", 1.5),
            ("offset_hu", 5.0),
            ("noise_hu", 5.0),
            ("blur_mm", 3.0),
            ("noise_suv", 1.0),
            ("pet_blur_mm", 6.0),
        )
    },
    "simulation.readers": Change({"simulation.readers": ["A"]}),
    "simulation.expected_scores": Change(
        {"simulation.expected_scores": "subjects.tsv"}
    ),
    "simulation.sites.<name>.software_change_after": Change(
        {"simulation.sites.A.software_change_after": 5}
    ),
    "study.name": Change({"study.name": "Another name"}),
    "study.baseline_session": Change({"study.baseline_session": "retest"}),
    "study.reference_reader": Change({"study.reference_reader": "B"}),
    "study.algorithms": Change({"study.algorithms": ["A", "AI"]}),
    "study.demonstration": Change({"study.demonstration": "Another sentence."}),
    "data_root": Change({"data_root": "elsewhere"}),
    "linked_roots": Change({"linked_roots": ["elsewhere"]}),
    "sheets.subjects": Change({"sheets.subjects": "subjects_2.tsv"}),
    "sheets.images": Change({"sheets.images": "images_2.tsv"}),
    "sheets.masks": Change({"sheets.masks": "masks_2.tsv"}),
    "sheets.subject_id_column": Change({"sheets.subject_id_column": "subject_id_2"}),
    "sheets.site_column": Change({"sheets.site_column": "site_2"}),
    "sheets.leave_out": Change({"sheets.leave_out": {"A001": "copy of A002"}}),
    "sheets.cluster_column": Change({"sheets.cluster_column": "stage"}),
    "sheets.site": Change({"sheets.site": "Z", "sheets.site_column": None}, "table"),
    "dicom_roots": Change({"dicom_roots": {"A": "A", "B": "B"}}),
    "ingest.absent_is_empty": Change({"ingest.absent_is_empty": ["B"]}),
    "ingest.chunk_size": Change({"ingest.chunk_size": 5}),
    "ingest.mask_checks.plausible_ml": Change(
        {"ingest.mask_checks.plausible_ml": {"tumour": [0.1, 100]}}
    ),
    "ingest.mask_checks.refuse": Change(
        {"ingest.mask_checks.refuse": ["TOUCHES_BORDER"]}
    ),
    "ingest.roi_names": Change({"ingest.roi_names": {"tumour": "GTV|tumour"}}),
    "ingest.on_fault_codes": Change(
        {"ingest.on_fault_codes": {"MISSING_SLICE": "stop"}}
    ),
    "ingest.waive": Change({"ingest.waive": {"HU_RANGE": ["A001"]}}),
    "privacy.reviewed_images": Change({"privacy.reviewed_images": ["CT"]}),
    "privacy.secret_file": Change({"privacy.secret_file": "secret"}),
    "protocol.<name>.<name>.allowed": Change({"protocol.CT.KVP": [100]}),
    "protocol.<name>.<name>.lowest": Change(
        {"protocol.CT.XRayTubeCurrent": {"lowest": 100}}
    ),
    "protocol.<name>.<name>.highest": Change(
        {"protocol.CT.SliceThickness": {"highest": 2.0}}
    ),
    "agreement.tolerances_mm": Change({"agreement.tolerances_mm": [2.0]}),
    "agreement.consensus_of": Change({"agreement.consensus_of": ["A", "AI", "B"]}),
    "agreement.review.readers": Change({"agreement.review.readers": ["B"]}),
    "agreement.review.against": Change({"agreement.review.against": "B"}),
    "recipes.<name>.preset": Change(
        {"recipes.PT": {"preset": "ibsi_patients_pet", "min_voxels": 27}}
    ),
    "recipes.<name>.like": Change(
        {"recipes.CT_noise": {"like": "CT", "control": "shuffled"}}
    ),
    "recipes.<name>.modality": Change(
        {"recipes.CT_coarse": {"like": "CT", "modality": "CT", "bin_width": 40.0}}
    ),
    "recipes.<name>.image": Change(
        {"recipes.CT_coarse": {"like": "CT", "image": "CT", "bin_width": 40.0}}
    ),
    "recipes.<name>.regions": Change({"recipes.CT_noise.regions": ["rim"]}),
    "recipes.<name>.normalization.bias_field": _normalized(**_N4),
    "recipes.<name>.normalization.method": _normalized(method="zscore"),
    "recipes.<name>.normalization.scale_from": _normalized(
        method="zscore", scale_from="foreground"
    ),
    "recipes.<name>.normalization.reference_region": _normalized(
        method="zscore", scale_from="reference", reference_region="tumour"
    ),
    "recipes.<name>.normalization.percentiles": _normalized(
        method="percentile", percentiles=[2.0, 98.0]
    ),
    "recipes.<name>.normalization.n4_shrink_factor": _normalized(
        **_N4, n4_shrink_factor=2
    ),
    "recipes.<name>.normalization.n4_iterations": _normalized(**_N4, n4_iterations=[9]),
    "recipes.<name>.normalization.n4_convergence": _normalized(
        **_N4, n4_convergence=0.01
    ),
    "recipes.<name>.resample_spacing_mm": Change(
        {"recipes.CT.resample_spacing_mm": [3.0, 3.0, 3.0]}
    ),
    "recipes.<name>.round_intensities": Change({"recipes.CT.round_intensities": False}),
    "recipes.<name>.intensity_range": Change(
        {"recipes.CT.intensity_range": [-100.0, 200.0]}
    ),
    "recipes.<name>.outlier_sd": Change({"recipes.CT.outlier_sd": 3.0}),
    "recipes.<name>.discretization": Change(
        {
            "recipes.CT.discretization": "FBN",
            "recipes.CT.n_bins": 32,
            "recipes.CT.bin_width": None,
            "variants.bins": {},
        }
    ),
    "recipes.<name>.bin_width": Change({"recipes.CT.bin_width": 20.0}),
    "recipes.<name>.bin_start": Change({"recipes.CT.bin_start": -200.0}),
    "recipes.<name>.n_bins": Change(
        {
            "recipes.PT": {
                "resample_spacing_mm": [4.0, 4.0, 4.0],
                "discretization": "FBN",
                "n_bins": 64,
                "min_voxels": 27,
            }
        }
    ),
    "recipes.<name>.ivh_bin_width": Change({"recipes.CT.ivh_bin_width": 2.5}),
    "recipes.<name>.ivh_n_bins": Change({"recipes.CT.ivh_n_bins": 500}),
    "recipes.<name>.families": Change({"recipes.CT_slices.families": ["glrlm"]}),
    "recipes.<name>.aggregation": Change(
        {"recipes.CT_slices.aggregation": "2D averaged"}
    ),
    "recipes.<name>.filters.<name>.kind": _filter(kind="mean", support_voxels=[3]),
    "recipes.<name>.filters.<name>.support_voxels": _filter(
        kind="mean", support_voxels=[5]
    ),
    "recipes.<name>.filters.<name>.boundary": _filter(**_LOG, boundary="nearest"),
    "recipes.<name>.filters.<name>.sigma_mm": _filter(kind="log", sigma_mm=[3.0]),
    "recipes.<name>.filters.<name>.truncate": _filter(**_LOG, truncate=3.0),
    "recipes.<name>.filters.<name>.kernels": _filter(**_LAWS),
    "recipes.<name>.filters.<name>.energy_distance_voxels": _filter(
        **_LAWS, energy_distance_voxels=7
    ),
    "recipes.<name>.filters.<name>.wavelength_mm": _filter(
        **_GABOR | {"wavelength_mm": [6.0]}
    ),
    "recipes.<name>.filters.<name>.aspect_ratio": _filter(**_GABOR, aspect_ratio=1.5),
    "recipes.<name>.filters.<name>.theta_degrees": _filter(**_GABOR),
    "recipes.<name>.filters.<name>.theta_step_degrees": _filter(
        kind="gabor",
        sigma_mm=[4.0],
        wavelength_mm=[8.0],
        rotation_invariant=True,
        theta_step_degrees=90.0,
    ),
    "recipes.<name>.filters.<name>.planes": _filter(**_GABOR, planes="axial"),
    "recipes.<name>.filters.<name>.wavelet": Change(
        {"recipes.CT.filters.wavelet.wavelet": "haar"}
    ),
    "recipes.<name>.filters.<name>.subbands": Change(
        {"recipes.CT.filters.wavelet.subbands": ["LLL"]}
    ),
    "recipes.<name>.filters.<name>.levels": Change(
        {"recipes.CT.filters.wavelet.levels": [2]}
    ),
    "recipes.<name>.filters.<name>.orders": _filter(**_RIESZ),
    "recipes.<name>.filters.<name>.rotation_invariant": Change(
        {"recipes.CT.filters.wavelet.rotation_invariant": True}
    ),
    "recipes.<name>.filters.<name>.pooling": Change(
        {
            "recipes.CT.filters.wavelet.rotation_invariant": True,
            "recipes.CT.filters.wavelet.pooling": "max",
        }
    ),
    "recipes.<name>.response_families": Change(
        {"recipes.CT.response_families": ["statistics"]}
    ),
    "recipes.<name>.control": Change(
        {
            "recipes.CT_noise.control": "shuffled",
            "recipes.CT_noise.noise_mean": None,
            "recipes.CT_noise.noise_sd": None,
        }
    ),
    "recipes.<name>.noise_mean": Change({"recipes.CT_noise.noise_mean": 30.0}),
    "recipes.<name>.noise_sd": Change({"recipes.CT_noise.noise_sd": 20.0}),
    "recipes.<name>.min_voxels_of": Change(
        {"recipes.CT.min_voxels_of": {"glszm": 100}}
    ),
    "recipes.<name>.autocorrelation_max_voxels": Change(
        {"recipes.CT.autocorrelation_max_voxels": 1000}
    ),
    "regions.<name>.of": Change({"regions.rim.of": ["tumour", "tumour"]}),
    "regions.<name>.kind": Change({"regions.rim.kind": "grown"}),
    "regions.<name>.inner_mm": Change({"regions.rim.inner_mm": 1.0}),
    "regions.<name>.outer_mm": Change({"regions.rim.outer_mm": 3.0}),
    "regions.<name>.intensity_range": Change(
        {"regions.rim.intensity_range": {"CT": [-100.0, 200.0]}}
    ),
    "regions.<name>.exclude": Change({"regions.rim.exclude": ["tumour"]}),
    "stability.retest_sessions": Change({"stability.retest_sessions": ["again"]}),
    "stability.filter_axes": Change({"stability.filter_axes": ["reader"]}),
    "stability.readers": Change({"stability.readers": None}),
    "variants.subjects_per_site": Change({"variants.subjects_per_site": 4}),
    "variants.images": Change({"variants.images": ["CT", "PT"]}),
    "variants.perturbations.rotations_degrees": Change(
        {"variants.perturbations.rotations_degrees": [5.0]}
    ),
    "variants.perturbations.translations_voxels": Change(
        {"variants.perturbations.translations_voxels": [0.25]}
    ),
    "variants.perturbations.volume_fractions": Change(
        {"variants.perturbations.volume_fractions": [0.2]}
    ),
    "variants.spacings_mm": Change({"variants.spacings_mm": {"CT": [4.0]}}),
    "variants.bins": Change({"variants.bins": {"CT": [40.0]}}),
    "feature_maps.features": Change(
        {"feature_maps.features": {"CT": ["original.statistics.mean"]}}
    ),
    "harmonization.batch": Change(
        {"harmonization.batch": {"CT": ["site", "KVP"], "PT": ["site"]}}
    ),
    "harmonization.reference": Change({"harmonization.reference": {"site": "A"}}),
    "harmonization.keep": Change({"harmonization.keep": []}),
    "harmonization.smooth": Change({"harmonization.smooth": ["age"]}),
    "harmonization.fit_on": Change(
        {
            "harmonization.fit_on": "phantom",
            "harmonization.phantom_table": "phantom.tsv",
        }
    ),
    "harmonization.phantom_table": Change(
        {"harmonization.phantom_table": "phantom.tsv"}
    ),
    "covariates.<name>.column": Change({"covariates.age.column": "age_2"}),
    "covariates.<name>.kind": Change(
        {
            "covariates.stage": {"column": "stage"},
            "evaluation.subgroups.stage.bands": [2.0],
        }
    ),
    "covariates.<name>.levels": Change({"covariates.stage.levels": ["III", "II", "I"]}),
    "covariates.<name>.label": Change({"covariates.age.label": "Age at diagnosis"}),
    "covariates.<name>.unit": Change({"covariates.age.unit": "a"}),
    "factors.<name>.column": Change({"factors.origin": {"column": "site"}}),
    "factors.<name>.label": Change({"factors.treatment.label": "Therapy"}, "table"),
    "endpoints.<name>.label": Change({"endpoints.recurrence.label": "Relapse"}),
    "endpoints.<name>.kind": _prognostic(),
    "endpoints.<name>.event": Change({"endpoints.recurrence.event": "recurrence_2"}),
    "endpoints.<name>.time_days": Change(
        {"endpoints.survival.time_days": "time_days_2"}
    ),
    "endpoints.<name>.treatment.column": _treated(column="treatment_2"),
    "endpoints.<name>.treatment.control": _treated(control="none"),
    "endpoints.<name>.treatment.treated": _treated(treated="operation"),
    "endpoints.<name>.treatment.randomized": _treated(randomized=False),
    "endpoints.<name>.treatment.label": _treated(label="Surgery"),
    "endpoints.<name>.markers": _asked(markers=["comorbidity"]),
    "endpoints.<name>.marker_arms": _asked(marker_arms=["radiomics"]),
    "endpoints.<name>.adjust": _asked(adjust=["age"]),
    "endpoints.<name>.marker_scale": _asked(marker_scale="ranks"),
    "endpoints.<name>.ties": Change({"endpoints.survival.ties": "breslow"}),
    "endpoints.<name>.start_date": _dates("time_days", "time_days_2"),
    "endpoints.<name>.end_date": _dates("time_days_2", "time_days"),
    "endpoints.<name>.strata": Change({"endpoints.survival.strata": ["stage"]}),
    "endpoints.<name>.horizon_days": _prognostic(horizon_days=365.0),
    "endpoints.<name>.censored_before": _prognostic(
        horizon_days=365.0, censored_before="weight"
    ),
    "endpoints.<name>.evaluate_at_days": Change(
        {"endpoints.survival.evaluate_at_days": [400.0]}
    ),
    "endpoints.<name>.causes": _competing(1),
    "endpoints.<name>.cause": _competing(2),
    "endpoints.<name>.proxies": Change({"endpoints.recurrence.proxies": ["time_days"]}),
    "arms.<name>.label": Change({"arms.radiomics.label": "Texture"}),
    "arms.<name>.covariates": Change({"arms.radiomics.covariates": ["age"]}),
    "arms.<name>.features": Change(
        {"arms.radiomics.features": ["CT.tumour.original.*"]}
    ),
    "arms.<name>.model.kind": _model(kind="forest"),
    "arms.<name>.model.trees": _model(kind="forest", trees=9),
    "arms.<name>.model.min_leaf": _model(kind="forest", min_leaf=9),
    "arms.<name>.model.max_depth": _model(kind="forest", max_depth=2),
    "arms.<name>.model.learning_rate": _model(kind="boosting", learning_rate=0.5),
    "arms.<name>.model.firth": _model(kind="unpenalized", firth=True),
    "arms.<name>.model.weights": _score(),
    "arms.<name>.model.intercept": _score(intercept=-1.0),
    "arms.<name>.model.means": _score(means={_VOLUME: 1.0}),
    "arms.<name>.tuning.n_penalties": _tuned(),
    "arms.<name>.tuning.lowest_penalty": _tuned(lowest_penalty=0.1),
    "arms.<name>.tuning.l1_share": _tuned(l1_share=[0.5, 1.0]),
    "arms.<name>.tuning.max_features": _tuned(max_features=[2, 5]),
    "arms.<name>.tuning.harmonizer": _tuned(harmonizer=["none", "combat"]),
    "arms.<name>.tuning.transform": _tuned(transform=["none", "log"]),
    "arms.<name>.tuning.folds": _tuned(folds=3),
    "arms.<name>.tuning.rule": _tuned(rule="best"),
    "arms.<name>.fusion.of": _fused(of=["clinical", "radiomics"]),
    "arms.<name>.fusion.rule": _fused(of=["clinical", "site"], rule="stacking"),
    "arms.<name>.fusion.inner_folds": _fused(of=["clinical", "site"], inner_folds=3),
    "validation.stratify_by": Change({"validation.stratify_by": "outcome"}),
    "validation.temporal.column": _split("temporal", column="age"),
    "validation.temporal.first_evaluated": _split("temporal", first_evaluated=[2019]),
    "validation.fixed.column": _split("fixed", column="age"),
    "validation.fixed.development": _split("fixed", development=["surgery", "none"]),
    "validation.fixed.evaluation": _split("fixed", evaluation=["none"]),
    "validation.sealed.group": _sealed(group="West"),
    "validation.sealed.column": _sealed(column="treatment", values="surgery"),
    "validation.sealed.values": _sealed(column="scanner", values=["unit 1"]),
    "validation.sealed.share": _sealed(share=0.3),
    "validation.sealed.reason": _sealed(group="North", reason="Outcomes corrected."),
    "validation.bootstrap": Change({"validation.bootstrap": 20}),
    "validation.samples_per_job": Change(
        {"validation.bootstrap": 20, "validation.samples_per_job": 10}
    ),
    "validation.arms_per_job": Change({"validation.arms_per_job": 1}),
    "validation.leave_one_group_out": Change(
        {"validation.leave_one_group_out": False, "freeze.without": []}
    ),
    "validation.group": Change({"validation.group": "CT.KVP"}),
    "evaluation.headline_arm": Change(
        {"evaluation.headline_arm": "unharmonized", "multiverse": None}
    ),
    "evaluation.reference_arm": Change({"evaluation.reference_arm": "site"}),
    "evaluation.risk_groups": Change({"evaluation.risk_groups": "tertiles"}),
    "evaluation.anticipated_discrimination": Change(
        {"evaluation.anticipated_discrimination": 0.7}
    ),
    "evaluation.risk_at_days": Change({"evaluation.risk_at_days": 365.0}),
    "evaluation.concordance_until_days": Change(
        {"evaluation.concordance_until_days": 500.0}
    ),
    "evaluation.thresholds.sensitivity": Change(
        {"evaluation.thresholds.sensitivity": 0.8}
    ),
    "evaluation.thresholds.specificity": Change(
        {"evaluation.thresholds.specificity": 0.8}
    ),
    "evaluation.thresholds.probabilities": Change(
        {"evaluation.thresholds.probabilities": [0.25]}
    ),
    "evaluation.instability.samples": Change({"evaluation.instability.samples": 22}),
    "evaluation.instability.arms": Change(
        {"evaluation.instability.arms": ["clinical"]}
    ),
    "evaluation.subgroups.<name>.of": Change({"evaluation.subgroups.site.of": "group"}),
    "evaluation.subgroups.<name>.bands": Change(
        {"evaluation.subgroups.age.bands": [55.0]}
    ),
    "evaluation.subgroups.<name>.label": Change(
        {"evaluation.subgroups.age.label": "Years"}
    ),
    "evaluation.decline_company": Change(
        {"evaluation.decline_company": {"volume": "all lesions are of one size"}}
    ),
    "freeze.arms": Change({"freeze.arms": ["clinical"]}),
    "freeze.without": Change({"freeze.without": ["B"]}),
    "freeze.samples": Change({"freeze.samples": 3}),
    "freeze.intended_use": Change({"freeze.intended_use": "Another use."}),
    "report.title": Change({"report.title": "Another title"}),
    "multiverse": Change({"multiverse": None}),
    "multiverse.alternatives": Change(
        {"multiverse.alternatives": {"arms.radiomics.max_features": [3]}}
    ),
    "multiverse.scheme": Change({"multiverse.scheme": "loso"}),
    "report.authors": Change({"report.authors": ["The maintainers"]}),
    "report.data_licence": Change({"report.data_licence": "CC BY 4.0"}),
    "report.smallest_cell": Change({"report.smallest_cell": 10}),
    "arms.<name>.unseen": Change({"arms.radiomics.unseen": "adapt"}),
    "feature_table.image": Change({"feature_table.image": "MR", **_MR}, "table"),
    "images.<name>.modality": Change({"images.CT.modality": "CT"}),
    "images.<name>.unit": Change(
        {"feature_table.image": "MR", **_MR, "images.MR.unit": "ms"}, "table"
    ),
    "feature_table.path": _table(path="{data_root}/features_2.csv"),
    "feature_table.subject_id_column": _table(subject_id_column="vendor"),
    "feature_table.unnamed_subjects": Change(
        {
            "feature_table.unnamed_subjects": "number",
            "feature_table.path": "{data_root}/both.csv",
            "sheets.subjects": "{data_root}/both.csv",
        },
        "table",
    ),
    "feature_table.name_style": _table(name_style="as_given"),
    "feature_table.session_column": _table(session_column="vendor"),
    "feature_table.reader_column": _table(reader_column="vendor"),
    "feature_table.image_column": _table(image=None, image_column="vendor"),
    "feature_table.region": _table(region="lesion"),
    "feature_table.region_column": _table(region=None, region_column="vendor"),
    "feature_table.features": _table(features=["original_*"]),
    "feature_table.exclude": _table(exclude=["log-*"]),
    "feature_table.names": _table(names={"original_shape_Volume": "original.own.v"}),
    "feature_table.missing": _table(missing=["?"]),
    "feature_table.batch_columns": _table(batch_columns=["vendor"]),
    "feature_table.software": _table(software="pyradiomics 3.0.0"),
    "feature_table.provenance": _table(provenance="By hand."),
    "model.path": _applied(path="copy.json"),
    "model.compare_with": _applied(compare_with={"again": "copy.json"}),
    "model.accept_flags": _applied(accept_flags=["out_of_range"]),
    "model.refuse_flags": _applied(refuse_flags=["reader_kind"]),
    "model.range_margin": _applied(range_margin=0.5),
    "model.engine_versions": _applied(engine_versions="any"),
    "model.updates": _applied(updates=False),
    "model.smallest_update.subjects": _applied(smallest_update={"subjects": 20}),
    "model.smallest_update.events": _applied(smallest_update={"events": 5}),
    "predictions.path": _given(path="{data_root}/copies.tsv"),
    "predictions.models": _given(models={"forest": "Trees", "logistic": "Logit"}),
    "predictions.missing": _given(missing=["?"]),
    "predictions.software": _given(software="scikit-learn 1.9"),
    "predictions.provenance": _given(provenance="By hand."),
    "predictions.risk_columns": _risks(),
    **{f"predictions.columns.{key}": _column(key) for key in GivenColumns.model_fields},
}

_LIMITS: dict[type, tuple[str, Any]] = {
    Ge: ("ge", operator.ge),
    Gt: ("gt", operator.gt),
    Le: ("le", operator.le),
    Lt: ("lt", operator.lt),
}


def changes(demo: StudyConfig) -> dict[str, Change]:
    """A change of every documented key; values differ from those of the demo."""
    return {
        key: CHANGES.get(key) or _changed(key, field, demo)
        for key, field in keys(StudyConfig)
        if key not in FIXED
    }


def _changed(key: str, field: FieldInfo, demo: StudyConfig) -> Change:
    """Another value of a key that the demo has, as its type and limits allow."""
    place = ""
    value: Any = demo
    for part in key.split("."):
        name = NAMES[place] if part == "<name>" else part
        value = value[name] if isinstance(value, dict) else getattr(value, name)
        place = f"{place}.{name}" if place else name
    return Change({place: _another(field, value)})


def _another(field: FieldInfo, value: Any) -> Any:
    """A valid value other than the present one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        candidates = [value + 1, value - 1, value * 0.9, value * 1.1]
    else:
        options = [o for o in get_args(field.annotation) if isinstance(o, str)]
        candidates = [option for option in options if option != value]
    for candidate in candidates:
        if all(_allows(limit, candidate) for limit in field.metadata):
            return candidate
    raise LookupError(f"no other value than {value!r} follows from {field}")


def _allows(limit: Any, value: float) -> bool:
    """Whether a limit of a field allows a value; other metadata allow all."""
    name, holds = _LIMITS.get(type(limit), ("", None))
    return holds is None or holds(value, getattr(limit, name))
