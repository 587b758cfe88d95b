"""The series of all DICOM folders, and drafts of the sheets."""

from concord.ingest.settings import DraftSheets


rule index:
    """Look at all files of the DICOM roots again and draft the sheets."""
    input:
        index_drafts(),
    message:
        "Review the drafts private/index/images.tsv and masks.tsv, and copy them beside "
        "the configuration; private/index/unlisted.tsv tells what no sheet uses."


rule index_dicom:
    """List every series below one DICOM root."""
    input:
        root=root_folder,
    output:
        files=update("private/index/{root}_files.parquet"),
        series="private/index/{root}_series.tsv",
        state="private/index/{root}_state.txt",
    log:
        "logs/index_dicom/{root}.log",
    benchmark:
        "results/benchmarks/index_dicom/{root}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 8
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=index_settings,
        code=code_fingerprint("index_dicom.py"),
    script:
        "../../scripts/index_dicom.py"


rule draft_sheets:
    """Draft the sheets of images and masks; list what no sheet of the study uses."""
    input:
        series=expand("private/index/{root}_series.tsv", root=STUDY.config.dicom_roots),
    output:
        images="private/index/images.tsv",
        masks="private/index/masks.tsv",
        unlisted="private/index/unlisted.tsv",
        linkage="private/linkage.tsv",
        summary="results/index/summary.tsv",
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
        spec=STUDY.settings(DraftSheets),
        code=code_fingerprint("draft_sheets.py"),
    script:
        "../../scripts/draft_sheets.py"
