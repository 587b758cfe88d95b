"""Features of every image, region and reader."""

from concord.features.settings.rules import (
    ExtractAggregated,
    ExtractFeatures,
    FeatureTable,
    MapFeatures,
    MeasureVariants,
    PrimeEngine,
)
from concord.settings import NoSettings


rule prime_engine:
    """Compile the feature engine once and check it on the IBSI digital phantom."""
    output:
        primed="results/engine/primed.json",
    log:
        "logs/prime_engine.log",
    benchmark:
        "results/benchmarks/prime_engine/all.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=15,
    params:
        spec=STUDY.settings(PrimeEngine),
        code=code_fingerprint("prime_engine.py"),
    script:
        "../../scripts/prime_engine.py"


rule extract_features:
    """Compute the features of all images, regions and readers of a chunk."""
    input:
        images="results/images/{chunk}_{image}.tsv",
        image_folder="results/images/{chunk}_{image}",
        masks="results/masks/{chunk}_{image}.tsv",
        mask_folder="results/masks/{chunk}_{image}",
        consensus=of_consensus("results/consensus/{chunk}_{image}.tsv"),
        consensus_folder=of_consensus("results/consensus/{chunk}_{image}"),
        primed="results/engine/primed.json",
    output:
        features="results/features/chunks/{chunk}_{image}.parquet",
        undefined="results/features/chunks/{chunk}_{image}_undefined.tsv",
        exclusions="results/features/chunks/{chunk}_{image}_exclusions.tsv",
    log:
        "logs/extract_features/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/extract_features/{chunk}_{image}.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        spec=STUDY.settings_of(ExtractFeatures),
        code=code_fingerprint("extract_features.py"),
    script:
        "../../scripts/extract_features.py"


if AGGREGATED:

    rule extract_aggregated:
        """Compute 2D, 2.5D and averaged texture of a chunk by the second engine."""
        input:
            images="results/images/{chunk}_{image}.tsv",
            image_folder="results/images/{chunk}_{image}",
            masks="results/masks/{chunk}_{image}.tsv",
            mask_folder="results/masks/{chunk}_{image}",
            consensus=of_consensus("results/consensus/{chunk}_{image}.tsv"),
            consensus_folder=of_consensus("results/consensus/{chunk}_{image}"),
        output:
            features="results/features/aggregated/{chunk}_{image}.parquet",
            undefined="results/features/aggregated/{chunk}_{image}_undefined.tsv",
        log:
            "logs/extract_aggregated/{chunk}_{image}.log",
        benchmark:
            "results/benchmarks/extract_aggregated/{chunk}_{image}.tsv"
        conda:
            "../../envs/second_engine.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=240,
        params:
            spec=STUDY.settings_of(ExtractAggregated),
            code=code_fingerprint("extract_aggregated.py"),
        script:
            "../../scripts/extract_aggregated.py"


rule feature_table:
    """Gather the features of all chunks and describe every column."""
    input:
        features=chunk_files("results/features/chunks/{chunk}_{image}.parquet"),
        aggregated=chunk_files(
            "results/features/aggregated/{chunk}_{image}.parquet",
            pairs="aggregated",
        ),
        undefined=all_files(
            chunk_files("results/features/chunks/{chunk}_{image}_undefined.tsv"),
            chunk_files(
                "results/features/aggregated/{chunk}_{image}_undefined.tsv",
                pairs="aggregated",
            ),
        ),
        exclusions=chunk_files("results/features/chunks/{chunk}_{image}_exclusions.tsv"),
    output:
        features="results/features/features.parquet",
        dictionary="results/features/dictionary.tsv",
        dictionary_json="results/features/dictionary.json",
        undefined="results/features/undefined.tsv",
        exclusions="results/features/exclusions.tsv",
    log:
        "logs/feature_table.log",
    benchmark:
        "results/benchmarks/feature_table/all.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=15,
    params:
        spec=STUDY.settings(FeatureTable),
        code=code_fingerprint("feature_table.py"),
    script:
        "../../scripts/feature_table.py"


rule measure_variants:
    """Measure the scans of a chunk again: disturbed, on other grids, with other bins."""
    input:
        images="results/images/{chunk}_{image}.tsv",
        image_folder="results/images/{chunk}_{image}",
        masks="results/masks/{chunk}_{image}.tsv",
        mask_folder="results/masks/{chunk}_{image}",
        consensus=of_consensus("results/consensus/{chunk}_{image}.tsv"),
        consensus_folder=of_consensus("results/consensus/{chunk}_{image}"),
        primed="results/engine/primed.json",
    output:
        features="results/features/variants/{chunk}_{image}.parquet",
        undefined="results/features/variants/{chunk}_{image}_undefined.tsv",
        exclusions="results/features/variants/{chunk}_{image}_exclusions.tsv",
    log:
        "logs/measure_variants/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/measure_variants/{chunk}_{image}.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        spec=STUDY.settings_of(MeasureVariants),
        code=code_fingerprint("measure_variants.py"),
    script:
        "../../scripts/measure_variants.py"


rule variant_table:
    """Gather the variants of all chunks."""
    input:
        features=chunk_files(
            "results/features/variants/{chunk}_{image}.parquet", pairs="varied"
        ),
        undefined=chunk_files(
            "results/features/variants/{chunk}_{image}_undefined.tsv",
            pairs="varied",
        ),
        exclusions=chunk_files(
            "results/features/variants/{chunk}_{image}_exclusions.tsv",
            pairs="varied",
        ),
    output:
        features="results/features/variants.parquet",
        undefined="results/features/variants_undefined.tsv",
        exclusions="results/features/variants_exclusions.tsv",
    log:
        "logs/variant_table.log",
    benchmark:
        "results/benchmarks/variant_table/all.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=15,
    params:
        spec=STUDY.settings(NoSettings),
        code=code_fingerprint("variant_table.py"),
    script:
        "../../scripts/variant_table.py"


rule map_features:
    """Map where in some regions of a chunk a feature has which value."""
    input:
        images="results/images/{chunk}_{image}.tsv",
        image_folder="results/images/{chunk}_{image}",
        masks="results/masks/{chunk}_{image}.tsv",
        mask_folder="results/masks/{chunk}_{image}",
        consensus=of_consensus("results/consensus/{chunk}_{image}.tsv"),
        consensus_folder=of_consensus("results/consensus/{chunk}_{image}"),
        primed="results/engine/primed.json",
    output:
        maps=directory("results/maps/{chunk}_{image}"),
        pictures="results/maps/{chunk}_{image}.json",
    log:
        "logs/map_features/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/map_features/{chunk}_{image}.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        spec=STUDY.settings_of(MapFeatures),
        code=code_fingerprint("map_features.py"),
    script:
        "../../scripts/map_features.py"
