"""Concord: from DICOM folders to the figures of the paper. Table of contents."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.20")
sys.path.insert(0, str(Path(workflow.current_basedir.path, "scripts")))


# A study given by --configfile replaces the demo study; the two never merge.
if not workflow.config_settings.configfiles:

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/files.smk"


rule all:
    """The report, every figure, the final models, and the drafts of the sheets."""
    input:
        "results/report/report.html",
        figures(),
        final_models(),
        index_drafts(),


rule index:
    """Look at all files of the DICOM roots again and draft the sheets."""
    input:
        index_drafts(),
    message:
        "Review the drafts private/index/images.tsv and masks.tsv, and copy them beside "
        "the configuration; private/index/unlisted.tsv tells what no sheet uses."


rule deidentify:
    """Copy the DICOM of all images and segmentations without identifiers."""
    input:
        chunk_files("results/deidentified/{chunk}_{image}.tsv"),


rule features:
    """Everything up to the feature table and its stability."""
    input:
        "results/features/features.parquet",
        "results/stability/stability.tsv" if REPEATS else [],


rule models:
    """Everything up to the evaluation of all arms, and their final fits."""
    input:
        final_models(),
        evaluations("performance"),
        evaluations("comparisons"),


include: "workflow/rules/demo.smk"


if TABLE:

    include: "workflow/rules/table.smk"

else:

    include: "workflow/rules/ingest.smk"
    include: "workflow/rules/agreement.smk"
    include: "workflow/rules/features.smk"
    include: "workflow/rules/crosscheck.smk"


include: "workflow/rules/stability.smk"
include: "workflow/rules/folds.smk"
include: "workflow/rules/models.smk"
include: "workflow/rules/harmonization.smk"
include: "workflow/rules/evaluation.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
