"""Discrimination of every arm."""

from concord.evaluation.added_value.settings import AddedValue
from concord.evaluation.competing.settings import CompetingRisks
from concord.evaluation.course.settings import SurvivalCourse
from concord.evaluation.discrimination.settings import Discriminate
from concord.evaluation.instability.settings import Instability
from concord.evaluation.probabilities.settings import Calibrate
from concord.evaluation.settings import Evaluate, PoolGroups
from concord.evaluation.subgroups.settings import Subgroups
from concord.evaluation.treatment.settings import TreatmentInteraction
from concord.evaluation.utility.settings import Decide
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
        selection_stability="results/evaluation/{endpoint}_selection_stability.tsv",
        missing_values="results/evaluation/{endpoint}_missing_values.tsv",
        sample_size="results/evaluation/{endpoint}_sample_size.tsv",
        event_counts="results/evaluation/{endpoint}_event_counts.tsv",
        roc="results/evaluation/{endpoint}_roc.tsv",
        kaplan_meier="results/evaluation/{endpoint}_kaplan_meier.tsv",
        risk_groups="results/evaluation/{endpoint}_risk_groups.tsv",
        tuning=tuning_table("results/evaluation/{endpoint}_tuning.tsv"),
        fusion=fusion_table("results/evaluation/{endpoint}_fusion.tsv"),
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


rule calibrate:
    """Compare the probabilities of all arms of an endpoint with what was observed."""
    input:
        predictions=predictions(),
        risks=risks,
    output:
        calibration="results/evaluation/{endpoint}_calibration.tsv",
        calibration_curve="results/evaluation/{endpoint}_calibration_curve.tsv",
        calibration_histogram="results/evaluation/{endpoint}_calibration_histogram.tsv",
        overall="results/evaluation/{endpoint}_overall.tsv",
        pooled_calibration=(
            ["results/evaluation/{endpoint}_pooled_calibration.tsv"] if POOLED else []
        ),
    log:
        "logs/calibrate/{endpoint}.log",
    benchmark:
        "results/benchmarks/calibrate/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(Calibrate),
        code=code_fingerprint("calibrate.py"),
    script:
        "../../scripts/calibrate.py"


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


rule discriminate:
    """Measure in detail how well all arms of an endpoint discriminate."""
    input:
        predictions=predictions(),
        risks=risks,
        null=nulls("{endpoint}"),
    output:
        operating_points="results/evaluation/{endpoint}_operating_points.tsv",
        discrimination="results/evaluation/{endpoint}_discrimination.tsv",
        discrimination_differences=(
            "results/evaluation/{endpoint}_discrimination_differences.tsv"
        ),
        time_dependent_auc="results/evaluation/{endpoint}_time_dependent_auc.tsv",
    log:
        "logs/discriminate/{endpoint}.log",
    benchmark:
        "results/benchmarks/discriminate/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        spec=STUDY.settings_of(Discriminate),
        code=code_fingerprint("discriminate.py"),
    script:
        "../../scripts/discriminate.py"


rule competing_risks:
    """Tell causes that compete apart: incidence, effects of both kinds, groups."""
    input:
        cohort="results/cohort/cohort.tsv",
        predictions=predictions(),
    output:
        competing_incidence="results/evaluation/{endpoint}_competing_incidence.tsv",
        competing_effects="results/evaluation/{endpoint}_competing_effects.tsv",
        competing_tests="results/evaluation/{endpoint}_competing_tests.tsv",
    log:
        "logs/competing_risks/{endpoint}.log",
    benchmark:
        "results/benchmarks/competing_risks/{endpoint}.tsv"
    wildcard_constraints:
        endpoint=endpoints_of("competing"),
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(CompetingRisks),
        code=code_fingerprint("competing_risks.py"),
    script:
        "../../scripts/competing_risks.py"


if POOLED:

    rule pool_groups:
        """Pool the values of the groups that were left out, with random effects."""
        input:
            performance="results/evaluation/{endpoint}_performance.tsv",
        output:
            pooled_groups="results/evaluation/{endpoint}_pooled_groups.tsv",
        log:
            "logs/pool_groups/{endpoint}.log",
        benchmark:
            "results/benchmarks/pool_groups/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PoolGroups),
            code=code_fingerprint("pool_groups.py"),
        script:
            "../../scripts/pool_groups.py"


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


rule decide:
    """Weigh what acting on predicted risks gains, at every threshold."""
    input:
        predictions=predictions(),
        risks=risks,
        null=nulls("{endpoint}"),
    output:
        decision_curve="results/evaluation/{endpoint}_decision_curve.tsv",
        clinical_impact="results/evaluation/{endpoint}_clinical_impact.tsv",
    log:
        "logs/decide/{endpoint}.log",
    benchmark:
        "results/benchmarks/decide/{endpoint}.tsv"
    wildcard_constraints:
        endpoint="|".join(JUDGED_BY_RISK) or "(?!)",
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(Decide),
        code=code_fingerprint("decide.py"),
    script:
        "../../scripts/decide.py"


rule added_value:
    """Tell what every arm adds to the reference arm, by several measures at once."""
    input:
        predictions=predictions(),
        risks=risks,
        comparisons=["results/evaluation/{endpoint}_comparisons.tsv"],
        null=nulls("{endpoint}"),
    output:
        added_value="results/evaluation/{endpoint}_added_value.tsv",
        reclassification="results/evaluation/{endpoint}_reclassification.tsv",
    log:
        "logs/added_value/{endpoint}.log",
    benchmark:
        "results/benchmarks/added_value/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(AddedValue),
        code=code_fingerprint("added_value.py"),
    script:
        "../../scripts/added_value.py"


rule survival_course:
    """Follow the risk groups over time; test whether effects change with time."""
    input:
        cohort="results/cohort/cohort.tsv",
        predictions=predictions(),
    output:
        group_survival="results/evaluation/{endpoint}_group_survival.tsv",
        group_survival_at="results/evaluation/{endpoint}_group_survival_at.tsv",
        rmst_differences="results/evaluation/{endpoint}_rmst_differences.tsv",
        log_rank_tests="results/evaluation/{endpoint}_log_rank_tests.tsv",
        proportional_hazards="results/evaluation/{endpoint}_proportional_hazards.tsv",
        time_dependent_effect="results/evaluation/{endpoint}_time_dependent_effect.tsv",
    log:
        "logs/survival_course/{endpoint}.log",
    benchmark:
        "results/benchmarks/survival_course/{endpoint}.tsv"
    wildcard_constraints:
        endpoint=endpoints_of("survival"),
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(SurvivalCourse),
        code=code_fingerprint("survival_course.py"),
    script:
        "../../scripts/survival_course.py"


if OPTIMISM:

    rule correct_optimism:
        """Tell from bootstrap samples how optimistic every arm is."""
        input:
            resampled=expand(
                "results/models/{{endpoint}}/{arm}/{part}_resampled.tsv",
                arm=STUDY.config.arms,
                part=SAMPLE_PARTS,
            ),
        output:
            bootstrap="results/evaluation/{endpoint}_bootstrap.tsv",
        log:
            "logs/correct_optimism/{endpoint}.log",
        benchmark:
            "results/benchmarks/correct_optimism/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(NoSettings),
            code=code_fingerprint("correct_optimism.py"),
        script:
            "../../scripts/correct_optimism.py"


if INSTABILITY_ARMS:

    rule instability:
        """Tell how far models of other samples would predict and select otherwise."""
        input:
            cohort="results/cohort/cohort.tsv",
            sample_predictions=of_samples("sample_predictions"),
            sample_fits=of_samples("sample_fits"),
        output:
            instability="results/evaluation/{endpoint}_instability.tsv",
            prediction_instability="results/evaluation/{endpoint}_prediction_instability.tsv",
            class_instability="results/evaluation/{endpoint}_class_instability.tsv",
            calibration_instability="results/evaluation/{endpoint}_calibration_instability.tsv",
            sample_stability="results/evaluation/{endpoint}_sample_stability.tsv",
        log:
            "logs/instability/{endpoint}.log",
        benchmark:
            "results/benchmarks/instability/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=15,
        params:
            spec=STUDY.settings_of(Instability),
            code=code_fingerprint("instability.py"),
        script:
            "../../scripts/instability.py"


if SUBGROUPS:

    rule subgroups:
        """Judge arms in declared subgroups, and test whether these differ."""
        input:
            cohort="results/cohort/cohort.tsv",
            predictions=predictions(),
            risks=risks,
            null=nulls("{endpoint}"),
        output:
            subgroups="results/evaluation/{endpoint}_subgroups.tsv",
            subgroup_tests="results/evaluation/{endpoint}_subgroup_tests.tsv",
            fairness="results/evaluation/{endpoint}_fairness.tsv",
        log:
            "logs/subgroups/{endpoint}.log",
        benchmark:
            "results/benchmarks/subgroups/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=15,
        params:
            spec=STUDY.settings_of(Subgroups),
            code=code_fingerprint("subgroups.py"),
        script:
            "../../scripts/subgroups.py"
