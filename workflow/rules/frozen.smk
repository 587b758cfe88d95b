"""Frozen models: documents that predict where the study's data do not exist."""

from concord.frozen.settings import FreezeModel
from concord.report.card.settings import DescribeModel


rule freeze_model:
    """Write fitted arms as documents that predict elsewhere, with all that they need."""
    input:
        estimates=fits_to_freeze,
        development=rows_to_freeze("development"),
        phantom=rows_to_freeze("phantom") if FROZEN_PHANTOM else [],
        dictionary="results/features/dictionary.tsv",
        acquisition=of_images("results/ingest/acquisition.tsv"),
        masks=segmented_sizes() if STUDY.has_images else [],
        performance=validated("performance"),
        comparisons=validated("comparisons"),
        calibration=validated("calibration"),
        subgroups=validated("subgroups") if SUBGROUPS else [],
        registrations=of_plan("registrations"),
    output:
        models=of_arms(
            "results/frozen/{endpoint}/{arm}/{{development}}/model.json", FROZEN
        ),
    log:
        "logs/freeze_model/{development}.log",
    benchmark:
        "results/benchmarks/freeze_model/{development}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        spec=STUDY.settings_of(FreezeModel),
        code=code_fingerprint("freeze_model.py"),
    script:
        "../../scripts/freeze_model.py"


rule describe_model:
    """Write card, equation and nomogram beside every frozen model, and a file to score."""
    input:
        models=frozen_models(),
    output:
        described=[directory(folder) for folder in described_models()],
    log:
        "logs/describe_model.log",
    benchmark:
        "results/benchmarks/describe_model/all.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        spec=STUDY.settings(DescribeModel),
        code=code_fingerprint("describe_model.py"),
    script:
        "../../scripts/describe_model.py"
