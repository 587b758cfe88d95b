"""Agreement of readers on a segmentation."""

from concord.agreement.settings import (
    ConsensusMask,
    GalleryTiles,
    GatherAgreement,
    ReviewList,
    SegmentationAgreement,
)


rule consensus_mask:
    """Make one mask of those of three readers or more."""
    input:
        masks="results/masks/{chunk}_{image}.tsv",
        mask_folder="results/masks/{chunk}_{image}",
    output:
        masks="results/consensus/{chunk}_{image}.tsv",
        folder=directory("results/consensus/{chunk}_{image}"),
    log:
        "logs/consensus_mask/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/consensus_mask/{chunk}_{image}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(ConsensusMask),
        code=code_fingerprint("consensus_mask.py"),
    script:
        "../../scripts/consensus_mask.py"


rule segmentation_agreement:
    """Dice, HD95 and further agreement of all pairs of readers in a chunk."""
    input:
        masks="results/masks/{chunk}_{image}.tsv",
        folder="results/masks/{chunk}_{image}",
        consensus=of_consensus("results/consensus/{chunk}_{image}.tsv"),
        consensus_folder=of_consensus("results/consensus/{chunk}_{image}"),
    output:
        agreement="results/agreement/chunks/{chunk}_{image}.tsv",
        surface_dice="results/agreement/chunks/{chunk}_{image}_surface_dice.tsv",
        group="results/agreement/chunks/{chunk}_{image}_group.tsv",
    log:
        "logs/segmentation_agreement/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/segmentation_agreement/{chunk}_{image}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings(SegmentationAgreement),
        code=code_fingerprint("segmentation_agreement.py"),
    script:
        "../../scripts/segmentation_agreement.py"


rule gather_agreement:
    """Gather the agreement of all chunks."""
    input:
        agreement=chunk_files("results/agreement/chunks/{chunk}_{image}.tsv"),
        surface_dice=chunk_files(
            "results/agreement/chunks/{chunk}_{image}_surface_dice.tsv"
        ),
        group=chunk_files("results/agreement/chunks/{chunk}_{image}_group.tsv"),
        masks=chunk_files("results/masks/{chunk}_{image}.tsv"),
    output:
        agreement="results/agreement/agreement.tsv",
        surface_dice="results/agreement/surface_dice.tsv",
        group="results/agreement/group.tsv",
        volumes="results/agreement/volumes.tsv",
        readings="results/agreement/readings.tsv",
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
        spec=STUDY.settings(GatherAgreement),
        code=code_fingerprint("gather_agreement.py"),
    script:
        "../../scripts/gather_agreement.py"


if READERS:

    rule gallery_tiles:
        """Cut small pictures of the cases in which readers agree worst."""
        input:
            agreement="results/agreement/agreement.tsv",
            images=chunk_files("results/images/{chunk}_{image}.tsv"),
            image_folders=chunk_files("results/images/{chunk}_{image}"),
            masks=chunk_files("results/masks/{chunk}_{image}.tsv"),
            mask_folders=chunk_files("results/masks/{chunk}_{image}"),
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
            spec=STUDY.settings(GalleryTiles),
            code=code_fingerprint("gallery_tiles.py"),
        script:
            "../../scripts/gallery_tiles.py"


if REVIEW:

    rule review_list:
        """List the cases in which readers agree worst with another one."""
        input:
            agreement="results/agreement/agreement.tsv",
            surface_dice="results/agreement/surface_dice.tsv",
            masks=chunk_files("results/masks/{chunk}_{image}.tsv"),
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
            spec=STUDY.settings(ReviewList),
            code=code_fingerprint("review_list.py"),
        script:
            "../../scripts/review_list.py"
