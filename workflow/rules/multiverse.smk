"""Every analysis that could have been chosen, in the same folds."""

from concord.evaluation.multiverse.settings import FitMultiverse, GatherMultiverse

for NUMBER in MULTIVERSE_CHUNKS:
    # The rule of a first, and mostly only, chunk has a plain name.
    SUFFIX = f"_{NUMBER}" if NUMBER > 1 else ""

    rule:
        """Judge some of the analyses that could have been chosen, and their nulls."""
        name:
            f"multiverse{SUFFIX}"
        input:
            **fold_tables(HEADLINE, REFERENCE),
            folds=folds_of,
        output:
            specifications=expand(
                "results/multiverse/{{endpoint}}/{number}_specifications.tsv",
                number=[NUMBER],
            ),
            specification_null=expand(
                "results/multiverse/{{endpoint}}/{number}_specification_null.tsv",
                number=[NUMBER],
            ),
        log:
            f"logs/multiverse/{{endpoint}}{SUFFIX}.log",
        benchmark:
            f"results/benchmarks/multiverse/{{endpoint}}{SUFFIX}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=240,
        params:
            spec=STUDY.settings_of(
                FitMultiverse,
                tables=fold_tables(HEADLINE, REFERENCE)["phantom"],
                number=str(NUMBER),
            ),
            code=code_fingerprint("multiverse.py"),
        script:
            "../../scripts/multiverse.py"


if MULTIVERSE_CHUNKS:

    rule gather_multiverse:
        """Show where the headline stands among all analyses."""
        input:
            specifications=expand(
                "results/multiverse/{{endpoint}}/{number}_specifications.tsv",
                number=MULTIVERSE_CHUNKS,
            ),
            specification_null=expand(
                "results/multiverse/{{endpoint}}/{number}_specification_null.tsv",
                number=MULTIVERSE_CHUNKS,
            ),
        output:
            specifications="results/evaluation/{endpoint}_specifications.tsv",
            specification_choices="results/evaluation/{endpoint}_specification_choices.tsv",
            choice_effects="results/evaluation/{endpoint}_choice_effects.tsv",
            multiverse="results/evaluation/{endpoint}_multiverse.tsv",
        log:
            "logs/gather_multiverse/{endpoint}.log",
        benchmark:
            "results/benchmarks/gather_multiverse/{endpoint}.tsv"
        conda:
            "../../envs/statistics.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.settings_of(GatherMultiverse),
            code=code_fingerprint("gather_multiverse.py"),
        script:
            "../../scripts/gather_multiverse.py"
