"""What harmonization removes, what it leaves, and what it does to associations."""

from concord.harmonization.settings import (
    CrossCheckCombat,
    HarmonizationDiagnostics,
    SiteEffect,
)


rule site_effect:
    """Site effect on the features: raw, and harmonized on held-out rows only."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        folds=BY_GROUP,
    output:
        site_effect="results/harmonization/site_effect.tsv",
        batch_variance="results/harmonization/batch_variance.tsv",
        batch_tests="results/harmonization/batch_tests.tsv",
        batch_prediction="results/harmonization/batch_prediction.tsv",
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
        spec=STUDY.settings(SiteEffect),
        code=code_fingerprint("site_effect.py"),
    script:
        "../../scripts/site_effect.py"


rule harmonization_diagnostics:
    """What ComBat learns of each batch, and what it does to held-out rows."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        folds=BY_GROUP,
    output:
        batch_estimates="results/harmonization/batch_estimates.tsv",
        batch_priors="results/harmonization/batch_priors.tsv",
        components="results/harmonization/components.tsv",
        associations="results/harmonization/associations.tsv",
    log:
        "logs/harmonization_diagnostics.log",
    benchmark:
        "results/benchmarks/harmonization_diagnostics/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(HarmonizationDiagnostics),
        code=code_fingerprint("harmonization_diagnostics.py"),
    script:
        "../../scripts/harmonization_diagnostics.py"


rule cross_check_combat:
    """Refit ComBat of every fold with neuroCombat and report the difference."""
    input:
        development=expand(
            "results/folds/{fold_set}/{part}_development",
            fold_set=fold_sets.GROUP,
            part=PARTS,
        ),
    output:
        crosscheck="results/harmonization/combat_crosscheck.tsv",
    log:
        "logs/cross_check_combat.log",
    benchmark:
        "results/benchmarks/cross_check_combat/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(CrossCheckCombat),
        code=code_fingerprint("cross_check_combat.py"),
    script:
        "../../scripts/cross_check_combat.py"
