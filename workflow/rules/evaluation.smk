"""Discrimination of every arm."""

from concord.evaluation.settings import Evaluate


rule evaluate:
    """Judge the predictions of all arms of an endpoint, with intervals."""
    input:
        predictions=predictions(),
        fits=model_files("fits"),
        coefficients=model_files("coefficients"),
    output:
        performance="results/evaluation/{endpoint}_performance.tsv",
        comparisons="results/evaluation/{endpoint}_comparisons.tsv",
        selection="results/evaluation/{endpoint}_selection.tsv",
    log:
        "logs/evaluate/{endpoint}.log",
    benchmark:
        "results/benchmarks/evaluate/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.settings_of(Evaluate),
        code=code_fingerprint("evaluate.py"),
    script:
        "../../scripts/evaluate.py"
