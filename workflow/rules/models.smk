"""Models, the null, and the leakage test."""

from concord.evaluation.settings import PredictionAgreement
from concord.frozen.settings import LeakageTestWithFrozen
from concord.models.settings.rules import (
    FitArms,
    FitNulls,
    PredictArms,
    PredictReaders,
    ResampleArms,
)

for NUMBER, ARMS in enumerate(ARM_BATCHES, start=1):
    # The rules of a first, and mostly only, batch have plain names.
    SUFFIX = f"_{NUMBER}" if NUMBER > 1 else ""

    rule:
        """Fit arms to the development rows of each fold; of `final`, to all rows."""
        name:
            f"fit_arms{SUFFIX}"
        input:
            development=in_fold_sets("results/folds/{fold_set}/{{part}}_development"),
            dictionary="results/features/dictionary.tsv",
            phantom=phantom_folds(*ARMS),
        output:
            fits=of_arms("results/models/{endpoint}/{arm}/{{part}}_fits.tsv", ARMS),
            coefficients=of_arms(
                "results/models/{endpoint}/{arm}/{{part}}_coefficients.tsv", ARMS
            ),
            estimates=of_arms(
                "results/models/{endpoint}/{arm}/{{part}}_estimates.json", ARMS
            ),
            tuning=of_arms(
                "results/models/{endpoint}/{arm}/{{part}}_tuning.tsv", tuned(ARMS)
            ),
        log:
            f"logs/fit_arms/{{part}}{SUFFIX}.log",
        benchmark:
            f"results/benchmarks/fit_arms/{{part}}{SUFFIX}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=240,
        params:
            spec=STUDY.settings(FitArms, batch=str(NUMBER)),
            code=code_fingerprint("fit_arms.py"),
        script:
            "../../scripts/fit_arms.py"

    DRAWN = [name for name in ARMS if name in RESAMPLED]
    TRACKED = [name for name in ARMS if name in INSTABILITY_ARMS]
    if DRAWN:

        rule:
            """Fit arms to bootstrap samples; judge each in the sample, in all and out of it."""
            name:
                f"resample_arms{SUFFIX}"
            input:
                **fold_tables(*DRAWN),
                folds="results/folds/bootstrap/folds.tsv",
            output:
                resampled=of_arms(
                    "results/models/{endpoint}/{arm}/{{part}}_resampled.tsv", DRAWN
                ),
                sample_predictions=of_arms(
                    "results/models/{endpoint}/{arm}/{{part}}_sample_predictions.tsv",
                    TRACKED,
                ),
                sample_fits=of_arms(
                    "results/models/{endpoint}/{arm}/{{part}}_sample_fits.tsv", TRACKED
                ),
            log:
                f"logs/resample_arms/{{part}}{SUFFIX}.log",
            benchmark:
                f"results/benchmarks/resample_arms/{{part}}{SUFFIX}.tsv"
            wildcard_constraints:
                part=pattern(BOOTSTRAP),
            conda:
                "../../envs/statistics.yaml"
            threads: 1
            resources:
                mem_mb=2000,
                runtime=240,
            params:
                spec=STUDY.settings(
                    ResampleArms,
                    tables=fold_tables(*DRAWN)["phantom"],
                    batch=str(NUMBER),
                ),
                code=code_fingerprint("resample_arms.py"),
            script:
                "../../scripts/resample_arms.py"

    rule:
        """Refit arms to outcomes permuted within groups."""
        name:
            f"fit_nulls{SUFFIX}"
        input:
            **fold_tables(*ARMS),
            folds=folds_of,
        output:
            null=expand("results/models/{{endpoint}}/{arm}/null.tsv", arm=ARMS),
        log:
            f"logs/fit_nulls/{{endpoint}}{SUFFIX}.log",
        benchmark:
            f"results/benchmarks/fit_nulls/{{endpoint}}{SUFFIX}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=240,
        params:
            spec=STUDY.settings_of(
                FitNulls, tables=fold_tables(*ARMS)["phantom"], batch=str(NUMBER)
            ),
            code=code_fingerprint("fit_nulls.py"),
        script:
            "../../scripts/fit_nulls.py"


rule predict_arms:
    """Score the evaluation rows of each fold by what all arms have learnt."""
    input:
        evaluation=in_fold_sets("results/folds/{fold_set}/{{part}}_evaluation"),
        estimates=of_arms(
            "results/models/{endpoint}/{arm}/{{part}}_estimates.json",
            STUDY.config.arms,
        ),
    output:
        predictions=expand(
            "results/models/{endpoint}/{{part}}_predictions.tsv", endpoint=ENDPOINTS
        ),
        risks=expand(
            "results/models/{endpoint}/{{part}}_risks.tsv", endpoint=WITH_RISKS
        ),
    log:
        "logs/predict_arms/{part}.log",
    benchmark:
        "results/benchmarks/predict_arms/{part}.tsv"
    wildcard_constraints:
        part=pattern(*EVALUATED),
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(PredictArms),
        code=code_fingerprint("predict_arms.py"),
    script:
        "../../scripts/predict_arms.py"


rule leakage_test:
    """Perturb the evaluation rows of every fold; what is learnt must not change."""
    input:
        **fold_tables(HEADLINE),
        folds=folds_of,
        fits=expand(
            "results/models/{{endpoint}}/{arm}/{part}_fits.tsv",
            arm=[HEADLINE],
            part=PARTS,
        ),
        samples=SAMPLES if HEADLINE in RESAMPLED else [],
        resampled=expand(
            "results/models/{{endpoint}}/{arm}/{part}_resampled.tsv",
            arm=[HEADLINE] if HEADLINE in RESAMPLED else [],
            part=SAMPLE_PARTS[:1],
        ),
    output:
        leakage="results/harmonization/{endpoint}_leakage.tsv",
    log:
        "logs/leakage_test/{endpoint}.log",
    benchmark:
        "results/benchmarks/leakage_test/{endpoint}.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        spec=STUDY.settings_of(
            LeakageTestWithFrozen, tables=fold_tables(HEADLINE)["phantom"]
        ),
        code=code_fingerprint("leakage_test.py"),
    script:
        "../../scripts/leakage_test.py"


if PREDICTED_BY_READERS:

    rule predict_readers:
        """Score the evaluation rows of each fold by the segmentations of every reader."""
        input:
            evaluation=in_fold_sets("results/folds/{fold_set}/{{part}}_evaluation"),
            estimates=of_arms(
                "results/models/{endpoint}/{arm}/{{part}}_estimates.json",
                FEATURE_ARMS,
            ),
        output:
            predictions=expand(
                "results/models/{endpoint}/{{part}}_reader_predictions.tsv",
                endpoint=ENDPOINTS,
            ),
        log:
            "logs/predict_readers/{part}.log",
        benchmark:
            "results/benchmarks/predict_readers/{part}.tsv"
        wildcard_constraints:
            part=pattern(*EVALUATED),
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            spec=STUDY.settings(PredictReaders),
            code=code_fingerprint("predict_readers.py"),
        script:
            "../../scripts/predict_readers.py"

    rule prediction_agreement:
        """Report how far predictions depend on who made the segmentations."""
        input:
            predictions=expand(
                "results/models/{{endpoint}}/{part}_reader_predictions.tsv", part=PARTS
            ),
            fits=expand(
                "results/models/{{endpoint}}/{arm}/{part}_fits.tsv",
                arm=FEATURE_ARMS,
                part=PARTS,
            ),
        output:
            agreement="results/evaluation/{endpoint}_prediction_agreement.tsv",
        log:
            "logs/prediction_agreement/{endpoint}.log",
        benchmark:
            "results/benchmarks/prediction_agreement/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=15,
        params:
            spec=STUDY.settings_of(PredictionAgreement),
            code=code_fingerprint("prediction_agreement.py"),
        script:
            "../../scripts/prediction_agreement.py"
