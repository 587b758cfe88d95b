"""The demo study: simulated DICOM with known truth (absent from other studies)."""

from concord.simulate.settings import RecoverApplied, RecoverTruth, SimulateSite


rule simulate_site:
    """Write the DICOM of one site of the demo study, with known truth."""
    output:
        dicom=directory("results/demo/dicom/{site}"),
        truth="results/demo/truth/{site}.tsv",
    log:
        "logs/simulate_site/{site}.log",
    benchmark:
        "results/benchmarks/simulate_site/{site}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings_of(SimulateSite),
        code=code_fingerprint("simulate_site.py"),
    script:
        "../../scripts/simulate_site.py"


if APPLIED and DEMO:

    rule recover_applied:
        """Compare what frozen models told with what was planted in the patients."""
        input:
            truth=expand("results/demo/truth/{site}.tsv", site=SITES),
            scores="results/predicted/scores.tsv",
            flags="results/predicted/flags.tsv",
            expected=STUDY.expected_scores,
            updates=evaluations("update_performance") if UPDATED else [],
        output:
            recovered="results/demo/recovered.tsv",
        log:
            "logs/recover_applied.log",
        benchmark:
            "results/benchmarks/recover_applied/all.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(RecoverApplied),
            code=code_fingerprint("recover_applied.py"),
        script:
            "../../scripts/recover_applied.py"

elif not APPLIED:

    rule recover_truth:
        """Compare what the demo study found with what was planted in it."""
        input:
            truth=expand("results/demo/truth/{site}.tsv", site=SITES),
            exclusions="results/ingest/exclusions.tsv",
            agreement="results/agreement/agreement.tsv",
            review=["results/agreement/review.tsv"] if REVIEW else [],
            features="results/features/features.parquet",
            site_effect="results/harmonization/site_effect.tsv",
            batch_prediction="results/harmonization/batch_prediction.tsv",
            selection=evaluations("selection"),
            null=expand(
                "results/models/{endpoint}/{arm}/null.tsv",
                endpoint=ENDPOINTS,
                arm=[HEADLINE],
            ),
            performance=evaluations("performance"),
            null_tests=evaluations("null_tests"),
            calibration=evaluations("calibration"),
            added_value=evaluations("added_value"),
            cohort="results/cohort/cohort.tsv",
            interaction=predictive("interaction"),
            marker_effects=predictive("marker_effects"),
            competing_effects=competing("competing_effects"),
            predictions=expand(predictions(), endpoint=ENDPOINTS) if FUSED_ARMS else [],
            fusion=evaluations("fusion") if FUSED_ARMS else [],
        output:
            recovered="results/demo/recovered.tsv",
        log:
            "logs/recover_truth.log",
        benchmark:
            "results/benchmarks/recover_truth/all.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(RecoverTruth),
            code=code_fingerprint("recover_truth.py"),
        script:
            "../../scripts/recover_truth.py"
