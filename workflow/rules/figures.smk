"""The figures of the paper: SVG, PDF and PNG of each."""

from concord.figures.settings import (
    FigureSettings,
    PlotAgreement,
    PlotArms,
    PlotAssociations,
    PlotComponents,
    PlotFeatureMaps,
    PlotHeadline,
    PlotKaplanMeier,
    PlotStability,
)

if is_drawn("protocol"):

    rule plot_protocol:
        """Draw how far each site conforms to the protocol."""
        input:
            summary="results/ingest/protocol_summary.tsv",
        output:
            svg=figure("protocol"),
            pdf="results/figures/protocol.pdf",
            png="results/figures/protocol.png",
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

    rule plot_agreement:
        """Draw how well readers agree, by site."""
        input:
            agreement="results/agreement/agreement.tsv",
        output:
            svg=figure("agreement"),
            pdf="results/figures/agreement.pdf",
            png="results/figures/agreement.png",
        log:
            "logs/plot_agreement.log",
        benchmark:
            "results/benchmarks/plot_agreement/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotAgreement),
            code=code_fingerprint("plot_agreement.py"),
        script:
            "../../scripts/plot_agreement.py"


if is_drawn("agreement_matrix"):

    rule plot_agreement_matrix:
        """Draw the agreement of each reader with each other one."""
        input:
            agreement="results/agreement/agreement.tsv",
        output:
            svg=figure("agreement_matrix"),
            pdf="results/figures/agreement_matrix.pdf",
            png="results/figures/agreement_matrix.png",
        log:
            "logs/plot_agreement_matrix.log",
        benchmark:
            "results/benchmarks/plot_agreement_matrix/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotAgreement),
            code=code_fingerprint("plot_agreement_matrix.py"),
        script:
            "../../scripts/plot_agreement_matrix.py"


if is_drawn("agreement_volumes"):

    rule plot_agreement_volumes:
        """Draw volumes by two readers, and agreement against volume."""
        input:
            agreement="results/agreement/agreement.tsv",
        output:
            svg=figure("agreement_volumes"),
            pdf="results/figures/agreement_volumes.pdf",
            png="results/figures/agreement_volumes.png",
        log:
            "logs/plot_agreement_volumes.log",
        benchmark:
            "results/benchmarks/plot_agreement_volumes/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotAgreement),
            code=code_fingerprint("plot_agreement_volumes.py"),
        script:
            "../../scripts/plot_agreement_volumes.py"


if is_drawn("gallery"):

    rule plot_gallery:
        """Draw the cases in which readers agree worst, with their segmentations."""
        input:
            tiles="results/agreement/tiles.json",
        output:
            svg=figure("gallery"),
            pdf="results/figures/gallery.pdf",
            png="results/figures/gallery.png",
        log:
            "logs/plot_gallery.log",
        benchmark:
            "results/benchmarks/plot_gallery/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(FigureSettings),
            code=code_fingerprint("plot_gallery.py"),
        script:
            "../../scripts/plot_gallery.py"


if is_drawn("feature_maps"):

    rule plot_feature_maps:
        """Draw the maps of features beside the images."""
        input:
            pictures=chunk_files("results/maps/{chunk}_{image}.json", pairs="mapped"),
        output:
            svg=figure("feature_maps"),
            pdf="results/figures/feature_maps.pdf",
            png="results/figures/feature_maps.png",
        log:
            "logs/plot_feature_maps.log",
        benchmark:
            "results/benchmarks/plot_feature_maps/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotFeatureMaps),
            code=code_fingerprint("plot_feature_maps.py"),
        script:
            "../../scripts/plot_feature_maps.py"


if is_drawn("stability"):

    rule plot_stability:
        """Draw how far features repeat, by family."""
        input:
            stability="results/stability/stability.tsv",
        output:
            svg=figure("stability"),
            pdf="results/figures/stability.pdf",
            png="results/figures/stability.png",
        log:
            "logs/plot_stability.log",
        benchmark:
            "results/benchmarks/plot_stability/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(PlotStability),
            code=code_fingerprint("plot_stability.py"),
        script:
            "../../scripts/plot_stability.py"


rule plot_site_effect:
    """Draw what harmonization leaves of the site effect."""
    input:
        site_effect="results/harmonization/site_effect.tsv",
        batch_prediction="results/harmonization/batch_prediction.tsv",
    output:
        svg=figure("site_effect"),
        pdf="results/figures/site_effect.pdf",
        png="results/figures/site_effect.png",
    log:
        "logs/plot_site_effect.log",
    benchmark:
        "results/benchmarks/plot_site_effect/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(FigureSettings),
        code=code_fingerprint("plot_site_effect.py"),
    script:
        "../../scripts/plot_site_effect.py"


rule plot_components:
    """Draw principal components of held-out rows by batch and outcome."""
    input:
        components="results/harmonization/components.tsv",
        cohort="results/cohort/cohort.tsv",
    output:
        svg=figure("components"),
        pdf="results/figures/components.pdf",
        png="results/figures/components.png",
    log:
        "logs/plot_components.log",
    benchmark:
        "results/benchmarks/plot_components/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(PlotComponents),
        code=code_fingerprint("plot_components.py"),
    script:
        "../../scripts/plot_components.py"


rule plot_associations:
    """Draw what harmonization did to associations and repeatability."""
    input:
        associations="results/harmonization/associations.tsv",
    output:
        svg=figure("associations"),
        pdf="results/figures/associations.pdf",
        png="results/figures/associations.png",
    log:
        "logs/plot_associations.log",
    benchmark:
        "results/benchmarks/plot_associations/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(PlotAssociations),
        code=code_fingerprint("plot_associations.py"),
    script:
        "../../scripts/plot_associations.py"


rule plot_batch_estimates:
    """Draw what ComBat learns of each batch, with its priors."""
    input:
        batch_estimates="results/harmonization/batch_estimates.tsv",
        batch_priors="results/harmonization/batch_priors.tsv",
    output:
        svg=figure("batch_estimates"),
        pdf="results/figures/batch_estimates.pdf",
        png="results/figures/batch_estimates.png",
    log:
        "logs/plot_batch_estimates.log",
    benchmark:
        "results/benchmarks/plot_batch_estimates/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(FigureSettings),
        code=code_fingerprint("plot_batch_estimates.py"),
    script:
        "../../scripts/plot_batch_estimates.py"


rule plot_performance:
    """Draw the discrimination of all arms and the null band."""
    input:
        performance="results/evaluation/{endpoint}_performance.tsv",
        null=nulls("{endpoint}"),
    output:
        svg=figure("performance"),
        pdf="results/figures/performance_{endpoint}.pdf",
        png="results/figures/performance_{endpoint}.png",
    log:
        "logs/plot_performance/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_performance/{endpoint}.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotArms),
        code=code_fingerprint("plot_performance.py"),
    script:
        "../../scripts/plot_performance.py"


rule plot_roc:
    """Draw the mean ROC curves of the arms of a binary endpoint."""
    input:
        roc="results/evaluation/{endpoint}_roc.tsv",
        performance="results/evaluation/{endpoint}_performance.tsv",
    output:
        svg=figure("roc"),
        pdf="results/figures/roc_{endpoint}.pdf",
        png="results/figures/roc_{endpoint}.png",
    log:
        "logs/plot_roc/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_roc/{endpoint}.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotArms),
        code=code_fingerprint("plot_roc.py"),
    script:
        "../../scripts/plot_roc.py"


rule plot_kaplan_meier:
    """Draw the survival of the predicted risk groups."""
    input:
        kaplan_meier="results/evaluation/{endpoint}_kaplan_meier.tsv",
        risk_groups="results/evaluation/{endpoint}_risk_groups.tsv",
    output:
        svg=figure("kaplan_meier"),
        pdf="results/figures/kaplan_meier_{endpoint}.pdf",
        png="results/figures/kaplan_meier_{endpoint}.png",
    log:
        "logs/plot_kaplan_meier/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_kaplan_meier/{endpoint}.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotKaplanMeier),
        code=code_fingerprint("plot_kaplan_meier.py"),
    script:
        "../../scripts/plot_kaplan_meier.py"


rule plot_selection:
    """Draw which features the headline arm selects."""
    input:
        selection="results/evaluation/{endpoint}_selection.tsv",
    output:
        svg=figure("selection"),
        pdf="results/figures/selection_{endpoint}.pdf",
        png="results/figures/selection_{endpoint}.png",
    log:
        "logs/plot_selection/{endpoint}.log",
    benchmark:
        "results/benchmarks/plot_selection/{endpoint}.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PlotHeadline),
        code=code_fingerprint("plot_selection.py"),
    script:
        "../../scripts/plot_selection.py"


if is_drawn("prediction_agreement"):

    rule plot_prediction_agreement:
        """Draw how far the risk of each subject moves when another reader segments."""
        input:
            predictions=expand(
                "results/models/{{endpoint}}/{part}_reader_predictions.tsv", part=PARTS
            ),
            agreement="results/evaluation/{endpoint}_prediction_agreement.tsv",
        output:
            svg=figure("prediction_agreement"),
            pdf="results/figures/prediction_agreement_{endpoint}.pdf",
            png="results/figures/prediction_agreement_{endpoint}.png",
        log:
            "logs/plot_prediction_agreement/{endpoint}.log",
        benchmark:
            "results/benchmarks/plot_prediction_agreement/{endpoint}.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings_of(PlotHeadline),
            code=code_fingerprint("plot_prediction_agreement.py"),
        script:
            "../../scripts/plot_prediction_agreement.py"
