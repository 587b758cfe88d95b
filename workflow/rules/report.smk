"""The report, one page that needs nothing else."""


rule report:
    """Write the study as one HTML page whose every number comes from a table."""
    input:
        cohort="results/cohort/cohort.tsv",
        confounding="results/cohort/confounding.tsv",
        acquisition="results/ingest/acquisition.tsv",
        protocol_summary="results/ingest/protocol_summary.tsv",
        drift="results/ingest/drift.tsv",
        batches="results/ingest/batches.tsv",
        exclusions=[
            "results/ingest/exclusions.tsv",
            "results/features/exclusions.tsv",
        ],
        ingest_report="results/ingest/ingest_report.tsv",
        index_summary="results/index/summary.tsv" if STUDY.config.dicom_roots else [],
        agreement="results/agreement/agreement.tsv",
        primed="results/engine/primed.json",
        dictionary="results/features/dictionary.tsv",
        undefined="results/features/undefined.tsv",
        stability="results/stability/stability.tsv",
        folds="results/folds/folds.tsv",
        fits=expand(model_files("fits"), endpoint=ENDPOINTS),
        null=expand("results/models/{endpoint}/null.tsv", endpoint=ENDPOINTS),
        performance=evaluations("performance"),
        comparisons=evaluations("comparisons"),
        selection=evaluations("selection"),
        site_effect="results/harmonization/site_effect.tsv",
        site_predictability="results/harmonization/site_predictability.tsv",
        recovered="results/demo/recovered.tsv" if DEMO else [],
        figures=figures(),
    output:
        report=report(
            "results/report/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"figure": "the whole study", "endpoint": "all"},
        ),
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
        spec=report_spec(STUDY),
        code=code_fingerprint("report.py"),
    script:
        "../../scripts/report.py"
