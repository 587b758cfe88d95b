"""The analysis cohort and its splits."""

from concord.folds.settings import AssembleCohort, MakeFolds
from concord.settings import NoSettings


rule assemble_cohort:
    """Join clinical table and acquisition facts into one checked table."""
    input:
        subjects=ancient(str(STUDY.subjects.path)),
        acquisition=(
            "results/features/batches.tsv"
            if TABLE
            else "results/ingest/acquisition.tsv"
        ),
    output:
        cohort="results/cohort/cohort.tsv",
        confounding="results/cohort/confounding.tsv",
        nesting="results/cohort/nesting.tsv",
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
        spec=STUDY.settings(NoSettings),
        code=code_fingerprint("split_folds.py"),
    script:
        "../../scripts/split_folds.py"
