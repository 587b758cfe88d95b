"""The null of predictions that no model of this study made."""

from concord.evaluation.given.settings import PermuteOutcomes


rule permute_outcomes:
    """Tell what given scores reach where outcomes are permuted within groups."""
    input:
        predictions="results/models/{endpoint}/given_predictions.tsv",
    output:
        null="results/models/{endpoint}/given_null.tsv",
    log:
        "logs/permute_outcomes/{endpoint}.log",
    benchmark:
        "results/benchmarks/permute_outcomes/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PermuteOutcomes),
        code=code_fingerprint("permute_outcomes.py"),
    script:
        "../../scripts/permute_outcomes.py"
