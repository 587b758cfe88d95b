"""The analysis cohort and its splits."""

from concord.folds.settings import AssembleCohort, DrawSamples, MakeFolds
from concord.harmonization.confounding_settings import CheckDesign, FindGiveaways
from concord.settings import NoSettings


rule assemble_cohort:
    """Join clinical table and acquisition facts into one checked table."""
    input:
        subjects=ancient(STUDY.subject_sheets),
        acquisition=(
            "results/features/batches.tsv"
            if TABLE
            else ("results/ingest/acquisition.tsv" if STUDY.has_images else [])
        ),
    output:
        cohort="results/cohort/cohort.tsv",
        labels="results/cohort/labels.tsv",
        sealed=["results/cohort/sealed.tsv"] if SEALED else [],
    log:
        "logs/assemble_cohort.log",
    benchmark:
        "results/benchmarks/assemble_cohort/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(AssembleCohort),
        code=code_fingerprint("assemble_cohort.py"),
    script:
        "../../scripts/assemble_cohort.py"


rule make_folds:
    """Split the subjects, none a copy of another, into development and evaluation."""
    input:
        cohort=FOLD_TABLES["cohort"],
        features=FOLD_TABLES["features"],
    output:
        folds="results/folds/{fold_set}/folds.tsv",
    log:
        "logs/make_folds/{fold_set}.log",
    benchmark:
        "results/benchmarks/make_folds/{fold_set}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(MakeFolds),
        code=code_fingerprint("make_folds.py"),
    script:
        "../../scripts/make_folds.py"


if SAMPLES:

    rule draw_samples:
        """Draw bootstrap samples of the subjects, none a copy of another."""
        input:
            cohort=FOLD_TABLES["cohort"],
            features=FOLD_TABLES["features"],
        output:
            folds="results/folds/bootstrap/folds.tsv",
        log:
            "logs/draw_samples.log",
        benchmark:
            "results/benchmarks/draw_samples/all.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(DrawSamples),
            code=code_fingerprint("draw_samples.py"),
        script:
            "../../scripts/draw_samples.py"


rule check_design:
    """Test what goes with the group: outcomes, factors and covariates."""
    input:
        cohort="results/cohort/cohort.tsv",
        folds=of_models(BY_GROUP),
    output:
        confounding="results/cohort/confounding.tsv",
        confounding_tests="results/cohort/confounding_tests.tsv",
        nesting="results/cohort/nesting.tsv",
    log:
        "logs/check_design.log",
    benchmark:
        "results/benchmarks/check_design/all.tsv"
    priority: 10
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(CheckDesign),
        code=code_fingerprint("check_design.py"),
    script:
        "../../scripts/check_design.py"


rule find_giveaways:
    """Ask which features and covariates nearly are an outcome, or another of them."""
    input:
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
    output:
        giveaways="results/cohort/giveaways.tsv",
        duplicate_columns="results/cohort/duplicate_columns.tsv",
    log:
        "logs/find_giveaways.log",
    benchmark:
        "results/benchmarks/find_giveaways/all.tsv"
    priority: 10
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        spec=STUDY.settings(FindGiveaways),
        code=code_fingerprint("find_giveaways.py"),
    script:
        "../../scripts/find_giveaways.py"


rule split_folds:
    """Put development and evaluation rows of each fold into directories apart."""
    input:
        **FOLD_TABLES,
        folds="results/folds/{fold_set}/folds.tsv",
    output:
        development=directory("results/folds/{fold_set}/{part}_development"),
        evaluation=directory("results/folds/{fold_set}/{part}_evaluation"),
        phantom=(
            directory("results/folds/{fold_set}/{part}_phantom")
            if FOLD_TABLES["phantom"]
            else []
        ),
    log:
        "logs/split_folds/{fold_set}_{part}.log",
    benchmark:
        "results/benchmarks/split_folds/{fold_set}_{part}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.settings(NoSettings, tables=FOLD_TABLES["phantom"]),
        code=code_fingerprint("split_folds.py"),
    script:
        "../../scripts/split_folds.py"
