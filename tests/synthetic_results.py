"""Small synthetic result tables of a whole study, for the figures and the report."""

import functools
import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from concord import files, tables
from concord.agreement import gallery, review
from concord.agreement.settings import AgreementSection, ReviewSection
from concord.evaluation import bootstrap, null_tests, reader_agreement, risk_groups
from concord.evaluation import missing_values as counted
from concord.evaluation.added_value.added_value import added_value as added_values
from concord.evaluation.added_value.subject_risks import subject_risks
from concord.evaluation.calibration import Calibrations
from concord.evaluation.course.group_survival import group_survival
from concord.evaluation.course.hazards import (
    proportional_hazards,
    time_dependent_effect,
)
from concord.evaluation.course.log_rank_tests import log_rank_tests
from concord.evaluation.course.sets import evaluation_sets
from concord.evaluation.course.settings import SurvivalCourse
from concord.evaluation.discrimination.operating_points import operating_points
from concord.evaluation.discrimination.over_time import over_time
from concord.evaluation.discrimination.tables import Judge
from concord.evaluation.discrimination.tables import discrimination as detailed
from concord.evaluation.guards import event_counts as events
from concord.evaluation.guards import sample_size as needed
from concord.evaluation.instability.instability import instability
from concord.evaluation.multiverse.gathering import Gathered
from concord.evaluation.multiverse.settings import Declared, GatherMultiverse
from concord.evaluation.pooled_groups import pooled_groups
from concord.evaluation.settings import EvaluationSection
from concord.evaluation.subgroups.judged import judged
from concord.evaluation.subgroups.settings import (
    SmallestSubgroup,
    Subgroups,
    Variable,
)
from concord.evaluation.utility.clinical_impact import clinical_impact as impact
from concord.evaluation.utility.decision_curves import decision_curves
from concord.evaluation.utility.risk_rows import risk_rows
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.figures.settings import FigureStyle, PlotEndpoint, PlotValidation
from concord.folds import cohort as cohorts
from concord.folds.settings import CovariateSection, EndpointSection
from concord.folds.validation import ValidationSection
from concord.harmonization.confounding_settings import ConfoundingSection
from concord.harmonization.diagnostics.batch_tests import rejections
from concord.harmonization.settings import HarmonizationSection
from concord.images import Volume
from concord.ingest.acquisition import batches as proposal
from concord.ingest.acquisition import protocol as conformance
from concord.ingest.acquisition.settings import ProtocolItem
from concord.models.settings.arm import ArmSection
from concord.report.settings import (
    Report,
    ReportedStudy,
    ReportSection,
)
from concord.stability.settings import StabilitySection
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.tables.kinds import KINDS

from . import synthetic_probabilities

FEATURES = (
    "original.morphology.volume_mesh",
    "original.morphology.sphericity",
    "original.statistics.mean",
    "original.statistics.variance",
    "original.histogram.entropy",
    "original.glcm.joint_entropy",
    "original.glcm.contrast",
    "original.glcm.correlation",
    "original.glrlm.run_entropy",
    "original.glszm.zone_entropy",
    "original.ngtdm.coarseness",
    "original.ngtdm.busyness",
)
SITES = ("A", "B", "C")
ENDPOINTS = {
    "metastasis": EndpointSection(
        label="Lung metastasis", kind="binary", event="metastasis"
    ),
    "survival": EndpointSection(
        label="Overall survival", kind="survival", event="died", time_days="days"
    ),
}
COVARIATES = {
    "age": CovariateSection(column="age", label="Age", unit="years"),
    "sex": CovariateSection(
        column="sex", kind="category", levels=["female", "male"], label="Sex"
    ),
}


def _arm(label: str, **changes) -> ArmSection:
    """An arm of both covariates and all CT features."""
    usual = {"covariates": ["age", "sex"], "features": ["CT.*"]}
    return ArmSection(label=label, **(usual | changes))


ARMS = {
    "clinical": _arm("Clinical", features=[]),
    "texture": _arm("Clinical + CT texture", harmonizer="combat"),
    "texture_raw": _arm("Clinical + CT texture, not harmonized"),
    "site_only": _arm("Site only", covariates=[], features=[], group_indicator=True),
    "volume": _arm("Volume", features=["CT.tumour.original.morphology.volume_mesh"]),
}
QUALITY = {
    "clinical": 0.4,
    "texture": 0.9,
    "texture_raw": 0.8,
    "site_only": 0.3,
    "volume": 0.35,
}
REVIEW = ReviewSection(readers=["AI"], against="A", n_cases=5)
STYLE = FigureStyle()
EVALUATION = EvaluationSection(
    headline_arm="texture", reference_arm="clinical", null_permutations=120
)
RECIPES = complete(
    {
        "CT": RecipeSection(
            resample_spacing_mm=(2, 2, 2),
            intensity_range=(-150, 250),
            bin_width=25,
            bin_start=-150,
            families=["morphology", "statistics", "glcm"],
        )
    }
)
SETTINGS = Report(
    study=ReportedStudy(
        name="Synthetic study",
        seed=1,
        baseline_session="baseline",
        reference_reader="A",
        demonstration="Simulated images; no patient was involved.",
    ),
    report=ReportSection(
        title="CT texture in three hospitals", authors=["The study team"]
    ),
    endpoints=ENDPOINTS,
    covariates=COVARIATES,
    factors={},
    arms=ARMS,
    validation=ValidationSection(folds=3, repeats=2),
    evaluation=EVALUATION,
    recipes=RECIPES,
    regions={},
    variants=None,
    harmonization=HarmonizationSection(batch={"CT": ["site"]}, keep=["age"]),
    confounding=ConfoundingSection(),
    agreement=AgreementSection(review=REVIEW),
    stability=StabilitySection(),
    keyed=False,
    data="simulated",
)


def plot_validation(**changes) -> PlotValidation:
    """Settings of the figure of groups left out."""
    return PlotValidation(
        **{
            "style": STYLE,
            "headline_arm": EVALUATION.headline_arm,
            "confidence": EVALUATION.confidence,
            "arms": {name: arm.label for name, arm in ARMS.items()},
            "endpoints": {name: one.label for name, one in ENDPOINTS.items()},
            **changes,
        }
    )


def plot_endpoint(endpoint: str = "metastasis", **changes) -> PlotEndpoint:
    """Settings of the figures of an endpoint."""
    return PlotEndpoint(
        **{
            "style": STYLE,
            "headline_arm": EVALUATION.headline_arm,
            "reference_arm": EVALUATION.reference_arm,
            "confidence": EVALUATION.confidence,
            "arms": {name: arm.label for name, arm in ARMS.items()},
            "label": ENDPOINTS[endpoint].label,
            "subgroups": {"age": "Age", "sex": "Sex", "site": "Site"},
            **changes,
        }
    )


def subjects(n_per_site: int = 20) -> pd.DataFrame:
    """Subjects with covariates, outcomes and planted truth."""
    random = np.random.default_rng(7)
    rows = []
    for number, site in enumerate(SITES):
        for index in range(n_per_site):
            texture = random.uniform(5, 40)
            hazard = 0.06 * (texture - 22) + 0.5 * (number - 1)
            days = random.exponential(700 * np.exp(-hazard))
            rows.append(
                {
                    "subject_id": f"{site}-{index:03d}",
                    "site": site,
                    "texture": texture,
                    "days": min(round(days) + 1, 1460),
                    "died": int(days < 1460),
                    "metastasis": int(random.random() < 1 / (1 + np.exp(-hazard))),
                    "age": round(random.normal(60, 9)),
                    "sex": "female" if random.random() < 0.5 else "male",
                }
            )
    return pd.DataFrame(rows)


def cohort() -> pd.DataFrame:
    """The cohort table as assemble_cohort writes it."""
    people = subjects()
    return pd.DataFrame(
        {
            "subject_id": people["subject_id"],
            "site": people["site"],
            "group": people["site"],
            "cluster": people["subject_id"],
            "batch.CT.site": people["site"],
            "covariate.age": people["age"].where(people.index % 11 > 0),
            "covariate.sex=male": (people["sex"] == "male").astype(int),
            "event.metastasis": people["metastasis"],
            "event.survival": people["died"],
            "time_days.survival": people["days"],
        }
    )


def agreement() -> pd.DataFrame:
    """Two readers on every tumour by both definitions; one segmentation is empty."""
    random, rows = np.random.default_rng(3), []
    for number, person in subjects().iterrows():
        radius, shift = random.uniform(10, 25), random.normal(1.0, 0.4)
        volumes = [4 / 3 * np.pi * r**3 for r in (radius, radius + shift)]
        empty = number == 4
        for definition, offset in (("mesh", 0.0), ("voxel", 0.3)):
            rows.append(
                {
                    "subject_id": person["subject_id"],
                    "site": person["site"],
                    "session": "baseline",
                    "image": "CT",
                    "region": "tumour",
                    "reader": "A",
                    "reader_b": "B",
                    "definition": definition,
                    "status": "one_empty" if empty else "ok",
                    "dice": 0.0 if empty else 1 - abs(shift) / radius,
                    "hd_mm": np.nan if empty else 2.5 * abs(shift) + offset,
                    "hd95_mm": np.nan if empty else 1.8 * abs(shift) + offset,
                    "hd95_pooled_mm": np.nan if empty else 1.7 * abs(shift) + offset,
                    "assd_mm": np.nan if empty else abs(shift),
                    "volume_mm3": volumes[0],
                    "volume_b_mm3": 0.0 if empty else volumes[1],
                    "volume_difference": -2.0
                    if empty
                    else 2 * (volumes[1] - volumes[0]) / sum(volumes),
                }
            )
    table = pd.DataFrame(rows)
    for name in ("hd", "hd95"):
        table[f"{name}_ab_mm"] = table[f"{name}_mm"]
        table[f"{name}_ba_mm"] = 0.9 * table[f"{name}_mm"]
    return table.assign(
        jaccard=table["dice"] / (2 - table["dice"]),
        masd_mm=table["assd_mm"],
        volume_difference_ml=(table["volume_b_mm3"] - table["volume_mm3"]) / 1000,
        centroid_distance_mm=table["assd_mm"],
        n_components=1,
        n_components_b=(table["volume_b_mm3"] > 0).astype(int),
        sensitivity=table["dice"],
        precision=table["dice"],
        note="",
    )


FAILED = ("A-018", "B-019")


def agreement_of_three() -> pd.DataFrame:
    """The two readers and an algorithm, which fails twice, in CT and in PET."""
    of_two, random = agreement(), np.random.default_rng(23)
    parts = [of_two]
    for reader, reader_b, shift in (("A", "AI", -0.8), ("AI", "B", 1.8)):
        of_ai = of_two.assign(reader=reader, reader_b=reader_b, status="ok")
        radius = np.cbrt(3 * of_two["volume_mm3"] / (4 * np.pi))
        by_ai = radius + random.normal(-0.8, 0.1, len(radius))
        ours, theirs = (radius, by_ai) if reader == "A" else (by_ai, by_ai + shift)
        volumes = [4 / 3 * np.pi * size**3 for size in (ours, theirs)]
        missed = of_ai["subject_id"].isin(FAILED)
        smaller = "volume_b_mm3" if reader == "A" else "volume_mm3"
        of_ai = of_ai.assign(volume_mm3=volumes[0], volume_b_mm3=volumes[1])
        of_ai[smaller] = of_ai[smaller].where(~missed, 0.5 * of_ai[smaller])
        first, second = of_ai["volume_mm3"], of_ai["volume_b_mm3"]
        of_ai["volume_difference"] = 2 * (second - first) / (first + second)
        of_ai["dice"] = np.where(missed, 0.6, 1 - abs(shift) / radius)
        for name in ("hd_mm", "hd95_mm", "hd95_pooled_mm", "assd_mm"):
            of_ai[name] = np.where(missed, 15.0, abs(shift) + random.uniform(0, 1))
        parts.append(of_ai)
    ct = pd.concat(parts, ignore_index=True)
    return pd.concat([ct, ct.assign(image="PT")], ignore_index=True)


def masks() -> pd.DataFrame:
    """The segmentations of three readers in CT and PET."""
    rows = []
    for person in subjects().itertuples():
        for image, reader in itertools.product(("CT", "PT"), ("A", "AI", "B")):
            rows.append(
                {
                    "subject_id": person.subject_id,
                    "site": person.site,
                    "session": "baseline",
                    "image": image,
                    "region": "tumour",
                    "reader": reader,
                    "path": f"{person.subject_id}_{image}_{reader}.nii.gz",
                    "digest": "0",
                    "voxels": 100,
                    "volume_mm3": 1000.0,
                    "n_components": 1,
                    "touches_border": False,
                    "notes": None,
                }
            )
    return pd.DataFrame(rows)


@functools.cache
def review_list() -> pd.DataFrame:
    """Cases in which the algorithm agrees worst with reader A."""
    return review.review_list(agreement_of_three(), masks(), REVIEW, "mesh")


def tiles() -> list[dict]:
    """Pictures of the two failures of the algorithm, in CT and in PET."""
    random, found = np.random.default_rng(29), []
    k, j, i = np.mgrid[0:6, 0:40, 0:40]
    for subject, modality in itertools.product(FAILED, ("CT", "PT")):
        sphere = {
            radius: (3 * (k - 3)) ** 2 + (j - 20) ** 2 + (i - 20) ** 2 < radius**2
            for radius in (9, 10, 11)
        }
        segmentations = {"A": sphere[10], "AI": sphere[9] & (j > 20), "B": sphere[11]}
        array = 60.0 * sphere[10] + random.normal(0, 10, sphere[10].shape)
        image = Volume(array, (3.0, 2.0, 2.0), (0.0, 0.0, 0.0), np.eye(3))
        names = {"subject_id": subject, "site": subject[0], "session": "baseline"}
        names |= {"image": modality, "modality": modality, "region": "tumour"}
        names |= {"reader": "A", "reader_b": "AI", "status": "ok"}
        numbers = {"dice": 0.6, "hd95_mm": 15.0}
        found.append(names | numbers | gallery.tile(image, segmentations))
    return found


def reader_stability() -> pd.DataFrame:
    """ICC of the features between each two readers; worse with the algorithm."""
    rows = []
    for reader, reader_b in (("A", "AI"), ("A", "B"), ("AI", "B")):
        for number, column in enumerate(FEATURES):
            icc = 0.95 - 0.02 * number - (0.2 if "AI" in (reader, reader_b) else 0.0)
            rows.append(
                {
                    "image": "CT",
                    "region": "tumour",
                    "column": column,
                    "reader": reader,
                    "reader_b": reader_b,
                    "n_subjects": 60,
                    "icc": icc,
                    "icc_lower": icc - 0.1,
                    "icc_upper": icc + 0.02,
                    "stable": icc - 0.1 >= 0.75,
                    "reason": None,
                }
            )
    return pd.DataFrame(rows)


def stability(axes: tuple[str, ...] = ("reader", "retest")) -> pd.DataFrame:
    """One ICC row per feature and axis; one of them undefined."""
    random, rows = np.random.default_rng(5), []
    for axis in axes:
        for number, column in enumerate(FEATURES):
            icc = float(np.clip(random.beta(7, 1.4), 0, 0.99))
            lower = icc - 0.6 * (1 - icc) - 0.05
            undefined = axis == "retest" and number == 3
            rows.append(
                {
                    "image": "CT",
                    "region": "tumour",
                    "column": column,
                    "axis": axis,
                    "form": "ICC(A,1)" if axis == "reader" else "ICC(1,1)",
                    "n_subjects": 60 if axis == "reader" else 12,
                    "n_raters": 2,
                    "icc": np.nan if undefined else icc,
                    "icc_lower": np.nan if undefined else lower,
                    "icc_upper": np.nan if undefined else icc + 0.5 * (1 - icc),
                    "within_sd": 1.0,
                    "within_cv": 0.1,
                    "repeatability_coefficient": 2.77,
                    "bias": 0.1,
                    "stable": bool(lower >= 0.75) and not undefined,
                    "reason": "all values are equal" if undefined else pd.NA,
                }
            )
    return pd.DataFrame(rows)


def site_effect() -> pd.DataFrame:
    """Batch effect of each feature, raw and harmonized."""
    random, rows = np.random.default_rng(11), []
    for column in FEATURES:
        raw = random.uniform(0.1, 0.8)
        for stage, value in (("raw", raw), ("harmonized", raw * 0.15)):
            rows.append(
                {
                    "name": f"CT.tumour.{column}",
                    "variable": "site",
                    "stage": stage,
                    "n": 60,
                    "eta_squared": value,
                    "chance": 0.02,
                    "p_value": 0.001 if stage == "raw" else 0.4,
                    "spread_p_value": 0.01 if stage == "raw" else 0.6,
                }
            )
    return pd.DataFrame(rows)


def batch_prediction() -> pd.DataFrame:
    """How well the batch is predicted from the features."""
    return pd.DataFrame(
        {
            "image": "CT",
            "variable": "site",
            "stage": ["raw", "fold-fitted", "harmonized"],
            "n": 60,
            "n_features": 12,
            "auc": [0.97, 0.52, 0.56],
            "n_left_out": 0,
            "left_out": None,
            "n_permutations": 99,
            "null_median": [0.5, 0.3, 0.6],
            "null_lower": [0.35, 0.1, 0.4],
            "null_upper": [0.65, 0.6, 0.8],
            "p_value": [0.01, 0.04, 0.6],
        }
    )


def batch_variance() -> pd.DataFrame:
    """Median share of variance between batches, beside that of permuted ones."""
    return pd.DataFrame(
        {
            "image": "CT",
            "variable": "site",
            "stage": ["raw", "harmonized"],
            "n_features": 12,
            "eta_squared": [0.45, 0.07],
            "chance": 0.02,
            "n_permutations": 99,
            "null_median": [0.02, 0.04],
            "null_lower": [0.01, 0.01],
            "null_upper": [0.06, 0.1],
            "p_value": [0.01, 0.2],
        }
    )


def batch_tests() -> pd.DataFrame:
    """How many features differ between batches, beside permuted ones."""
    return rejections(site_effect()).assign(
        n_permutations=99,
        null_median=0.0,
        null_lower=0.0,
        null_upper=[0.0, 0.0, 6.0, 2.0],
        p_value=[0.01, 0.01, 1.0, 1.0],
    )


def batch_estimates() -> pd.DataFrame:
    """What ComBat learnt of each batch, over the folds."""
    random, rows = np.random.default_rng(12), []
    for batch, centre in (("A", -0.5), ("B", 0.5)):
        for column in FEATURES:
            shift = centre + random.normal(0, 0.2)
            rows.append(
                {
                    "image": "CT",
                    "variable": "site",
                    "batch": batch,
                    "name": f"CT.tumour.{column}",
                    "n_folds": 3,
                    "shift": shift,
                    "shift_sd": 0.05,
                    "variance": 1.1,
                    "variance_sd": 0.1,
                    "shift_unshrunk": 1.1 * shift,
                    "variance_unshrunk": 1.0 + 0.5 * random.random(),
                }
            )
    return pd.DataFrame(rows)


def batch_priors() -> pd.DataFrame:
    """The priors of both batches."""
    return pd.DataFrame(
        {
            "image": "CT",
            "variable": "site",
            "batch": ["A", "B"],
            "n": [30, 20],
            "shift_mean": [-0.5, 0.5],
            "shift_variance": 0.05,
            "shape": 20.0,
            "rate": 22.0,
        }
    )


def components() -> pd.DataFrame:
    """Principal components of the subjects, raw and harmonized."""
    random, people = np.random.default_rng(13), subjects()
    parts = []
    for stage, distance in (("raw", 4.0), ("harmonized", 0.0)):
        centre = distance * people["site"].map({"A": -1, "B": 0}).fillna(1).to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "image": "CT",
                    "half": 1,
                    "stage": stage,
                    "subject_id": people["subject_id"],
                    "batch": people["site"],
                    "component_1": centre + random.normal(size=len(people)),
                    "component_2": random.normal(size=len(people)),
                    "share_1": 0.4,
                    "share_2": 0.2,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def associations() -> pd.DataFrame:
    """Associations and repeatability before and after."""
    random, rows = np.random.default_rng(14), []
    stages = {"raw": 0.3, "harmonized": 0.12, "within batches": 0.1}
    for quantity in ("covariate: age", "outcome: metastasis", "ICC: reader"):
        for stage, centre in stages.items():
            if quantity.startswith("ICC") and stage == "within batches":
                continue
            for column in FEATURES:
                rows.append(
                    {
                        "image": "CT",
                        "quantity": quantity,
                        "stage": stage,
                        "name": f"CT.tumour.{column}",
                        "value": centre + random.normal(0, 0.05),
                    }
                )
    return pd.DataFrame(rows)


def folds(leave_out: bool = True) -> pd.DataFrame:
    """Two repeats of three folds and, if wanted, each site left out once."""
    people, rows = subjects(), []
    for repeat in (1, 2):
        order = np.random.default_rng(repeat).permutation(len(people)) % 3
        for fold in range(3):
            for person, number in zip(people["subject_id"], order, strict=True):
                role = "evaluation" if number == fold else "development"
                rows.append(("cv", repeat, str(fold + 1), person, role))
    for site in SITES if leave_out else ():
        for person in people.itertuples():
            role = "evaluation" if person.site == site else "development"
            rows.append(("loso", 1, site, person.subject_id, role))
    names = ["scheme", "repeat", "fold", "subject_id", "role"]
    return pd.DataFrame(rows, columns=names).assign(fold_set="group")


def predictions(endpoint: str, arm: str, leave_out: bool = True) -> pd.DataFrame:
    """Scores that follow the planted texture the better, the better the arm."""
    random = np.random.default_rng(sum(map(ord, endpoint + arm)))
    survival = ENDPOINTS[endpoint].outcome_kind == "survival"
    table = folds(leave_out).query("role == 'evaluation'").merge(subjects())
    signal = (table["texture"] - 22) / 10
    score = QUALITY[arm] * signal + random.normal(0, 1, len(table))
    return pd.DataFrame(
        {
            "endpoint": endpoint,
            "arm": arm,
            "scheme": table["scheme"],
            "repeat": table["repeat"],
            "fold": table["fold"],
            "subject_id": table["subject_id"],
            "group": table["site"],
            "cluster": table["subject_id"],
            "event": table["died" if survival else "metastasis"],
            "time_days": table["days"] if survival else np.nan,
            "score": score,
            "probability": np.nan if survival else 1 / (1 + np.exp(-score)),
            "risk_group": np.where(score > 0, "high", "low"),
            "reason": pd.NA,
        }
    )


def reader_predictions(endpoint: str, leave_out: bool = True) -> pd.DataFrame:
    """The headline arm by three readers' segmentations; one subject is not scored."""
    of_reference = predictions(endpoint, "texture", leave_out)
    parts = []
    for reader, shift, noise in (("A", 0.0, 0.0), ("AI", -0.5, 0.3), ("B", 0.3, 0.1)):
        random = np.random.default_rng(31)
        moved = shift + noise * random.normal(size=len(of_reference))
        table = of_reference.assign(reader=reader, score=of_reference["score"] + moved)
        spread = table["score"].std()
        cut = of_reference["score"].median()
        table["standard_score"] = (table["score"] - cut) / spread
        table["risk_group"] = np.where(table["score"] > cut, "high", "low")
        if ENDPOINTS[endpoint].outcome_kind == "binary":
            table["probability"] = 1 / (1 + np.exp(-table["score"]))
        parts.append(table)
    found = pd.concat(parts, ignore_index=True)
    lost = (found["reader"] == "AI") & (found["subject_id"] == "C-003")
    columns = ["score", "probability", "risk_group", "standard_score"]
    found.loc[lost, columns] = None
    found.loc[lost, "reason"] = "no features"
    return found


@functools.cache
def prediction_agreement(endpoint: str, leave_out: bool = True) -> pd.DataFrame:
    """How far the headline arm depends on the reader."""
    return reader_agreement.prediction_agreement(
        reader_predictions(endpoint, leave_out),
        fits(endpoint, "texture"),
        "A",
        OUTCOME_KINDS[ENDPOINTS[endpoint].outcome_kind],
        0.95,
    )


def missing_values(endpoint: str) -> pd.DataFrame:
    """Three subjects with imputed features, and one with too few, in arms of CT."""
    parts = []
    for arm in ARMS:
        table = predictions(endpoint, arm).assign(n_predictors=14, n_missing=0)
        if arm.startswith("texture"):
            subject = table["subject_id"]
            table.loc[subject.isin(["A-001", "A-002", "B-001"]), "n_missing"] = 2
            few = subject == "C-003"
            table.loc[few, ["score", "n_missing"]] = [np.nan, 11]
            table.loc[few, "reason"] = "too many missing features: 9 of 12, accepted"
        parts.append(counted.missing_values(table))
    return pd.concat(parts, ignore_index=True)


def sample_size(endpoint: str) -> pd.DataFrame:
    """Sample size that every arm needs, by the rule's own function."""
    tables_ = [fits(endpoint, arm) for arm in ARMS]
    kind = ENDPOINTS[endpoint].outcome
    expected = EvaluationSection(headline_arm="texture", reference_arm="clinical")
    return needed.sample_size(cohort(), pd.concat(tables_), ARMS, kind, expected)


def event_counts(endpoint: str) -> pd.DataFrame:
    """Events of each group, by the rule's own function."""
    return events.event_counts(cohort(), endpoint, ENDPOINTS[endpoint].outcome)


def fits(endpoint: str, arm: str) -> pd.DataFrame:
    """One row per fit; one fit of the unharmonized arm failed."""
    table = folds()
    counts = table.groupby(["scheme", "repeat", "fold", "role"]).size().unstack()
    rows = counts.reset_index()
    failed = (arm == "texture_raw") & (rows.index == 1)
    return pd.DataFrame(
        {
            "endpoint": endpoint,
            "arm": arm,
            "scheme": rows["scheme"],
            "repeat": rows["repeat"],
            "fold": rows["fold"],
            "status": np.where(failed, "failed", "ok"),
            "n_development": rows["development"],
            "n_events": (rows["development"] * 0.4).astype(int),
            "n_candidates": 12 if arm.startswith("texture") else 0,
            "n_selected": 4 if arm.startswith("texture") else 0,
            "kkt_residual": np.where(failed, np.nan, 1e-9),
            "estimates_hash": "0" * 12,
            "message": np.where(failed, "no convergence after 200 steps", ""),
        }
    ).replace({"message": {"": pd.NA}})


def performance(endpoint: str, leave_out: bool = True) -> pd.DataFrame:
    """All arms in all schemes and strata, with intervals."""
    metric = "c_index" if ENDPOINTS[endpoint].outcome_kind == "survival" else "auc"
    rows = []
    for arm, quality in QUALITY.items():
        for scheme in ("cv", "loso") if leave_out else ("cv",):
            strata = {"all": 60, "within": 60}
            if scheme == "loso":
                strata |= {f"group={site}": 20 for site in SITES}
            for stratum, n in strata.items():
                value = 0.5 + 0.2 * quality - (0.03 if scheme == "loso" else 0)
                undefined = arm == "site_only" and stratum != "all"
                half = 0.5 / np.sqrt(n)
                rows.append(
                    {
                        "endpoint": endpoint,
                        "arm": arm,
                        "scheme": scheme,
                        "stratum": stratum,
                        "metric": metric,
                        "n": n,
                        "n_events": int(n * 0.4),
                        "n_folds": 6 if scheme == "cv" else 3,
                        "estimate": np.nan if undefined else value,
                        "standard_error": np.nan if undefined else half / 1.96,
                        "widening": np.nan if undefined else 1.2,
                        "lower": np.nan if undefined else value - half,
                        "upper": np.nan if undefined else value + half,
                        "method": "mean over folds; jackknife error, widened by the "
                        "permutations",
                        "reason": "no fold has a pair to compare"
                        if undefined
                        else None,
                        "first_repeat": value if stratum == "all" else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def pooled(endpoint: str) -> pd.DataFrame:
    """The groups left out, pooled with random effects."""
    return pooled_groups(performance(endpoint), EVALUATION.confidence)


def sample_predictions(endpoint: str) -> pd.DataFrame:
    """The headline arm by models of all subjects and of twelve samples."""
    random, people = np.random.default_rng(12), subjects()
    survival = ENDPOINTS[endpoint].outcome_kind == "survival"
    signal = (people["texture"] - 22) / 10
    parts = []
    for sample in range(13):
        moved = random.normal(0, 0.3, len(people)) if sample else 0.0
        score = signal + moved
        parts.append(
            pd.DataFrame(
                {
                    "endpoint": endpoint,
                    "arm": "texture",
                    "sample": sample,
                    "subject_id": people["subject_id"],
                    "times": 1,
                    "score": score,
                    "probability": np.nan if survival else 1 / (1 + np.exp(-score)),
                    "standard_score": score / 2,
                    "risk_group": np.where(score > 0, "high", "low"),
                    "horizon_days": 365.0 if survival else np.nan,
                    "prediction": 1 / (1 + np.exp(-score)),
                    "reason": pd.NA,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def instability_tables(endpoint: str) -> dict[str, pd.DataFrame]:
    """Instability of the headline arm, by the kinds of the tables."""
    outcomes = cohorts.target_of(cohort(), endpoint)
    return instability(sample_predictions(endpoint), outcomes, 12, [0.5])


def subgroup_tables(endpoint: str) -> dict[str, pd.DataFrame]:
    """Subgroups of the headline and the reference arm by age, sex and site."""
    arms = [EVALUATION.headline_arm, EVALUATION.reference_arm]
    scored = pd.concat([predictions(endpoint, arm) for arm in arms], ignore_index=True)
    risks = scored[list(KINDS["risks"])[:6]].assign(
        horizon_days=365.0, risk=1 / (1 + np.exp(1 - scored["score"]))
    )
    settings = Subgroups(
        confidence=EVALUATION.confidence,
        headline_arm=arms[0],
        reference_arm=arms[1],
        smallest=SmallestSubgroup(subjects=10, events=4),
        kind=ENDPOINTS[endpoint].outcome_kind,
        variables={
            "age": Variable(column="covariate.age", bands=[50, 60]),
            "sex": Variable(column="covariate.sex", levels=["female", "male"]),
            "site": Variable(column="site"),
        },
        probabilities=[0.5],
        own_arms=list(ARMS),
    )
    timed = ENDPOINTS[endpoint].outcome_kind == "survival"
    none = Calibrations()
    return judged(scored, risks if timed else risks[:0], cohort(), none, settings)


def multiverse(endpoint: str) -> dict[str, pd.DataFrame]:
    """Twelve analyses of the headline arm and one that cannot be, by kind of table."""
    random = np.random.default_rng(5)
    combinations = [
        {"arms.texture.harmonizer": harmonizer, "arms.texture.max_features": n}
        for harmonizer in ("combat", "none", "zscore")
        for n in ("5", "10", "20", "all")
    ]
    declared = [
        Declared(number=number, choices=one)
        for number, one in enumerate(combinations, 1)
    ]
    impossible = {"arms.texture.harmonizer": "none", "arms.texture.max_features": "0"}
    why = "max_features is 0, expected 1 or more"
    declared.append(Declared(number=13, choices=impossible, impossible=why))
    shared = {"endpoint": endpoint, "scheme": "cv"}
    estimate = np.round(random.uniform(0.55, 0.75, 12), 3)
    rows = [
        {
            **shared,
            "specification": number,
            "metric": ENDPOINTS[endpoint].outcome.metric,
            "status": "ok",
            "n": 60,
            "n_events": 30,
            "n_folds": 10,
            "estimate": value,
            "lower": value - 0.1,
            "upper": value + 0.1,
            "method": "mean over folds",
            "first_repeat": value,
            "reference_estimate": 0.6,
            "difference": value - 0.6,
            "difference_lower": value - 0.65,
            "difference_upper": value - 0.55,
        }
        for number, value in enumerate(estimate, 1)
    ]
    null = [
        {**shared, "specification": number, "permutation": place, "estimate": value}
        for number in range(1, 13)
        for place, value in enumerate(random.normal(0.5, 0.05, 39), 1)
    ]
    settings = GatherMultiverse(
        endpoint=endpoint, scheme="cv", combinations=declared, n_all=13
    )
    found = Gathered(pd.DataFrame(rows), pd.DataFrame(null), settings)
    return {
        "specifications": found.specifications(),
        "specification_choices": found.specification_choices(),
        "choice_effects": found.choice_effects(),
        "multiverse": pd.DataFrame([found.multiverse()]),
    }


def bootstrap_rows(endpoint: str) -> pd.DataFrame:
    """Optimism of all arms by twenty bootstrap samples."""
    metric = "c_index" if ENDPOINTS[endpoint].outcome_kind == "survival" else "auc"
    rows = [
        {
            "endpoint": endpoint,
            "arm": arm,
            "metric": metric,
            "sample": sample,
            "n_distinct": 60 if sample == 0 else 38,
            "n_out_of_bag": 0 if sample == 0 else 22,
            "in_sample": 0.6 + 0.2 * quality,
            "on_all": 0.55 + 0.2 * quality,
            "out_of_bag": np.nan if sample == 0 else 0.5 + 0.2 * quality,
            "status": "ok",
        }
        for arm, quality in QUALITY.items()
        for sample in range(21)
    ]
    return bootstrap.bootstrap(pd.DataFrame(rows).assign(message=None))


@functools.cache
def in_detail(endpoint: str, leave_out: bool = True) -> dict[str, pd.DataFrame]:
    """Tables of discrimination in detail by kind; computed of the predictions."""
    arms = ("texture", "clinical")
    rows = pd.concat([predictions(endpoint, arm, leave_out) for arm in arms])
    rows = rows.reset_index(drop=True)
    if OUTCOME_KINDS[ENDPOINTS[endpoint].outcome_kind].has_times:
        days = (300.0, 600.0)
    else:
        days = ()
        rows = rows.assign(threshold_youden=0.2, threshold_sensitivity=-0.6)
    names = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = [
        rows[names].assign(horizon_days=day, risk=1 / (1 + np.exp(-rows["score"])))
        for day in days
    ]
    kind = OUTCOME_KINDS[ENDPOINTS[endpoint].outcome_kind]
    judge = Judge(kind, EVALUATION, days, EVALUATION.confidence)
    risks = pd.concat(risks) if risks else tables.read_all([], "risks")
    given = EVALUATION.thresholds.model_copy(update={"probabilities": [0.4]})
    return {
        "operating_points": operating_points(rows, risks, judge, given),
        **detailed(rows, judge, "clinical"),
        "time_dependent_auc": over_time(rows, judge, arms),
    }


def operating(endpoint: str) -> pd.DataFrame:
    """Sensitivity and specificity at thresholds."""
    return in_detail(endpoint)["operating_points"]


def auc_over_time(endpoint: str) -> pd.DataFrame:
    """AUC of cases by each day."""
    return in_detail(endpoint)["time_dependent_auc"]


def comparisons(endpoint: str) -> pd.DataFrame:
    """Every arm against the clinical one."""
    metric = "c_index" if ENDPOINTS[endpoint].outcome_kind == "survival" else "auc"
    return pd.DataFrame(
        [
            {
                "endpoint": endpoint,
                "arm": arm,
                "reference_arm": "clinical",
                "scheme": scheme,
                "metric": metric,
                "n": 60,
                "n_events": 24,
                "n_folds": 6 if scheme == "cv" else 3,
                "estimate_arm": 0.5 + 0.2 * quality,
                "estimate_reference": 0.58,
                "estimate": 0.2 * (quality - 0.4),
                "standard_error": 0.08 / 1.96,
                "widening": 1.2,
                "lower": 0.2 * (quality - 0.4) - 0.08,
                "upper": 0.2 * (quality - 0.4) + 0.08,
                "method": "paired mean over folds; jackknife error, widened by the "
                "permutations",
                "reason": None,
            }
            for arm, quality in QUALITY.items()
            if arm != "clinical"
            for scheme in ("cv", "loso")
        ]
    )


def _risks(endpoint: str) -> pd.DataFrame:
    """Rows with predicted risks; of the outcome with times, those by a year."""
    arms = pd.concat([predictions(endpoint, arm) for arm in ARMS], ignore_index=True)
    risks = tables.read_all([], "risks")
    if ENDPOINTS[endpoint].outcome_kind == "survival":
        keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
        hazard = 0.5 * np.exp(arms["score"])
        risks = arms[keys].assign(horizon_days=365.0, risk=1 - np.exp(-hazard))
    return risk_rows(arms, risks)


def decision_curve(endpoint: str) -> pd.DataFrame:
    reference = EVALUATION.reference_arm
    asked = reference, [0.2, 0.4], 0.95, Calibrations()
    return decision_curves(_risks(endpoint), endpoint, *asked)


def clinical_impact(endpoint: str) -> pd.DataFrame:
    return impact(_risks(endpoint), endpoint, [0.2, 0.4], 0.95, Calibrations())


def added_value(endpoint: str) -> pd.DataFrame:
    """What each arm adds to the reference arm."""
    arms = pd.concat([predictions(endpoint, arm) for arm in ARMS], ignore_index=True)
    reference = EVALUATION.reference_arm
    pairs = [(arm, reference) for arm in sorted(ARMS) if arm != reference]
    return added_values(
        arms,
        _risks(endpoint),
        comparisons(endpoint),
        pairs,
        [0.2, 0.4],
        0.95,
        Calibrations(),
    )


def reclassification(endpoint: str) -> pd.DataFrame:
    arms = EVALUATION.headline_arm, EVALUATION.reference_arm
    return subject_risks(_risks(endpoint), endpoint, *arms)


def arm_exclusions(endpoint: str) -> pd.DataFrame:
    """Two subjects whom the texture arms have no features of; one who adapts."""
    reasons = [
        ("A-001", "features", "no feature row of session 'baseline' by reader 'A'"),
        ("B-002", "features", "no features"),
        ("C-003", "adaptation", "used for adaptation"),
    ]
    return pd.DataFrame(
        [
            {
                "endpoint": endpoint,
                "arm": arm,
                "scheme": scheme,
                "subject_id": subject,
                "stage": stage,
                "reason": reason,
                "n_folds": 2 if scheme == "cv" else 1,
                "n_planned": 2 if scheme == "cv" else 1,
                "compared": False,
            }
            for arm in ("texture", "texture_raw")
            for scheme in ("cv", "loso")
            for subject, stage, reason in reasons
            if stage != "adaptation" or (arm, scheme) == ("texture", "loso")
        ]
    )


def course(endpoint: str) -> dict[str, pd.DataFrame]:
    """Tables of the course of survival of all arms, by kind; empty if binary."""
    given = [predictions(endpoint, arm) for arm in ARMS if endpoint == "survival"]
    sets = [one for table in given for one in evaluation_sets(table)]
    settings = SurvivalCourse(
        reference_arm=EVALUATION.reference_arm,
        confidence=EVALUATION.confidence,
        at_days=[365.0],
        covariates=["age"],
    )
    return {
        **group_survival(sets, settings),
        "log_rank_tests": log_rank_tests(sets),
        "proportional_hazards": proportional_hazards(sets, cohort(), settings),
        "time_dependent_effect": time_dependent_effect(sets, settings.confidence),
    }


def grouped(endpoint: str) -> pd.DataFrame:
    """Risk groups of all arms with their permutation p; empty if binary."""
    given = [predictions(endpoint, arm) for arm in ARMS if endpoint == "survival"]
    whole = pd.concat(given) if given else predictions(endpoint, "clinical").iloc[:0]
    return risk_groups.risk_groups(whole, null(endpoint))


def null(endpoint: str) -> pd.DataFrame:
    """120 permutations around one half; the site alone keeps what it knows."""
    metric = "c_index" if ENDPOINTS[endpoint].outcome_kind == "survival" else "auc"
    parts = []
    for arm, scheme in itertools.product(ARMS, ("cv", "loso")):
        centre = 0.6 if arm == "site_only" and scheme == "cv" else 0.5
        spread = 0.08 if scheme == "cv" else 0.1
        columns = {
            "endpoint": endpoint,
            "arm": arm,
            "scheme": scheme,
            "permutation": np.arange(1, 121),
            "metric": metric,
            "estimate": centre + spread * np.sin(np.arange(120)),
            "standard_error": spread,
            "free_estimate": np.nan,
            "free_standard_error": np.nan,
            "log_rank_z": np.sin(np.arange(120))
            if metric == "c_index" and scheme == "cv"
            else np.nan,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def permutation_tests(endpoint: str, leave_out: bool = True) -> pd.DataFrame:
    """Permutation tests of the arms by the code of the study."""
    return null_tests.null_tests(performance(endpoint, leave_out), null(endpoint))


def leakage(endpoint: str) -> pd.DataFrame:
    """Two perturbations of two folds and of a fit with a planted leak."""
    rows = []
    for fit, fold, perturbation in itertools.product(
        ("study", "control: harmonized before the split"),
        ("1", "2"),
        ("noise x 1e6", "outcome flipped"),
    ):
        moved = fit != "study" and fold == "1"
        row = {
            "endpoint": endpoint,
            "arm": "texture",
            "scheme": "cv",
            "repeat": 1,
            "fold": fold,
            "fit": fit,
            "perturbation": perturbation,
            "perturbed": "outcomes" if "flip" in perturbation else "baseline features",
            "hash_study": "0" * 12,
            "hash_perturbed": ("1" if moved else "0") * 12,
            "unchanged": not moved,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def selection(endpoint: str) -> pd.DataFrame:
    """How often each feature entered the texture arms."""
    rows = []
    for arm in ("texture", "texture_raw"):
        for number, column in enumerate(FEATURES):
            count = max(0, 9 - (number * 5) % len(FEATURES))
            rows.append(
                {
                    "endpoint": endpoint,
                    "arm": arm,
                    "term": f"CT.tumour.{column}",
                    "n_fits": 9,
                    "n_selected": count,
                    "frequency": count / 9,
                    "mean_coefficient": (-1) ** number * 0.05 * count
                    if count
                    else np.nan,
                }
            )
    return pd.DataFrame(rows)


def tuning(endpoint: str) -> pd.DataFrame:
    """The texture arm chose its penalty and number of features in inner folds."""
    rows = []
    for fold in range(1, 6):
        chosen = 3 + fold % 3
        for most in (3, 10):
            for step in range(8):
                rows.append(
                    {
                        "endpoint": endpoint,
                        "arm": "texture",
                        "scheme": "cv",
                        "repeat": 1,
                        "fold": str(fold),
                        "transform": "none",
                        "harmonizer": "combat",
                        "max_features": most,
                        "l1_share": 0.5,
                        "penalty": 0.5 * 0.5**step,
                        "n_inner_folds": 5,
                        "deviance": 1.2 + 0.01 * (step - chosen) ** 2 + 0.02 * fold,
                        "standard_error": 0.03,
                        "n_terms": min(most, step),
                        "chosen": most == (3 if fold < 4 else 10) and step == chosen,
                    }
                )
    return pd.DataFrame(rows)


def acquisition() -> pd.DataFrame:
    """CT facts that differ between sites."""
    people = subjects()
    number = people["site"].map({site: k for k, site in enumerate(SITES)})
    facts = pd.DataFrame(
        {
            "subject_id": people["subject_id"],
            "site": people["site"],
            "session": "baseline",
            "image": "CT",
            "modality": "CT",
            "Manufacturer": "Maker " + people["site"],
            "ManufacturersModelName": "Model " + people["site"],
            "SoftwareVersions": "v" + number.astype(str),
            "ConvolutionKernel": number.map({0: "B30f", 1: "STANDARD", 2: "FC08"}),
            "KVP": 120.0,
            "Units": "HU",
            "SliceThickness": 3.0,
            "slice_spacing_mm": number.map({0: 3.0, 1: 2.5, 2: 5.0}),
            "row_spacing_mm": 0.98,
            "column_spacing_mm": 0.98,
            "n_slices": 40,
            "n_rows": 64,
            "n_columns": 64,
        }
    )
    return facts.reindex(columns=list(tables.KINDS["acquisition"]))


def protocol_summary() -> pd.DataFrame:
    """A protocol that one site breaks, with a fact that no header states."""
    protocol = {
        "KVP": ProtocolItem(allowed=[120.0]),
        "ConvolutionKernel": ProtocolItem(allowed=["B30f", "FC08"]),
        "SpiralPitchFactor": ProtocolItem(lowest=0.5, highest=1.5),
    }
    rows = conformance.conformance(acquisition(), {"CT": protocol})
    return pd.DataFrame(conformance.summary(pd.DataFrame(rows)))


def drift() -> pd.DataFrame:
    """A software that changed once, and a current that only varies."""
    row = {"site": "B", "image": "CT", "n": 20}
    return pd.DataFrame(
        [
            row
            | {"fact": "SoftwareVersions", "n_values": 2, "n_changes": 1}
            | {"pattern": "switched", "course": "v1 (1 to 12), v2 (13 to 20)"}
            | {"trend": np.nan, "p_value": 1e-5},
            row
            | {"fact": "XRayTubeCurrent", "n_values": 9, "n_changes": 17}
            | {"pattern": "alternating", "course": pd.NA}
            | {"trend": 0.1, "p_value": 0.6},
        ]
    )


def batches() -> pd.DataFrame:
    """The batches that the headers propose."""
    facts = acquisition()
    return pd.DataFrame(proposal.batches(facts, proposal.members(facts, 25), 25))


def exclusions() -> pd.DataFrame:
    """One image that could not be read."""
    row = {
        "stage": "convert_image",
        "subject_id": "B-003",
        "session": "retest",
        "image": "CT",
        "region": pd.NA,
        "reader": pd.NA,
        "code": "missing_slice",
        "reason": "one gap of 6.0 mm where 3.0 mm was expected; <send> it again.",
    }
    return pd.DataFrame([row])


def ingest_report() -> pd.DataFrame:
    """The faults of the excluded image, a note and a waiver."""
    excluded = exclusions().rename(columns={"reason": "text"})
    fault = excluded.assign(severity="fault", action="excluded")
    first = excluded.assign(subject_id="A-001", action="used", text="2 files")
    note = first.assign(severity="note", code="LOCALIZER_DROPPED")
    waiver = first.assign(severity="waived", code="HU_RANGE_WAIVED")
    return pd.concat([fault, note, waiver], ignore_index=True)


def index_summary() -> pd.DataFrame:
    """One root with CT and two files that cannot be read."""
    names = ["root", "modality", "patients", "studies", "series", "files"]
    names += ["unreadable", "unlisted", "problems"]
    rows = [
        ["A", "CT", 20, 21, 22, 3000, 0, 1, "MOSAIC 1"],
        ["A", "unreadable", None, 0, None, 2, 2, None, "EMPTY_FILE 1"],
    ]
    return pd.DataFrame(rows, columns=names)


def undefined() -> pd.DataFrame:
    """Three undefined feature values."""
    row = {
        "session": "baseline",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
        "column": FEATURES[7],
        "reason": "one grey level",
    }
    chosen = subjects().head(3)[["subject_id", "site"]]
    return pd.DataFrame([row | pair for pair in chosen.to_dict("records")])


def dictionary() -> pd.DataFrame:
    """The data dictionary of the features."""
    rows = []
    for number, column in enumerate(FEATURES):
        kind, family, feature = column.split(".")
        rows.append(
            {
                "name": f"CT.tumour.{column}",
                "image": "CT",
                "region": "tumour",
                "column": column,
                "filter": kind,
                "family": family,
                "feature": feature,
                "ibsi_code": f"X{number:03d}",
                "ibsi_name": feature.capitalize(),
                "aggregation": "3D, merged",
                "measurand": f"{feature} of the tumour",
                "unit": "1",
                "unit_ucum": "1",
                "conditions": "CT images in HU; at least 64 voxels",
                "readers": "A B",
                "recipe": "CT",
                "recipe_hash": "abcdef012345",
                "software": "pictologics 0.9.0",
                "standardized": number != 11,
            }
        )
    return pd.DataFrame(rows)


def confounding() -> pd.DataFrame:
    """Event rates of the sites."""
    people, rows = subjects(), []
    for endpoint, column in (("metastasis", "metastasis"), ("survival", "died")):
        for site, part in people.groupby("site"):
            rows.append(
                {
                    "endpoint": endpoint,
                    "group": site,
                    "n": len(part),
                    "n_events": int(part[column].sum()),
                    "n_expected": people[column].mean() * len(part),
                    "event_rate": part[column].mean(),
                    "median_event_free_days": None,
                    "median_follow_up_days": None,
                }
            )
    return pd.DataFrame(rows)


def confounding_tests() -> pd.DataFrame:
    """Outcomes beside the site: one goes with it, the other is not shown to."""
    people = subjects()
    shared = {"n": len(people), "n_groups": people["site"].nunique()}
    shared |= {"n_pairs": 800, "n_pairs_within": 250, "n_folds": 6}
    binary = {"endpoint": "metastasis", "kind": "binary", "metric": "auc"}
    survival = {"endpoint": "survival", "kind": "survival", "metric": "c_index"}
    rows = [
        binary
        | {"statistic": 12.5, "p_value": 0.0011, "p_adjusted": 0.0022}
        | {"strength": 0.31, "chance": 0.06, "group_alone": 0.66}
        | {"n_events": int(people["metastasis"].sum()), "verdict": "associated"},
        survival
        | {"statistic": 1.5, "p_value": 0.47, "p_adjusted": 0.47}
        | {"strength": 0.0, "chance": 0.08, "group_alone": 0.48}
        | {"n_events": int(people["died"].sum()), "verdict": "not shown"},
    ]
    return pd.DataFrame([shared | row for row in rows])


def truth() -> pd.DataFrame:
    """What was planted in the synthetic study."""
    people = subjects()
    number = people["site"].map({site: k for k, site in enumerate(SITES)})
    return pd.DataFrame(
        {
            "subject_id": people["subject_id"],
            "site": people["site"],
            "incomplete_session": [
                "retest" if name == "A-000" else None for name in people["subject_id"]
            ],
            "heterogeneity_hu": people["texture"],
            "radius_mm": 15.0,
            "log_hazard": 0.06 * (people["texture"] - 22),
            "reader_bias_mm": 1.0,
            "automatic_bias_mm": -0.8,
            "automatic_fails": people["subject_id"].isin(FAILED),
            "without_pet": False,
            "unusual": None,
            "site_gain": 1 + 0.1 * number,
            "site_noise_hu": 5.0 + 5 * number,
            "site_blur_mm": 0.5,
            "site_log_hazard": 0.5 * (number - 1),
        }
    )


def features() -> pd.DataFrame:
    """A feature matrix whose joint entropy follows the planted texture."""
    random, rows = np.random.default_rng(13), []
    for person in subjects().itertuples():
        for reader in ("A", "B"):
            values = {c: random.normal() for c in FEATURES}
            values["original.glcm.joint_entropy"] = np.log(person.texture) + 0.3 * (
                SITES.index(person.site)
            )
            key = {
                "subject_id": person.subject_id,
                "site": person.site,
                "session": "baseline",
                "image": "CT",
                "region": "tumour",
                "reader": reader,
            }
            rows.append(key | values)
    return pd.DataFrame(rows)


def recovered() -> pd.DataFrame:
    """Two claims, one of them not recovered."""
    return pd.DataFrame(
        {
            "claim": ["Reader B segments further out", "The null is near one half"],
            "planted": ["1.00 mm", "0.50"],
            "found": ["1.04 mm", "0.61"],
            "criterion": ["within 0.4 mm", "within 0.05"],
            "recovered": [True, False],
        }
    )


class Inputs(dict):
    """Named inputs of a job: attributes, and items() as Snakemake gives them."""

    __getattr__ = dict.__getitem__


def write_results(folder: Path, leave_out: bool = True) -> Inputs:
    """Write all tables of the synthetic study; return the inputs of the report."""
    inputs, contents = _results(leave_out)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return _each_path(inputs, lambda name: str(folder / name))


def _each_path(inputs: Inputs, change) -> Inputs:
    """Inputs with each of their paths changed, also those in lists."""
    return Inputs(
        {
            key: list(map(change, value)) if isinstance(value, list) else change(value)
            for key, value in inputs.items()
        }
    )


@functools.cache
def _results(leave_out: bool) -> tuple[Inputs, dict[str, bytes]]:
    """Names of the inputs of the report, and what is in them; made once."""
    with TemporaryDirectory() as name:
        inputs = _write_results(Path(name), leave_out)
        contents = {path.name: path.read_bytes() for path in Path(name).iterdir()}
    return _each_path(inputs, lambda path: Path(path).name), contents


def _write_results(folder: Path, leave_out: bool) -> Inputs:
    inputs = Inputs()

    def put(name: str, table: pd.DataFrame, kind: str) -> str:
        path = str(folder / f"{name}.tsv")
        tables.write(table, path, kind)
        return path

    inputs["cohort"] = str(folder / "cohort.tsv")
    files.write_text(
        cohort().to_csv(sep="\t", index=False, na_rep="NA"), inputs["cohort"]
    )
    for kind, make in {
        "confounding": confounding,
        "confounding_tests": confounding_tests,
        "acquisition": acquisition,
        "protocol_summary": protocol_summary,
        "drift": drift,
        "batches": batches,
        "ingest_report": ingest_report,
        "index_summary": index_summary,
        "undefined": undefined,
        "agreement": agreement,
        "stability": stability,
        "reader_stability": reader_stability,
        "review_list": review_list,
        "agreement_group": agreement_group,
        "surface_dice": lambda: surface_dice(agreement()),
        "volume_agreement": volume_agreement,
        "readings": readings,
        "dictionary": dictionary,
        "site_effect": site_effect,
        "batch_prediction": batch_prediction,
        "batch_tests": batch_tests,
        "batch_variance": batch_variance,
        "batch_estimates": batch_estimates,
        "batch_priors": batch_priors,
        "associations": associations,
        "recovered": recovered,
    }.items():
        inputs[kind] = put(kind, make(), kind)
    inputs["folds"] = put("folds", folds(leave_out), "folds")
    inputs["exclusions"] = [put("exclusions", exclusions(), "exclusions")]
    inputs["fits"] = [
        put(f"{e}_{a}_fits", fits(e, a), "fits") for e in ENDPOINTS for a in ARMS
    ]
    inputs["performance"] = [
        put(f"{e}_performance", performance(e, leave_out), "performance")
        for e in ENDPOINTS
    ]
    for kind, make in (
        ("comparisons", comparisons),
        ("arm_exclusions", arm_exclusions),
        ("selection", selection),
        ("tuning", tuning),
        ("missing_values", missing_values),
        ("sample_size", sample_size),
        ("event_counts", event_counts),
        ("null", null),
        ("null_tests", permutation_tests),
        ("leakage", leakage),
        ("prediction_agreement", prediction_agreement),
        ("decision_curve", decision_curve),
        ("clinical_impact", clinical_impact),
        ("added_value", added_value),
        ("reclassification", reclassification),
        ("risk_groups", grouped),
    ):
        inputs[kind] = [put(f"{e}_{kind}", make(e), kind) for e in ENDPOINTS]
    for kind in ("operating_points", "discrimination", "discrimination_differences"):
        inputs[kind] = [
            put(f"{e}_{kind}", in_detail(e, leave_out)[kind], kind) for e in ENDPOINTS
        ]
    judged = {"metastasis": (), "survival": (365.0, 730.0)}
    for kind in ("calibration", "calibration_curve", "overall"):
        of_study = synthetic_probabilities.of_study
        inputs[kind] = [
            put(f"{e}_{kind}", of_study(e, days, leave_out)[kind], kind)
            for e, days in judged.items()
        ]
    for kind, table in course("survival").items():
        inputs[kind] = [put(f"survival_{kind}", table, kind)]
    inputs["primed"] = str(folder / "primed.json")
    files.write_json(
        {
            "engine": "pictologics",
            "version": "0.9.0",
            "numba_version": "0.62.1",
            "n_values": 460,
            "n_matching": 458,
            "mismatches": ["config C: glszm X", "config D: ngtdm Y"],
        },
        inputs["primed"],
    )
    return inputs


def surface_dice(pairs: pd.DataFrame) -> pd.DataFrame:
    """Surface Dice at two tolerances of some pairs of readers."""
    keys = ["subject_id", "site", "session", "image", "region"]
    keys += ["reader", "reader_b", "definition"]
    parts = [
        pairs[keys].assign(
            tolerance_mm=tolerance, surface_dice=(pairs["dice"] * share).clip(0, 1)
        )
        for tolerance, share in ((1.0, 0.7), (3.0, 1.0))
    ]
    return pd.concat(parts, ignore_index=True)


def agreement_group() -> pd.DataFrame:
    """All readers of each tumour together."""
    rows = agreement()
    rows = rows[rows["definition"] == "mesh"].reset_index(drop=True)
    keys = rows[["subject_id", "site", "session", "image", "region"]]
    union = rows[["volume_mm3", "volume_b_mm3"]].max(axis=1) / 1000
    return keys.assign(
        n_readers=3,
        generalized_dice=rows["dice"],
        fleiss_kappa=0.9 * rows["dice"],
        union_ml=union,
        intersection_ml=0.5 * union,
        box_ml=2 * union,
    )


def readings() -> pd.DataFrame:
    """Readings of the tumours by two readers, of whom B missed one."""
    counts = {"n_cases": 60, "n_segmented": 60, "n_empty": 0, "n_missed": 0}
    missed = {"reader": "B", "n_segmented": 58, "n_empty": 1, "n_missed": 1}
    row = {"image": "CT", "region": "tumour", "reader": "A", "site": "all"} | counts
    row |= {"n_not_delivered": 0}
    return pd.DataFrame([row, row | missed | {"n_not_delivered": 1}])


def volume_agreement() -> pd.DataFrame:
    """Volumes of the tumours by two readers, at all sites and one of them."""
    named = {"image": "CT", "region": "tumour", "reader": "A", "reader_b": "B"}
    numbers = {"n": 59, "n_empty": 1, "lower": 0.8, "upper": 0.97}
    numbers |= {"bias_log": 0.1, "sd_log": 0.08, "ratio": 1.11, "ratio_lower": 0.94}
    return pd.DataFrame(
        [
            named
            | numbers
            | {"site": site, "form": form, "icc": icc}
            | {"ratio_upper": 1.29, "reason": None}
            for site in ("all", "A")
            for form, icc in (("ICC(A,1)", 0.91), ("ICC(C,1)", 0.96))
        ]
    )


def feature_maps(n_regions: int = 2) -> list[dict]:
    """Pictures of the maps of some regions; the last one could not be measured."""
    places = np.indices((20, 24)) - np.reshape([10, 12], (2, 1, 1))
    inside = np.hypot(*places) < 8
    image = 40 + 10 * np.sin(places[0]) * np.cos(places[1])

    def rows(picture):
        return [" ".join(f"{value:.4g}" for value in row) for row in picture]

    named = {"site": "A", "session": "baseline", "image": "CT", "region": "tumour"}
    named |= {"modality": "CT"}
    found = [
        named
        | {
            "subject_id": f"A{number:03d}",
            "reader": "A",
            "spacing_mm": [2.0, 2.0],
            "picture": rows(image),
            "inside": rows(inside.astype(float)),
            "maps": {
                "original.statistics.variance": rows(np.where(inside, image, np.nan)),
                "original.glcm.joint_entropy": rows(np.where(inside, 1.0, np.nan)),
            },
            "units": {
                "original.statistics.variance": "HU2",
                "original.glcm.joint_entropy": "bit",
            },
        }
        for number in range(n_regions)
    ]
    return [*found, named | {"subject_id": "A099", "reason": "3 voxels"}]
