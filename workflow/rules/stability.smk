"""Repeatability and reproducibility of features."""

from concord.stability.settings import Stability


rule stability:
    """ICC of every feature between readers and between test and retest."""
    input:
        features="results/features/features.parquet",
        variants=VARIANTS,
    output:
        stability="results/stability/stability.tsv",
        readers="results/stability/reader_pairs.tsv",
    log:
        "logs/stability.log",
    benchmark:
        "results/benchmarks/stability/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=15,
    params:
        spec=STUDY.settings(Stability),
        code=code_fingerprint("stability.py"),
    script:
        "../../scripts/stability.py"
