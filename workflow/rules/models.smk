"""Models, the null, and what harmonization did."""


rule fit_arm:
    """Fit one arm on the development rows of each fold and predict the others."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        folds="results/folds/folds.tsv",
    output:
        predictions="results/models/{endpoint}/{arm}/{part}_predictions.tsv",
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
        spec=lambda wildcards: arm_spec(STUDY, wildcards.endpoint, wildcards.arm),
        code=code_fingerprint("fit_arm.py"),
    script:
        "../../scripts/fit_arm.py"


rule fit_null:
    """Refit the headline arm to outcomes permuted within groups."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        folds="results/folds/folds.tsv",
    output:
        null="results/models/{endpoint}/null.tsv",
    log:
        "logs/fit_null/{endpoint}.log",
    benchmark:
        "results/benchmarks/fit_null/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        spec=lambda wildcards: null_spec(STUDY, wildcards.endpoint),
        code=code_fingerprint("fit_null.py"),
    script:
        "../../scripts/fit_null.py"


rule site_effect:
    """Site effect on the features: raw, and harmonized on held-out rows only."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        folds="results/folds/folds.tsv",
    output:
        site_effect="results/harmonization/site_effect.tsv",
        site_predictability="results/harmonization/site_predictability.tsv",
    log:
        "logs/site_effect.log",
    benchmark:
        "results/benchmarks/site_effect/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.spec(
            "harmonization",
            "study.seed",
            "study.baseline_session",
            "study.reference_reader",
        ),
        code=code_fingerprint("site_effect.py"),
    script:
        "../../scripts/site_effect.py"
