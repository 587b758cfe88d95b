"""A table of features instead of images (absent from studies that have images)."""

from concord.feature_import.settings import ImportFeatures


rule import_features:
    """Take features that another tool computed as they are."""
    input:
        table=STUDY.feature_tables,
        subjects=ancient(STUDY.subject_sheets),
    output:
        features="results/features/features.parquet",
        dictionary="results/features/dictionary.tsv",
        dictionary_json="results/features/dictionary.json",
        undefined="results/features/undefined.tsv",
        exclusions="results/features/exclusions.tsv",
        batches="results/features/batches.tsv",
    log:
        "logs/import_features.log",
    benchmark:
        "results/benchmarks/import_features/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        spec=STUDY.settings(ImportFeatures, tables=STUDY.feature_tables),
        code=code_fingerprint("import_features.py"),
    script:
        "../../scripts/import_features.py"
