"""Draft of a new study, from folders of images and a clinical table."""

from concord.draft.settings import DraftStudy

DRAFT_TOLD = "private/draft/told.txt"


rule draft:
    """Draft the configuration and the sheets of a new study."""
    input:
        DRAFT_TOLD,


rule draft_study:
    """Draft a configuration and its sheets, with what is left to answer."""
    input:
        series=expand("private/index/{root}_series.tsv", root=STUDY.config.dicom_roots),
        images="private/index/images.tsv",
        masks="private/index/masks.tsv",
        linkage="private/linkage.tsv",
        clinical=STUDY.config.draft.clinical or [],
    output:
        config="private/draft/config.yaml",
        subjects="private/draft/subjects.tsv",
        images="private/draft/images.tsv",
        masks="private/draft/masks.tsv",
        questions="private/draft/draft_questions.md",
        told=DRAFT_TOLD,
    log:
        "logs/draft_study.log",
    benchmark:
        "results/benchmarks/draft_study/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(DraftStudy),
        code=code_fingerprint("draft_study.py"),
    script:
        "../../scripts/draft_study.py"


onsuccess:
    if drafts(ASKED):
        sys.stderr.write(Path(DRAFT_TOLD).read_text(encoding="utf-8"))
