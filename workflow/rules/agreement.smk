"""How far readers agree on an outline."""


rule segmentation_agreement:
    """Dice, HD95 and further agreement of all pairs of readers in a chunk."""
    input:
        masks="results/masks/{chunk}_{modality}.tsv",
        folder="results/masks/{chunk}_{modality}",
    output:
        agreement="results/agreement/chunks/{chunk}_{modality}.tsv",
    log:
        "logs/segmentation_agreement/{chunk}_{modality}.log",
    benchmark:
        "results/benchmarks/segmentation_agreement/{chunk}_{modality}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.spec(),
        code=code_fingerprint("segmentation_agreement.py"),
    script:
        "../../scripts/segmentation_agreement.py"


rule gather_agreement:
    """Gather the agreement of all chunks."""
    input:
        agreement=chunk_files("results/agreement/chunks/{chunk}_{modality}.tsv"),
    output:
        agreement="results/agreement/agreement.tsv",
    log:
        "logs/gather_agreement.log",
    benchmark:
        "results/benchmarks/gather_agreement/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.spec(),
        code=code_fingerprint("gather_agreement.py"),
    script:
        "../../scripts/gather_agreement.py"


if READERS:

    rule gallery_tiles:
        """Cut small pictures of the cases in which readers agree worst."""
        input:
            agreement="results/agreement/agreement.tsv",
            images=chunk_files("results/images/{chunk}_{modality}.tsv"),
            image_folders=chunk_files("results/images/{chunk}_{modality}"),
            masks=chunk_files("results/masks/{chunk}_{modality}.tsv"),
            mask_folders=chunk_files("results/masks/{chunk}_{modality}"),
        output:
            tiles="results/agreement/tiles.json",
        log:
            "logs/gallery_tiles.log",
        benchmark:
            "results/benchmarks/gallery_tiles/all.tsv"
        conda:
            "../../envs/imaging.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=15,
        params:
            spec=STUDY.spec("agreement.headline"),
            code=code_fingerprint("gallery_tiles.py"),
        script:
            "../../scripts/gallery_tiles.py"


if REVIEW:

    rule review_list:
        """List the cases in which readers agree worst with another one."""
        input:
            agreement="results/agreement/agreement.tsv",
            masks=chunk_files("results/masks/{chunk}_{modality}.tsv"),
        output:
            review="results/agreement/review.tsv",
        log:
            "logs/review_list.log",
        benchmark:
            "results/benchmarks/review_list/all.tsv"
        conda:
            "../../envs/imaging.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            spec=STUDY.spec("agreement.headline", "agreement.review"),
            code=code_fingerprint("review_list.py"),
        script:
            "../../scripts/review_list.py"
