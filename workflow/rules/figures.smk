"""The figures of the paper: SVG, PDF and PNG of each; one job draws those of a kind."""

from concord.figures.settings import (
    FigureSettings,
    PlotCompeting,
    PlotEndpoint,
    PlotFeatures,
    PlotHarmonization,
    PlotPredictive,
    PlotReaders,
    PlotValidation,
)

if is_drawn("protocol"):

    rule plot_protocol:
        """Draw how far each site conforms to the protocol."""
        input:
            protocol_summary="results/ingest/protocol_summary.tsv",
        output:
            protocol=figure("protocol"),
        log:
            "logs/plot_protocol.log",
        benchmark:
            "results/benchmarks/plot_protocol/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(FigureSettings),
            code=code_fingerprint("plot_protocol.py"),
        script:
            "../../scripts/plot_protocol.py"


if is_drawn("agreement"):

    rule plot_readers:
        """Draw how well readers agree, and the cases in which they agree worst."""
        input:
            agreement="results/agreement/agreement.tsv",
            tiles=["results/agreement/tiles.json"] if READERS else [],
        output:
            agreement=figure("agreement"),
            agreement_matrix=figure("agreement_matrix"),
            agreement_volumes=figure("agreement_volumes"),
            gallery=figure("gallery"),
        log:
            "logs/plot_readers.log",
        benchmark:
            "results/benchmarks/plot_readers/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotReaders),
            code=code_fingerprint("plot_readers.py"),
        script:
            "../../scripts/plot_readers.py"


if is_drawn("feature_maps") or is_drawn("stability"):

    rule plot_features:
        """Draw the maps of features, and how far features repeat."""
        input:
            pictures=(
                chunk_files("results/maps/{chunk}_{image}.json", pairs="mapped")
                if MAPS
                else []
            ),
            stability=["results/stability/stability.tsv"] if REPEATS else [],
        output:
            feature_maps=figure("feature_maps"),
            stability=figure("stability"),
        log:
            "logs/plot_features.log",
        benchmark:
            "results/benchmarks/plot_features/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotFeatures),
            code=code_fingerprint("plot_features.py"),
        script:
            "../../scripts/plot_features.py"


if is_drawn("site_effect"):

    rule plot_harmonization:
        """Draw the site effect, and what harmonization does to it and to associations."""
        input:
            site_effect="results/harmonization/site_effect.tsv",
            batch_prediction="results/harmonization/batch_prediction.tsv",
            components="results/harmonization/components.tsv",
            associations="results/harmonization/associations.tsv",
            batch_estimates="results/harmonization/batch_estimates.tsv",
            batch_priors="results/harmonization/batch_priors.tsv",
            cohort="results/cohort/cohort.tsv",
        output:
            site_effect=figure("site_effect"),
            components=figure("components"),
            associations=figure("associations"),
            batch_estimates=figure("batch_estimates"),
        log:
            "logs/plot_harmonization.log",
        benchmark:
            "results/benchmarks/plot_harmonization/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotHarmonization),
            code=code_fingerprint("plot_harmonization.py"),
        script:
            "../../scripts/plot_harmonization.py"


if is_drawn("group_forest"):

    rule plot_validation:
        """Draw how far the values of groups that were left out differ."""
        input:
            performance=evaluations("performance"),
            pooled_groups=evaluations("pooled_groups"),
        output:
            group_forest=figure("group_forest"),
        log:
            "logs/plot_validation.log",
        benchmark:
            "results/benchmarks/plot_validation/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotValidation),
            code=code_fingerprint("plot_validation.py"),
        script:
            "../../scripts/plot_validation.py"


rule plot_binary:
    """Draw what the models of a binary endpoint reach, and by which features."""
    input:
        performance="results/evaluation/{endpoint}_performance.tsv",
        null=nulls("{endpoint}"),
        roc="results/evaluation/{endpoint}_roc.tsv",
        operating_points="results/evaluation/{endpoint}_operating_points.tsv",
        selection="results/evaluation/{endpoint}_selection.tsv",
        decision_curve=of_risks("results/evaluation/{endpoint}_decision_curve.tsv"),
        reclassification="results/evaluation/{endpoint}_reclassification.tsv",
        tuning=tuning_table("results/evaluation/{endpoint}_tuning.tsv"),
        calibration="results/evaluation/{endpoint}_calibration.tsv",
        calibration_curve="results/evaluation/{endpoint}_calibration_curve.tsv",
        calibration_histogram=(
            "results/evaluation/{endpoint}_calibration_histogram.tsv"
        ),
        reader_predictions=by_readers(
            "results/models/{endpoint}/{part}_reader_predictions.tsv"
        ),
        prediction_agreement=by_readers(
            "results/evaluation/{endpoint}_prediction_agreement.tsv"
        ),
        prediction_instability=instability_of("prediction_instability"),
        class_instability=instability_of("class_instability"),
        calibration_instability=instability_of("calibration_instability"),
        subgroups=subgroups_of("subgroups"),
        subgroup_tests=subgroups_of("subgroup_tests"),
        specifications=multiverse("specifications"),
        specification_choices=multiverse("specification_choices"),
        external=of_applied("results/evaluation/{endpoint}_external.tsv"),
        external_scores=of_applied("results/evaluation/{endpoint}_external_scores.tsv"),
    output:
        performance=figure("performance"),
        roc=figure("roc"),
        decision_curve=figure("decision_curve"),
        reclassification=figure("reclassification"),
        selection=figure("selection"),
        tuning_path=figure("tuning_path"),
        calibration=figure("calibration"),
        prediction_agreement=figure("prediction_agreement"),
        prediction_instability=figure("prediction_instability"),
        subgroup_forest=figure("subgroup_forest"),
        specification_curve=figure("specification_curve"),
        expected_observed=figure("expected_observed"),
        score_shift=figure("score_shift"),
    log:
        "logs/plot_binary/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_binary/{endpoint}.tsv"
    wildcard_constraints:
        endpoint=endpoints_of("binary"),
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotEndpoint),
        code=code_fingerprint("plot_binary.py"),
    script:
        "../../scripts/plot_binary.py"


rule plot_survival:
    """Draw what the models of a survival endpoint reach, and by which features."""
    input:
        performance="results/evaluation/{endpoint}_performance.tsv",
        null=nulls("{endpoint}"),
        kaplan_meier="results/evaluation/{endpoint}_kaplan_meier.tsv",
        risk_groups="results/evaluation/{endpoint}_risk_groups.tsv",
        time_dependent_auc="results/evaluation/{endpoint}_time_dependent_auc.tsv",
        rmst_differences="results/evaluation/{endpoint}_rmst_differences.tsv",
        log_rank_tests="results/evaluation/{endpoint}_log_rank_tests.tsv",
        time_dependent_effect="results/evaluation/{endpoint}_time_dependent_effect.tsv",
        selection="results/evaluation/{endpoint}_selection.tsv",
        decision_curve=of_risks("results/evaluation/{endpoint}_decision_curve.tsv"),
        reclassification="results/evaluation/{endpoint}_reclassification.tsv",
        tuning=tuning_table("results/evaluation/{endpoint}_tuning.tsv"),
        calibration="results/evaluation/{endpoint}_calibration.tsv",
        calibration_curve="results/evaluation/{endpoint}_calibration_curve.tsv",
        calibration_histogram=(
            "results/evaluation/{endpoint}_calibration_histogram.tsv"
        ),
        reader_predictions=by_readers(
            "results/models/{endpoint}/{part}_reader_predictions.tsv"
        ),
        prediction_agreement=by_readers(
            "results/evaluation/{endpoint}_prediction_agreement.tsv"
        ),
        prediction_instability=instability_of("prediction_instability"),
        class_instability=instability_of("class_instability"),
        calibration_instability=instability_of("calibration_instability"),
        subgroups=subgroups_of("subgroups"),
        subgroup_tests=subgroups_of("subgroup_tests"),
        specifications=multiverse("specifications"),
        specification_choices=multiverse("specification_choices"),
        external=of_applied("results/evaluation/{endpoint}_external.tsv"),
        external_scores=of_applied("results/evaluation/{endpoint}_external_scores.tsv"),
    output:
        performance=figure("performance"),
        kaplan_meier=figure("kaplan_meier"),
        time_dependent_auc=figure("time_dependent_auc"),
        decision_curve=figure("decision_curve"),
        reclassification=figure("reclassification"),
        time_dependent_effect=figure("time_dependent_effect"),
        selection=figure("selection"),
        tuning_path=figure("tuning_path"),
        calibration=figure("calibration"),
        prediction_agreement=figure("prediction_agreement"),
        prediction_instability=figure("prediction_instability"),
        subgroup_forest=figure("subgroup_forest"),
        specification_curve=figure("specification_curve"),
        expected_observed=figure("expected_observed"),
        score_shift=figure("score_shift"),
    log:
        "logs/plot_survival/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_survival/{endpoint}.tsv"
    wildcard_constraints:
        endpoint=endpoints_of("survival"),
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotEndpoint),
        code=code_fingerprint("plot_survival.py"),
    script:
        "../../scripts/plot_survival.py"


if is_drawn("cumulative_incidence"):

    rule plot_competing:
        """Draw the incidence of causes that compete, and effects on each of them."""
        input:
            competing_incidence="results/evaluation/{endpoint}_competing_incidence.tsv",
            competing_effects="results/evaluation/{endpoint}_competing_effects.tsv",
        output:
            cumulative_incidence=figure("cumulative_incidence"),
            competing_effects=figure("competing_effects"),
        log:
            "logs/plot_competing/{endpoint}.log",
        benchmark:
            "results/benchmarks/plot_competing/{endpoint}.tsv"
        wildcard_constraints:
            endpoint=endpoints_of("competing"),
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings_of(PlotCompeting),
            code=code_fingerprint("plot_competing.py"),
        script:
            "../../scripts/plot_competing.py"


if is_drawn("treatment_effect"):

    rule plot_predictive:
        """Draw the effect of a treatment over the markers that may change it."""
        input:
            interaction="results/evaluation/{endpoint}_interaction.tsv",
            treatment_effect="results/evaluation/{endpoint}_treatment_effect.tsv",
            marker_values="results/evaluation/{endpoint}_marker_values.tsv",
        output:
            treatment_effect=figure("treatment_effect"),
        log:
            "logs/plot_predictive/{endpoint}.log",
        benchmark:
            "results/benchmarks/plot_predictive/{endpoint}.tsv"
        wildcard_constraints:
            endpoint=endpoints_of("predictive"),
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings_of(PlotPredictive),
            code=code_fingerprint("plot_predictive.py"),
        script:
            "../../scripts/plot_predictive.py"
