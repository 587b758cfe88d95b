"""DICOM folders to NIfTI images, masks and acquisition facts."""


rule index_dicom:
    """List every series below one DICOM root."""
    input:
        root=root_folder,
    output:
        series="results/index/roots/{root}.tsv",
    log:
        "logs/index_dicom/{root}.log",
    benchmark:
        "results/benchmarks/index_dicom/{root}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        spec=lambda wildcards: STUDY.spec("study.seed", root=wildcards.root),
        code=code_fingerprint("index_dicom.py"),
    script:
        "../../scripts/index_dicom.py"


rule draft_sheets:
    """Draft the sheets of images and masks; list what no sheet of the study uses."""
    input:
        series=expand("results/index/roots/{root}.tsv", root=STUDY.config.dicom_roots),
    output:
        images="results/index/images.tsv",
        masks="results/index/masks.tsv",
        unlisted="results/index/unlisted.tsv",
    log:
        "logs/draft_sheets.log",
    benchmark:
        "results/benchmarks/draft_sheets/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.spec(
            roots=STUDY.setting("dicom_roots"), listed=STUDY.listed_sources()
        ),
        code=code_fingerprint("draft_sheets.py"),
    script:
        "../../scripts/draft_sheets.py"


rule convert_image:
    """Convert the images of a chunk from DICOM to NIfTI with a JSON sidecar."""
    input:
        sources=image_sources,
    output:
        folder=directory("results/images/{chunk}_{modality}"),
        images="results/images/{chunk}_{modality}.tsv",
        exclusions="results/images/{chunk}_{modality}_exclusions.tsv",
    log:
        "logs/convert_image/{chunk}_{modality}.log",
    benchmark:
        "results/benchmarks/convert_image/{chunk}_{modality}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=image_spec,
        code=code_fingerprint("convert_image.py"),
    script:
        "../../scripts/convert_image.py"


rule convert_mask:
    """Convert the outlines of a chunk to masks on the grids of their images."""
    input:
        sources=mask_sources,
        images="results/images/{chunk}_{modality}.tsv",
        folder="results/images/{chunk}_{modality}",
    output:
        folder=directory("results/masks/{chunk}_{modality}"),
        masks="results/masks/{chunk}_{modality}.tsv",
        exclusions="results/masks/{chunk}_{modality}_exclusions.tsv",
    log:
        "logs/convert_mask/{chunk}_{modality}.log",
    benchmark:
        "results/benchmarks/convert_mask/{chunk}_{modality}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=mask_spec,
        code=code_fingerprint("convert_mask.py"),
    script:
        "../../scripts/convert_mask.py"


rule gather_ingest:
    """Gather the acquisition facts of all images and everything excluded so far."""
    input:
        images=chunk_files("results/images/{chunk}_{modality}.tsv"),
        exclusions=chunk_files(
            "results/images/{chunk}_{modality}_exclusions.tsv",
            "results/masks/{chunk}_{modality}_exclusions.tsv",
        ),
    output:
        acquisition="results/ingest/acquisition.tsv",
        exclusions="results/ingest/exclusions.tsv",
    log:
        "logs/gather_ingest.log",
    benchmark:
        "results/benchmarks/gather_ingest/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.spec(),
        code=code_fingerprint("gather_ingest.py"),
    script:
        "../../scripts/gather_ingest.py"
