"""Discrimination of every arm."""

from concord.evaluation.settings import Evaluate
from concord.evaluation.treatment.settings import TreatmentInteraction
from concord.settings import NoSettings


rule evaluate:
    """Judge the predictions of all arms of an endpoint, with intervals."""
    input:
        cohort="results/cohort/cohort.tsv",
        predictions=predictions(),
        fits=model_files("fits"),
        coefficients=model_files("coefficients"),
        null=nulls("{endpoint}"),
        tuning=tuning_files(),
    output:
        performance="results/evaluation/{endpoint}_performance.tsv",
        comparisons="results/evaluation/{endpoint}_comparisons.tsv",
        arm_exclusions="results/evaluation/{endpoint}_arm_exclusions.tsv",
        selection="results/evaluation/{endpoint}_selection.tsv",
        missing_values="results/evaluation/{endpoint}_missing_values.tsv",
        roc="results/evaluation/{endpoint}_roc.tsv",
        kaplan_meier="results/evaluation/{endpoint}_kaplan_meier.tsv",
        risk_groups="results/evaluation/{endpoint}_risk_groups.tsv",
        tuning=tuning_table("results/evaluation/{endpoint}_tuning.tsv"),
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


rule null_tests:
    """Compare the value of every arm with its null distribution."""
    input:
        performance="results/evaluation/{endpoint}_performance.tsv",
        null=nulls("{endpoint}"),
    output:
        null_tests="results/evaluation/{endpoint}_null_tests.tsv",
    log:
        "logs/null_tests/{endpoint}.log",
    benchmark:
        "results/benchmarks/null_tests/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(NoSettings),
        code=code_fingerprint("null_tests.py"),
    script:
        "../../scripts/null_tests.py"


rule treatment_interaction:
    """Test whether the effect of a treatment depends on a marker."""
    input:
        cohort="results/cohort/cohort.tsv",
        features=marker_features,
        predictions=marker_scores,
    output:
        interaction="results/evaluation/{endpoint}_interaction.tsv",
        marker_effects="results/evaluation/{endpoint}_marker_effects.tsv",
        treatment_effect="results/evaluation/{endpoint}_treatment_effect.tsv",
        marker_values="results/evaluation/{endpoint}_marker_values.tsv",
    log:
        "logs/treatment_interaction/{endpoint}.log",
    benchmark:
        "results/benchmarks/treatment_interaction/{endpoint}.tsv"
    wildcard_constraints:
        endpoint=endpoints_of("predictive"),
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.settings_of(TreatmentInteraction),
        code=code_fingerprint("treatment_interaction.py"),
    script:
        "../../scripts/treatment_interaction.py"
