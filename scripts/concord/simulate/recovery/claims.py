"""Does the study find what the simulation planted?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..settings import RecoverTruth
from . import judgement, modalities, outcomes, readers
from .study_tables import TOP_FEATURES, StudyTables, following, measured

#: Sites must be told apart this well before harmonization ...
RAW_SITE_AUC = 0.8
#: Harmonization leaves at most this share of the median eta squared beyond chance.
REMAINING_EFFECT = 0.5
#: One of the features selected most often must follow the planted texture so well.
TEXTURE_CORRELATION = 0.7
#: The mean over permuted outcomes lies this close to one half.
NULL_TOLERANCE = 0.05
#: The site alone predicts the outcome at least this well.
CONFOUNDED_METRIC = 0.55
#: Noise in place of the image counts as no predictor from this p-value on. Of 60
#: subjects an AUC has a standard error of 0.1: a fixed limit would judge by luck.
CONTROL_LEVEL = 0.05


def recover(study: StudyTables, settings: RecoverTruth) -> list[dict[str, Any]]:
    """Rows of kind "recovered": each planted fact, what was found, and the verdict.

    Parameters
    ----------
    study : StudyTables
        Tables of the simulated study.
    settings : RecoverTruth
        Roles of the arms, and whose rows are judged.

    Returns
    -------
    list of dict
        A fact that could not be looked for counts as not recovered.
    """
    return [
        *_damaged_scans(study),
        *_readers(study, settings),
        *_site_effect(study),
        *_driving_texture(study, settings),
        *_null(study, settings),
        *_confounding(study, settings),
        *_control(study, settings),
        *_outcomes(study, settings),
        *_judgement(study, settings),
        *_modalities(study, settings),
    ]


def _row(
    claim: str, planted: str, found: str, criterion: str, recovered: bool
) -> dict[str, Any]:
    return {
        "claim": claim,
        "planted": planted,
        "found": found,
        "criterion": criterion,
        "recovered": bool(recovered),
    }


def _damaged_scans(study: StudyTables) -> Iterator[dict[str, Any]]:
    """CT scans that lack a slice; nothing to look for if none was planted."""
    damaged = study.truth.dropna(subset="incomplete_session")
    if damaged.empty:
        return
    planted = set(
        zip(damaged["subject_id"], damaged["incomplete_session"], strict=True)
    )
    images = study.exclusions[study.exclusions["stage"] == "convert_image"]
    found = set(zip(images["subject_id"], images["session"], strict=True))
    codes = set(images["code"])
    yield _row(
        "damaged scans are refused, all others are read",
        f"{len(planted)} CT without a slice",
        f"{len(found)} scans refused ({', '.join(sorted(codes)) or 'none'})",
        "the same scans, as MISSING_SLICE",
        found == planted and codes == {"MISSING_SLICE"},
    )


def _readers(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Claims on what was planted in the segmentations."""
    tables = study.truth, study.agreement, study.review
    for found in readers.claims(*tables, settings.reference_reader):
        yield _row(*found)


def _site_effect(study: StudyTables) -> Iterator[dict[str, Any]]:
    """Sites are told apart before harmonization, which removes most of it.

    What harmonization removes is judged by the variance of single features. A
    classifier of all of them still tells sites of ten subjects apart afterwards,
    because the estimates from so few subjects leave a little in every feature.
    """
    planted = _site_differences(study.truth)
    auc = study.batch_prediction.pivot(index="image", columns="stage", values="auc")
    for image, row in auc.iterrows():
        raw = row["raw"]
        yield _row(
            f"{image}: features tell the site",
            planted,
            f"AUC {raw:.2f}",
            f"AUC above {RAW_SITE_AUC}",
            raw > RAW_SITE_AUC,
        )
    yield _remaining_effect(study.site_effect, planted)


def _remaining_effect(effect: pd.DataFrame, planted: str) -> dict[str, Any]:
    """The share of variance between sites beyond what chance gives."""
    medians = effect.groupby("stage")["eta_squared"].median()
    chance = effect["chance"].median()
    raw = medians.get("raw", np.nan)
    harmonized = medians.get("harmonized", np.nan)
    return _row(
        "Harmonization removes variance between sites on held-out rows",
        planted,
        f"median eta squared {raw:.3f} before, {harmonized:.3f} after, chance "
        f"{chance:.3f}",
        f"at most {100 * REMAINING_EFFECT:.0f} % remain of what exceeds chance",
        harmonized - chance <= REMAINING_EFFECT * (raw - chance),
    )


def _site_differences(truth: pd.DataFrame) -> str:
    """Differences between sites that were planted, in words."""
    sites = truth.drop_duplicates("site")
    gain, noise = sites["site_gain"], sites["site_noise_hu"]
    return (
        f"gain {gain.min():g} to {gain.max():g}, noise {noise.min():g} to "
        f"{noise.max():g} HU over {len(sites)} sites"
    )


def _driving_texture(
    study: StudyTables, settings: RecoverTruth
) -> Iterator[dict[str, Any]]:
    """A feature that follows the planted texture is among those selected most often."""
    for endpoint, (best, value) in following(study, settings).items():
        yield _row(
            f"{endpoint}: the planted texture drives the selected features",
            "heterogeneity of the lesion raises the hazard",
            f"{best}, |Spearman| {value:.2f} within sites",
            f"at least {TEXTURE_CORRELATION} in one of the {TOP_FEATURES} features "
            "selected most often",
            value >= TEXTURE_CORRELATION,
        )


def _outcomes(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Claims on effects that were planted in the outcomes."""
    roles, best = settings.outcomes, following(study, settings)
    for endpoint in roles.texture_endpoints:
        name = best.get(endpoint, ("none", np.nan))[0]
        effect = _texture_effect(study, endpoint, name, settings)
        yield _row(*outcomes.texture_claim(endpoint, name, effect, roles))
    tables = study.interaction, study.marker_effects
    for found in outcomes.interaction_claims(*tables, roles):
        yield _row(*found)
    for found in outcomes.competing_claims(study.competing_effects, roles):
        yield _row(*found)


def _texture_effect(
    study: StudyTables, endpoint: str, name: str, settings: RecoverTruth
) -> outcomes.Interval:
    """Log hazard ratio per SD of the planted texture, by one feature."""
    roles, cohort = settings.outcomes, study.cohort.set_index("subject_id")
    truth = study.truth.set_index("subject_id").reindex(cohort.index)
    values = measured(study, name, settings)
    if values is None:
        values = pd.Series(np.nan, index=cohort.index)
    outcome = cohort[[f"event.{endpoint}", f"time_days.{endpoint}"]]
    starts = tuple(f"covariate.{one}" for one in roles.adjusted)
    columns = [name for name in cohort if str(name).partition("=")[0] in starts]
    return outcomes.texture_effect(
        values.reindex(cohort.index),
        truth["heterogeneity_hu"] / roles.texture_sd_hu,
        truth["site"],
        outcome.set_axis(["event", "time_days"], axis=1),
        cohort[columns],
    )


def _judgement(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Claims on what the evaluation must find, and must not."""
    arm, noise = settings.reference_arm, settings.control_arms
    if len(study.calibration):
        for found in judgement.calibration_claims(study.truth, study.calibration, arm):
            yield _row(*found)
    if len(study.added_value):
        for found in judgement.added_value_claims(study.added_value, noise):
            yield _row(*found)


def _modalities(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Claims on subjects whose PET was left out."""
    if settings.fused_arms:
        tables = study.truth, study.predictions, study.fusion
        for found in modalities.claims(*tables, settings.fused_arms):
            yield _row(*found)


def _null(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Without information the headline arm is as good as chance."""
    arm, scheme = study.null["arm"], study.null["scheme"]
    rows = study.null[(arm == settings.headline_arm) & (scheme == "cv")]
    for endpoint, part in rows.groupby("endpoint"):
        found = part["estimate"].mean()
        yield _row(
            f"{endpoint}: permuted outcomes cannot be predicted",
            "0.50",
            f"{found:.3f} (mean of {part['estimate'].count()} permutations)",
            f"within {NULL_TOLERANCE} of 0.5",
            abs(found - 0.5) <= NULL_TOLERANCE,
        )


def _confounding(
    study: StudyTables, settings: RecoverTruth
) -> Iterator[dict[str, Any]]:
    """The site alone predicts the outcome, because hazards differ between sites."""
    hazards = study.truth["site_log_hazard"]
    for _, row in _discrimination(study, settings.group_arms).iterrows():
        yield _row(
            f"{row['endpoint']}: the site alone predicts the outcome",
            f"log hazard of sites {hazards.min():g} to {hazards.max():g}",
            f"{row['estimate']:.2f} ({row['metric']}, {row['arm']})",
            f"above {CONFOUNDED_METRIC}",
            row["estimate"] > CONFOUNDED_METRIC,
        )


def _control(study: StudyTables, settings: RecoverTruth) -> Iterator[dict[str, Any]]:
    """Noise in place of the image predicts nothing: shape was given no effect."""
    tests = study.null_tests[
        study.null_tests["arm"].isin(settings.control_arms)
        & (study.null_tests["scheme"] == "cv")
    ]
    for _, row in tests.sort_values(["endpoint", "arm"]).iterrows():
        yield _row(
            f"{row['endpoint']}: noise in place of the image predicts nothing",
            "0.50",
            f"{row['estimate']:.2f} ({row['metric']}, {row['arm']}), p = "
            f"{row['p_value']:.2g} against permuted outcomes",
            f"one-sided p at least {CONTROL_LEVEL:g}",
            row["p_value"] >= CONTROL_LEVEL,
        )


def _discrimination(study: StudyTables, arms: list[str]) -> pd.DataFrame:
    """Cross-validated performance of some arms in all subjects, sorted."""
    rows = study.performance[
        study.performance["arm"].isin(arms)
        & (study.performance["scheme"] == "cv")
        & (study.performance["stratum"] == "all")
    ]
    return rows.sort_values(["endpoint", "arm"])
