"""Features of every image, region and reader."""


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
        spec=STUDY.spec(),
        code=code_fingerprint("prime_engine.py"),
    script:
        "../../scripts/prime_engine.py"


rule extract_features:
    """Compute the features of all images, regions and readers of a chunk."""
    input:
        images="results/images/{chunk}_{modality}.tsv",
        image_folder="results/images/{chunk}_{modality}",
        masks="results/masks/{chunk}_{modality}.tsv",
        mask_folder="results/masks/{chunk}_{modality}",
        consensus=of_consensus("results/consensus/{chunk}_{modality}.tsv"),
        consensus_folder=of_consensus("results/consensus/{chunk}_{modality}"),
        primed="results/engine/primed.json",
    output:
        features="results/features/chunks/{chunk}_{modality}.parquet",
        undefined="results/features/chunks/{chunk}_{modality}_undefined.tsv",
        exclusions="results/features/chunks/{chunk}_{modality}_exclusions.tsv",
    log:
        "logs/extract_features/{chunk}_{modality}.log",
    benchmark:
        "results/benchmarks/extract_features/{chunk}_{modality}.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        spec=lambda wildcards: STUDY.spec(
            modality=wildcards.modality,
            recipe=STUDY.setting(f"recipes.{wildcards.modality}"),
        ),
        code=code_fingerprint("extract_features.py"),
    script:
        "../../scripts/extract_features.py"


rule feature_table:
    """Gather the features of all chunks and describe every column."""
    input:
        features=chunk_files("results/features/chunks/{chunk}_{modality}.parquet"),
        undefined=chunk_files(
            "results/features/chunks/{chunk}_{modality}_undefined.tsv"
        ),
        exclusions=chunk_files(
            "results/features/chunks/{chunk}_{modality}_exclusions.tsv"
        ),
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
        spec=STUDY.spec("recipes"),
        code=code_fingerprint("feature_table.py"),
    script:
        "../../scripts/feature_table.py"
