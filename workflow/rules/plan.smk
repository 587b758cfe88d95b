"""The registered plan, what departs from it, and the test on sealed subjects."""

from concord.evaluation.sealed.settings import OpenSealed
from concord.report.registration.settings import (
    ComparePlan,
    RegisterPlan,
    config_digest,
)

if ASKED & UNSEALS and not SEALED:
    sys.exit(
        f"{CONFIG_FILE}: validation.sealed is not given, so no subject is sealed and "
        "there is nothing to unseal (docs/registration.md)."
    )

if REGISTERING:

    rule register_plan:
        """Write the plan of the analysis, from everything but outcomes."""
        input:
            features=FOLD_TABLES["features"],
            folds=planned_folds(),
        output:
            registration=update("registered/registration.json"),
            page="registered/registration.md",
        log:
            "logs/register_plan.log",
        benchmark:
            "results/benchmarks/register_plan/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=with_codes(RegisterPlan),
            code=code_fingerprint("register_plan.py"),
        script:
            "../../scripts/register_plan.py"


if UNSEALING:

    rule open_sealed:
        """Judge the final models on the sealed subjects, and write the look down."""
        input:
            subjects=ancient(STUDY.subject_sheets),
            acquisition=(
                "results/features/batches.tsv"
                if TABLE
                else "results/ingest/acquisition.tsv"
            ),
            cohort="results/cohort/cohort.tsv",
            features=FOLD_TABLES["features"],
            estimates=judged_on_sealed(),
            registration=REGISTERED,
        output:
            ledger=update("registered/sealed_ledger.jsonl"),
        log:
            "logs/open_sealed.log",
        benchmark:
            "results/benchmarks/open_sealed/all.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            spec=STUDY.settings(
                OpenSealed,
                config=config_digest(STUDY.config),
                registered="yes" if REGISTERED else "no",
            ),
            code=code_fingerprint("open_sealed.py"),
        script:
            "../../scripts/open_sealed.py"


if REGISTERED or LOOKED:

    rule compare_plan:
        """Tell what departs from the registered plan, and every look at the sealed."""
        input:
            features=FOLD_TABLES["features"],
            folds=planned_folds(),
            registration=REGISTERED,
            ledger=LOOKED,
        output:
            registrations="results/plan/registrations.tsv",
            deviations="results/plan/deviations.tsv",
            looks="results/plan/looks.tsv",
        log:
            "logs/compare_plan.log",
        benchmark:
            "results/benchmarks/compare_plan/all.tsv"
        conda:
            "../../envs/report.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=with_codes(ComparePlan),
            code=code_fingerprint("compare_plan.py"),
        script:
            "../../scripts/compare_plan.py"
