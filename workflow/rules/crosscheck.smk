"""The second feature engine on some subjects of every site."""

from concord.features.settings.rules import CrossCheckFeatures


rule cross_check_features:
    """Measure some regions of every site with a second engine and compare."""
    input:
        images=chunk_files("results/images/{chunk}_{image}.tsv"),
        image_folders=chunk_files("results/images/{chunk}_{image}"),
        masks=chunk_files("results/masks/{chunk}_{image}.tsv"),
        mask_folders=chunk_files("results/masks/{chunk}_{image}"),
        consensus=chunk_files(*of_consensus("results/consensus/{chunk}_{image}.tsv")),
        consensus_folders=chunk_files(
            *of_consensus("results/consensus/{chunk}_{image}")
        ),
        primed="results/engine/primed.json",
    output:
        crosscheck="results/features/crosscheck.tsv",
        summary="results/features/crosscheck.json",
    log:
        "logs/cross_check_features.log",
    benchmark:
        "results/benchmarks/cross_check_features/all.tsv"
    conda:
        "../../envs/second_engine.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        spec=STUDY.settings(CrossCheckFeatures),
        code=code_fingerprint("cross_check_features.py"),
    script:
        "../../scripts/cross_check_features.py"
