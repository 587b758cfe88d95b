"""The checked study, its wildcards, and its targets."""

from concord.folds import fold_sets
from concord.folds.scheme import BOOTSTRAP, EVALUATED, FINAL, LOSO, pattern
from concord.study.consensus import segmented_regions
from concord.fields import NAME
from concord.models.settings.fusion import features_of
from concord.models.settings.rules import batches
from concord.readers import CONSENSUS

TABLE = STUDY.starts_from_table
REPEATS = STUDY.repeats_measurements
VARIANTS = ["results/features/variants.parquet"] if STUDY.variant_images else []
READERS = STUDY.has_readers
REVIEW = STUDY.config.agreement.review is not None and not TABLE
MAPS = STUDY.maps_features
AGGREGATED = STUDY.aggregated_images
SITES = sorted(STUDY.config.simulation.sites) if DEMO else []
ENDPOINTS = list(STUDY.config.endpoints)
#: Endpoints with times at which absolute risks are judged.
WITH_RISKS = [n for n, e in STUDY.config.endpoints.items() if e.evaluate_at_days]
PARTS = STUDY.config.validation.parts()
SAMPLE_PARTS = STUDY.config.validation.sample_parts()
POOLED = STUDY.config.validation.internal_external
FOLD_SETS = fold_sets.names(STUDY.config.validation.stratify_by, ENDPOINTS)
#: What is judged without an endpoint never sees an outcome, not even by its folds.
BY_GROUP = f"results/folds/{fold_sets.GROUP}/folds.tsv"
#: Bootstrap samples stand apart, so that more of them leave all other folds alone.
SAMPLES = ["results/folds/bootstrap/folds.tsv"] if SAMPLE_PARTS else []
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


wildcard_constraints:
    chunk=r"[A-Za-z0-9]+-[01]+",
    image="|".join(STUDY.config.images) or NAME,
    endpoint="|".join(ENDPOINTS),
    arm="|".join(STUDY.config.arms),
    part=pattern(*EVALUATED, BOOTSTRAP, FINAL),
    fold_set="|".join(FOLD_SETS),
