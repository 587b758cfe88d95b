"""The checked study, its wildcards, and its targets."""

import re

from concord.draft.request import REGISTERS, UNSEALS
from concord.folds import fold_sets
from concord.folds.scheme import BOOTSTRAP, EVALUATED, FINAL, LOSO, pattern
from concord.study.consensus import segmented_regions
from concord.fields import NAME
from concord.frozen.settings import developments, frozen_arms
from concord.models.settings.fusion import features_of, harmonizes
from concord.models.settings.rules import batches
from concord.readers import CONSENSUS

TABLE = STUDY.starts_from_table
#: True if frozen models, or another tool, make the predictions: nothing is fitted here.
GIVEN = not STUDY.fits_models
#: True if frozen models are applied to the features of this study.
APPLIED = STUDY.applies_models
#: True if these are updated by the outcomes here; the models themselves stay.
UPDATED = APPLIED and STUDY.config.model.updates
REPEATS = STUDY.repeats_measurements
VARIANTS = ["results/features/variants.parquet"] if STUDY.variant_images else []
READERS = STUDY.has_readers
REVIEW = STUDY.config.agreement.review is not None and STUDY.has_images
MAPS = STUDY.maps_features
AGGREGATED = STUDY.aggregated_images
SITES = sorted(STUDY.config.simulation.sites) if DEMO else []
ENDPOINTS = list(STUDY.config.endpoints)
#: Endpoints with times at which absolute risks are judged.
WITH_RISKS = [n for n, e in STUDY.config.endpoints.items() if e.evaluate_at_days]
#: Endpoints whose predictions are absolute risks: of a class, or at declared times.
JUDGED_BY_RISK = [
    name
    for name, kind in STUDY.endpoint_kinds.items()
    if kind == "binary" or name in WITH_RISKS
]
PARTS = STUDY.config.validation.parts()
SAMPLE_PARTS = STUDY.config.validation.sample_parts(STUDY.config.n_samples)
SEALED = STUDY.config.validation.sealed is not None
REGISTRATION = "registered/registration.json"
#: Scores by frozen models, as they are told of each subject.
PREDICTED = "results/predicted/predictions.tsv"
#: Frozen models that are made of published equations, by arm.
IMPORTED = {arm: f"results/imported/{arm}/model.json" for arm in STUDY.published_models}
#: Documents of all models that are applied, in the order of the arms.
DOCUMENTS = [
    IMPORTED.get(arm, path)
    for arm, path in zip(STUDY.config.arms, STUDY.model_files, strict=False)
]
#: Cards and equations of updated and of imported models, a folder for each.
DESCRIBED_UPDATES = "results/described"
#: True if they alone are asked for, so that the terminal tells them.
PREDICTING = APPLIED and "predict" in ASKED
LEDGER = "registered/sealed_ledger.jsonl"
#: The rules that write these exist only in a run that asks for them: nothing else opens
#: the seal, or registers a plan that nobody asked to be registered.
REGISTERING = bool(ASKED & REGISTERS)
UNSEALING = SEALED and bool(ASKED & UNSEALS)
REGISTERED = [REGISTRATION] if REGISTERING or Path(REGISTRATION).exists() else []
LOOKED = [LEDGER] if UNSEALING or Path(LEDGER).exists() else []
POOLED = STUDY.config.validation.internal_external
FOLD_SETS = fold_sets.names(STUDY.config.validation.stratify_by, ENDPOINTS)
#: What is judged without an endpoint never sees an outcome, not even by its folds.
BY_GROUP = f"results/folds/{fold_sets.GROUP}/folds.tsv"
#: Bootstrap samples stand apart, so that more of them leave all other folds alone.
SAMPLES = ["results/folds/bootstrap/folds.tsv"] if SAMPLE_PARTS else []
#: Arms that are fitted to samples, and those whose models there are kept track of.
RESAMPLED = STUDY.config.resampled_arms
INSTABILITY_ARMS = STUDY.config.instability_arms
OPTIMISM = STUDY.config.validation.bootstrap > 0
SUBGROUPS = bool(STUDY.config.evaluation.subgroups)
#: All that a fold is split from, and so all that a fit may learn from. The leakage test
#: perturbs every one of these inputs, and refuses one that it knows no perturbation of.
FOLD_TABLES = {
    "cohort": "results/cohort/cohort.tsv",
    "features": "results/features/features.parquet",
    "variants": VARIANTS,
    "phantom": STUDY.phantom_table,
}
ARM_BATCHES = batches(STUDY.config.arms, STUDY.config.validation.arms_per_job)
AGREED = segmented_regions(STUDY.config, STUDY.masks, CONSENSUS)


HEADLINE = STUDY.config.evaluation.headline_arm
REFERENCE = STUDY.config.evaluation.reference_arm
#: Numbers of the jobs of each endpoint that judge all analyses; none without a multiverse.
MULTIVERSE_CHUNKS = range(1, 1 + STUDY.n_multiverse_chunks)
FEATURE_ARMS = [n for n in STUDY.config.arms if features_of(STUDY.config.arms, n)]
FUSED_ARMS = [n for n, a in STUDY.config.arms.items() if a.fusion is not None]
PREDICTED_BY_READERS = STUDY.predicts_by_readers
#: Arms that are written as models for use elsewhere, and the sets of subjects they are
#: of; batch effects from a phantom are estimated anew in each of their samples.
FROZEN = [] if GIVEN else frozen_arms(STUDY)
DEVELOPMENTS = developments(STUDY)
FROZEN_PHANTOM = STUDY.config.freeze.samples > 0 and any(
    harmonizes(STUDY.config.arms, name) for name in FROZEN if STUDY.phantom_table
)


wildcard_constraints:
    chunk=r"[A-Za-z0-9]+-[01]+",
    image="|".join(STUDY.config.images) or NAME,
    endpoint="|".join(ENDPOINTS) or "(?!)",
    arm="|".join(STUDY.config.arms),
    part=pattern(*EVALUATED, BOOTSTRAP, FINAL),
    fold_set="|".join(FOLD_SETS) or "(?!)",
    development="|".join(map(re.escape, DEVELOPMENTS)),
