"""Draft of a new study, from folders of images and a clinical table."""

from concord import files
from concord.draft.settings import DraftStudy

REQUEST = STUDY.config.draft
TABLES = [path for path in (REQUEST.clinical, REQUEST.features) if path]
SETTINGS = [path for path in (REQUEST.settings_from, REQUEST.model) if path]
ROOTS = [STUDY.source(folder) for folder in STUDY.config.dicom_roots.values()]
INDEXED = STUDY.config.dicom_roots if REQUEST.entry == "dicom" else {}


rule draft:
    """Draft the configuration and the sheets of a new study."""
    input:
        "private/draft_told.txt",


rule draft_study:
    """Draft a configuration and its sheets, with what is left to answer."""
    input:
        series=expand("private/index/{root}_series.tsv", root=INDEXED),
        images=["private/index/images.tsv"] if INDEXED else [],
        masks=["private/index/masks.tsv"] if INDEXED else [],
        linkage=["private/linkage.tsv"] if INDEXED else [],
        tables=TABLES,
        settings=SETTINGS,
    output:
        folder=directory("private/draft"),
        told="private/draft_told.txt",
    log:
        "logs/draft_study.log",
    benchmark:
        "results/benchmarks/draft_study/all.tsv"
    conda:
        "../../envs/features.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(
            DraftStudy,
            sources=[] if INDEXED else ROOTS,
            tables=[*TABLES, *SETTINGS],
        ),
        code=code_fingerprint("draft_study.py"),
    script:
        "../../scripts/draft_study.py"


onstart:
    if workflow.is_main_process:
        files.close_private()


onsuccess:
    if workflow.is_main_process:
        files.close_private()
    if drafts(ASKED):
        sys.stderr.write(Path("private/draft_told.txt").read_text(encoding="utf-8"))
