"""The report, one page that needs nothing else."""

import time

from concord.records import Verify
from concord.report.checklists.items import FILES as CHECKLISTS
from concord.report.checklists.settings import FillChecklists
from concord.report.settings import Report
from concord.report.sharing.manifest import WriteManifest
from concord.report.sharing.settings import PackCrate


rule report:
    """Write the study as one HTML page whose every number comes from a table."""
    input:
        cohort="results/cohort/cohort.tsv",
        labels="results/cohort/labels.tsv",
        confounding="results/cohort/confounding.tsv",
        confounding_tests="results/cohort/confounding_tests.tsv",
        nesting="results/cohort/nesting.tsv",
        giveaways=of_models("results/cohort/giveaways.tsv"),
        duplicate_columns=of_models("results/cohort/duplicate_columns.tsv"),
        acquisition=of_images("results/ingest/acquisition.tsv"),
        batch_facts="results/features/batches.tsv" if TABLE else [],
        provenance="results/features/dictionary.json" if TABLE else [],
        protocol_summary=of_images("results/ingest/protocol_summary.tsv"),
        drift=of_images("results/ingest/drift.tsv"),
        batches=of_images("results/ingest/batches.tsv"),
        exclusions=[
            *of_images("results/ingest/exclusions.tsv"),
            *with_features("results/features/exclusions.tsv"),
        ],
        ingest_report=of_images("results/ingest/ingest_report.tsv"),
        index_summary="results/index/summary.tsv" if STUDY.config.dicom_roots else [],
        agreement=of_images("results/agreement/agreement.tsv"),
        agreement_group=of_images("results/agreement/group.tsv"),
        surface_dice=of_images("results/agreement/surface_dice.tsv"),
        volume_agreement=of_images("results/agreement/volumes.tsv"),
        readings=of_images("results/agreement/readings.tsv"),
        review_list=["results/agreement/review.tsv"] if REVIEW else [],
        recipes=of_images("results/features/dictionary.json"),
        primed=of_images("results/engine/primed.json"),
        given=of_given("results/models/given.json"),
        patient_predictions=of_applied(PREDICTED),
        patient_flags=of_applied("results/predicted/flags.tsv"),
        dictionary=with_features("results/features/dictionary.tsv"),
        undefined=with_features("results/features/undefined.tsv"),
        feature_crosscheck=feature_crosscheck(),
        stability="results/stability/stability.tsv" if REPEATS else [],
        reader_stability="results/stability/reader_pairs.tsv" if REPEATS else [],
        folds=of_models(
            *dict.fromkeys(in_fold_sets("results/folds/{fold_set}/folds.tsv"))
        ),
        fits=expand(model_files("fits"), endpoint=ENDPOINTS),
        null=nulls(ENDPOINTS),
        null_tests=evaluations("null_tests"),
        leakage=of_models(
            *expand("results/harmonization/{endpoint}_leakage.tsv", endpoint=ENDPOINTS)
        ),
        performance=evaluations("performance"),
        comparisons=evaluations("comparisons"),
        pooled_groups=evaluations("pooled_groups") if POOLED else [],
        calibration=evaluations("calibration"),
        calibration_curve=evaluations("calibration_curve"),
        overall=evaluations("overall"),
        pooled_calibration=evaluations("pooled_calibration") if POOLED else [],
        decision_curve=judged_by_risk("decision_curve"),
        clinical_impact=judged_by_risk("clinical_impact"),
        added_value=evaluations("added_value"),
        reclassification=evaluations("reclassification"),
        bootstrap=evaluations("bootstrap") if OPTIMISM else [],
        arm_exclusions=evaluations("arm_exclusions"),
        selection=evaluations("selection"),
        selection_stability=[
            *evaluations("selection_stability"),
            *instability("sample_stability"),
        ],
        instability=instability("instability"),
        prediction_instability=instability("prediction_instability"),
        subgroups=by_subgroups("subgroups"),
        subgroup_tests=by_subgroups("subgroup_tests"),
        fairness=by_subgroups("fairness"),
        tuning=evaluations("tuning") if STUDY.tunes else [],
        missing_values=evaluations("missing_values"),
        sample_size=evaluations("sample_size"),
        event_counts=evaluations("event_counts"),
        operating_points=evaluations("operating_points"),
        discrimination=evaluations("discrimination"),
        discrimination_differences=evaluations("discrimination_differences"),
        fusion=evaluations("fusion") if FUSED_ARMS else [],
        risk_groups=with_times("risk_groups"),
        group_survival=with_times("group_survival"),
        group_survival_at=with_times("group_survival_at"),
        rmst_differences=with_times("rmst_differences"),
        log_rank_tests=with_times("log_rank_tests"),
        proportional_hazards=with_times("proportional_hazards"),
        competing_incidence=competing("competing_incidence"),
        competing_effects=competing("competing_effects"),
        competing_tests=competing("competing_tests"),
        prediction_agreement=(
            evaluations("prediction_agreement") if PREDICTED_BY_READERS else []
        ),
        specifications=multiverse("specifications", ENDPOINTS),
        multiverse=multiverse("multiverse", ENDPOINTS),
        choice_effects=multiverse("choice_effects", ENDPOINTS),
        interaction=predictive("interaction"),
        marker_effects=predictive("marker_effects"),
        site_effect=of_models("results/harmonization/site_effect.tsv"),
        batch_variance=of_models("results/harmonization/batch_variance.tsv"),
        batch_tests=of_models("results/harmonization/batch_tests.tsv"),
        batch_prediction=of_models("results/harmonization/batch_prediction.tsv"),
        batch_estimates=of_models("results/harmonization/batch_estimates.tsv"),
        batch_priors=of_models("results/harmonization/batch_priors.tsv"),
        associations=of_models("results/harmonization/associations.tsv"),
        combat_crosscheck=of_models("results/harmonization/combat_crosscheck.tsv"),
        sealed_subjects=["results/cohort/sealed.tsv"] if SEALED else [],
        registrations=of_plan("registrations"),
        plan_deviations=of_plan("deviations"),
        sealed_looks=of_plan("looks"),
        updates=evaluations("updates") if UPDATED else [],
        update_performance=evaluations("update_performance") if UPDATED else [],
        recovered=of_demo("results/demo/recovered.tsv"),
        frozen=frozen_models(),
        described=described_models(),
        external=external("external"),
        external_scores=external("external_scores"),
        external_models=external("external_models"),
        figures=figures(),
        checklist=expand("results/report/checklists/{name}.tsv", name=CHECKLISTS),
    output:
        report=report(
            "results/report/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"figure": "the whole study", "endpoint": "all"},
        ),
        external=of_judged_models("results/report/external.html"),
    log:
        "logs/report.log",
    benchmark:
        "results/benchmarks/report/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(Report),
        code=code_fingerprint("report.py"),
    script:
        "../../scripts/report.py"


rule checklists:
    """Fill the reporting checklists from facts, and write the data card; no score."""
    input:
        # What the report reads, so that a file of an earlier study proves nothing.
        **{
            name: files
            for name, files in rules.report.input.items()
            if name not in ("figures", "checklist")
        },
        final=final_models(),
        matrix=with_features("results/features/features.parquet"),
    output:
        html=expand("results/report/checklists/{name}.html", name=CHECKLISTS),
        md=expand("results/report/checklists/{name}.md", name=CHECKLISTS),
        checklist=expand("results/report/checklists/{name}.tsv", name=CHECKLISTS),
        card=["results/report/data_card.html", "results/report/data_card.md"],
    log:
        "logs/checklists.log",
    benchmark:
        "results/benchmarks/checklists/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(FillChecklists),
        code=code_fingerprint("checklists.py"),
    script:
        "../../scripts/checklists.py"


rule manifest:
    """List every result with its hash, its size and the rule that made it."""
    input:
        asked_by_all(),
    output:
        manifest="results/MANIFEST.tsv",
    log:
        "logs/manifest.log",
    benchmark:
        "results/benchmarks/manifest/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        spec=STUDY.settings(WriteManifest, targets="\n".join(asked_by_all()), asked=""),
        code=code_fingerprint("manifest.py"),
    script:
        "../../scripts/manifest.py"


rule ro_crate:
    """Describe results, configuration, code and software as a research object."""
    input:
        manifest="results/MANIFEST.tsv",
        report="results/report/report.html",
    output:
        metadata="results/ro-crate-metadata.json",
        preview="results/ro-crate-preview.html",
        added=[
            "results/crate/Snakefile",
            "results/crate/configuration.json",
            "results/crate/inputs.json",
            "results/crate/code.json",
        ],
    log:
        "logs/ro_crate.log",
    benchmark:
        "results/benchmarks/ro_crate/all.tsv"
    conda:
        "../../envs/crate.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(PackCrate),
        code=code_fingerprint("ro_crate.py"),
    script:
        "../../scripts/ro_crate.py"


rule verify:
    """Check every result against the records of the jobs, and against the manifest."""
    output:
        verified="results/verified.txt",
    log:
        "logs/verify.log",
    benchmark:
        "results/benchmarks/verify/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        spec=STUDY.settings(
            Verify,
            targets="\n".join(made_by_all()),
            asked=str(time.time_ns()),
        ),
        code=code_fingerprint("verify.py"),
    script:
        "../../scripts/verify.py"
