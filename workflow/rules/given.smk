"""Predictions that another tool made (absent from studies that fit models)."""

from concord.evaluation.given.settings import ImportPredictions


rule import_predictions:
    """Take predictions that another tool made as they are."""
    input:
        table=STUDY.prediction_tables,
        cohort="results/cohort/cohort.tsv",
    output:
        predictions=expand(
            "results/models/{endpoint}/given_predictions.tsv", endpoint=ENDPOINTS
        ),
        risks=expand("results/models/{endpoint}/given_risks.tsv", endpoint=WITH_RISKS),
        document="results/models/given.json",
    log:
        "logs/import_predictions.log",
    benchmark:
        "results/benchmarks/import_predictions/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        spec=STUDY.settings(ImportPredictions, tables=STUDY.prediction_tables),
        code=code_fingerprint("import_predictions.py"),
    script:
        "../../scripts/import_predictions.py"
