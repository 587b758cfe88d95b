"""Models, the null, and the leakage test."""

from concord.evaluation.settings import PredictionAgreement
from concord.models.settings import (
    FitArm,
    FitNull,
    PredictArms,
    PredictReaders,
    LeakageTest,
)


rule fit_arm:
    """Fit one arm to the development rows of each fold; of `final`, to all rows."""
    input:
        development="results/folds/{part}_development",
        dictionary="results/features/dictionary.tsv",
        phantom=lambda wildcards: phantom_table(wildcards.arm),
    output:
        fits="results/models/{endpoint}/{arm}/{part}_fits.tsv",
        coefficients="results/models/{endpoint}/{arm}/{part}_coefficients.tsv",
        estimates="results/models/{endpoint}/{arm}/{part}_estimates.json",
    log:
        "logs/fit_arm/{endpoint}_{arm}_{part}.log",
    benchmark:
        "results/benchmarks/fit_arm/{endpoint}_{arm}_{part}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings_of(FitArm),
        code=code_fingerprint("fit_arm.py"),
    script:
        "../../scripts/fit_arm.py"


rule predict_arms:
    """Score the evaluation rows of each fold by what all arms have learnt."""
    input:
        evaluation="results/folds/{part}_evaluation",
        estimates=expand(
            "results/models/{{endpoint}}/{arm}/{{part}}_estimates.json",
            arm=STUDY.config.arms,
        ),
    output:
        predictions="results/models/{endpoint}/{part}_predictions.tsv",
    log:
        "logs/predict_arms/{endpoint}_{part}.log",
    benchmark:
        "results/benchmarks/predict_arms/{endpoint}_{part}.tsv"
    wildcard_constraints:
        part=pattern(*EVALUATED),
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.settings(PredictArms),
        code=code_fingerprint("predict_arms.py"),
    script:
        "../../scripts/predict_arms.py"


rule fit_null:
    """Refit an arm to outcomes permuted within groups."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        variants=VARIANTS,
        folds="results/folds/folds.tsv",
        phantom=lambda wildcards: phantom_table(wildcards.arm),
    output:
        null="results/models/{endpoint}/{arm}/null.tsv",
    log:
        "logs/fit_null/{endpoint}_{arm}.log",
    benchmark:
        "results/benchmarks/fit_null/{endpoint}_{arm}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        spec=STUDY.settings_of(FitNull),
        code=code_fingerprint("fit_null.py"),
    script:
        "../../scripts/fit_null.py"


rule leakage_test:
    """Perturb the evaluation rows of every fold; what is learnt must not change."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        variants=VARIANTS,
        folds="results/folds/folds.tsv",
        fits=expand(
            "results/models/{{endpoint}}/{arm}/{part}_fits.tsv",
            arm=[HEADLINE],
            part=PARTS,
        ),
        phantom=phantom_table(HEADLINE),
    output:
        leakage="results/harmonization/{endpoint}_leakage.tsv",
    log:
        "logs/leakage_test/{endpoint}.log",
    benchmark:
        "results/benchmarks/leakage_test/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        spec=STUDY.settings_of(LeakageTest),
        code=code_fingerprint("leakage_test.py"),
    script:
        "../../scripts/leakage_test.py"


if PREDICTED_BY_READERS:

    rule predict_readers:
        """Score the evaluation rows of each fold by the segmentations of every reader."""
        input:
            evaluation="results/folds/{part}_evaluation",
            estimates=expand(
                "results/models/{{endpoint}}/{arm}/{{part}}_estimates.json",
                arm=FEATURE_ARMS,
            ),
        output:
            predictions="results/models/{endpoint}/{part}_reader_predictions.tsv",
        log:
            "logs/predict_readers/{endpoint}_{part}.log",
        benchmark:
            "results/benchmarks/predict_readers/{endpoint}_{part}.tsv"
        wildcard_constraints:
            part=pattern(*EVALUATED),
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            spec=STUDY.settings(PredictReaders),
            code=code_fingerprint("predict_readers.py"),
        script:
            "../../scripts/predict_readers.py"

    rule prediction_agreement:
        """Report how far predictions depend on who made the segmentations."""
        input:
            predictions=expand(
                "results/models/{{endpoint}}/{part}_reader_predictions.tsv", part=PARTS
            ),
            fits=expand(
                "results/models/{{endpoint}}/{arm}/{part}_fits.tsv",
                arm=FEATURE_ARMS,
                part=PARTS,
            ),
        output:
            agreement="results/evaluation/{endpoint}_prediction_agreement.tsv",
        log:
            "logs/prediction_agreement/{endpoint}.log",
        benchmark:
            "results/benchmarks/prediction_agreement/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=15,
        params:
            spec=STUDY.settings_of(PredictionAgreement),
            code=code_fingerprint("prediction_agreement.py"),
        script:
            "../../scripts/prediction_agreement.py"
