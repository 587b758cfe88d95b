"""Frozen models that are applied to the subjects of this study."""

from concord.evaluation.external.settings import CompareExpected
from concord.evaluation.given.settings import JoinOutcomes
from concord.frozen.applying.settings import ApplyModel
from concord.frozen.published.settings import ImportModel
from concord.frozen.updating.settings import UpdateModel
from concord.report.card.settings import DescribeUpdates


rule apply_model:
    """Score the subjects by frozen models, and tell where these do not apply."""
    input:
        models=DOCUMENTS,
        cohort="results/cohort/cohort.tsv",
        features="results/features/features.parquet",
        dictionary="results/features/dictionary.tsv",
        acquisition=of_images("results/ingest/acquisition.tsv"),
        masks=(
            chunk_files("results/masks/{chunk}_{image}.tsv")
            if STUDY.has_images
            else []
        ),
        exclusions=[
            *of_images("results/ingest/exclusions.tsv"),
            "results/features/exclusions.tsv",
        ],
    output:
        predictions="results/predicted/predictions.tsv",
        scores="results/predicted/scores.tsv",
        flags="results/predicted/flags.tsv",
        patients=directory("results/predicted/patients"),
    log:
        "logs/apply_model.log",
    benchmark:
        "results/benchmarks/apply_model/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(ApplyModel, tables=STUDY.model_files),
        code=code_fingerprint("apply_model.py"),
    script:
        "../../scripts/apply_model.py"


if ENDPOINTS:

    rule join_outcomes:
        """Set scores beside what became of the subjects."""
        input:
            scores="results/predicted/scores.tsv",
            cohort="results/cohort/cohort.tsv",
            models=DOCUMENTS,
        output:
            predictions=expand(
                "results/models/{endpoint}/given_predictions.tsv", endpoint=ENDPOINTS
            ),
            risks=expand(
                "results/models/{endpoint}/given_risks.tsv", endpoint=WITH_RISKS
            ),
            document="results/models/given.json",
        log:
            "logs/join_outcomes.log",
        benchmark:
            "results/benchmarks/join_outcomes/all.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(JoinOutcomes, tables=STUDY.model_files),
            code=code_fingerprint("join_outcomes.py"),
        script:
            "../../scripts/join_outcomes.py"

    rule compare_expected:
        """Compare what frozen models reached with what was expected of them."""
        input:
            models=DOCUMENTS,
            predictions="results/models/{endpoint}/given_predictions.tsv",
            risks=risks,
            scores="results/predicted/scores.tsv",
            cohort="results/cohort/cohort.tsv",
            features="results/features/features.parquet",
        output:
            external="results/evaluation/{endpoint}_external.tsv",
            external_scores="results/evaluation/{endpoint}_external_scores.tsv",
            external_models="results/evaluation/{endpoint}_external_models.tsv",
        log:
            "logs/compare_expected/{endpoint}.log",
        benchmark:
            "results/benchmarks/compare_expected/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            spec=STUDY.settings_of(CompareExpected, tables=STUDY.model_files),
            code=code_fingerprint("compare_expected.py"),
        script:
            "../../scripts/compare_expected.py"


if UPDATED:

    rule update_model:
        """Recalibrate frozen models by outcomes, each update a model of its own."""
        input:
            predictions="results/models/{endpoint}/given_predictions.tsv",
            models=DOCUMENTS,
        output:
            updates="results/evaluation/{endpoint}_updates.tsv",
            performance="results/evaluation/{endpoint}_update_performance.tsv",
            models=directory("results/updated/{endpoint}"),
        log:
            "logs/update_model/{endpoint}.log",
        benchmark:
            "results/benchmarks/update_model/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=60,
        params:
            spec=STUDY.settings_of(UpdateModel, tables=STUDY.model_files),
            code=code_fingerprint("update_model.py"),
        script:
            "../../scripts/update_model.py"


if IMPORTED:

    rule import_model:
        """Write published equations as frozen models, so that they travel."""
        input:
            models=[STUDY.published_models[arm] for arm in IMPORTED],
        output:
            models=list(IMPORTED.values()),
        log:
            "logs/import_model.log",
        benchmark:
            "results/benchmarks/import_model/all.tsv"
        conda:
            "../../envs/features.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings(ImportModel, tables=STUDY.published_models.values()),
            code=code_fingerprint("import_model.py"),
        script:
            "../../scripts/import_model.py"


if described_updates():

    rule describe_updates:
        """Write card, equation and nomogram of updated and imported models."""
        input:
            updated=updated_models(),
            imported=imported_models(),
        output:
            described=directory(DESCRIBED_UPDATES),
        log:
            "logs/describe_updates.log",
        benchmark:
            "results/benchmarks/describe_updates/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=20,
        params:
            spec=STUDY.settings(DescribeUpdates),
            code=code_fingerprint("describe_updates.py"),
        script:
            "../../scripts/describe_updates.py"
