"""The analysis cohort and its splits."""


rule assemble_cohort:
    """Join clinical table and acquisition facts into one checked table."""
    input:
        subjects=ancient(str(STUDY.subjects.path)),
        acquisition="results/ingest/acquisition.tsv",
    output:
        cohort="results/cohort/cohort.tsv",
        confounding="results/cohort/confounding.tsv",
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
        spec=cohort_spec(STUDY),
        code=code_fingerprint("assemble_cohort.py"),
    script:
        "../../scripts/assemble_cohort.py"


rule make_folds:
    """Split the subjects into development and evaluation, once for all arms."""
    input:
        cohort="results/cohort/cohort.tsv",
    output:
        folds="results/folds/folds.tsv",
    log:
        "logs/make_folds.log",
    benchmark:
        "results/benchmarks/make_folds/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=folds_spec(STUDY),
        code=code_fingerprint("make_folds.py"),
    script:
        "../../scripts/make_folds.py"
