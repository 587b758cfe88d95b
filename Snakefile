"""Concord: from DICOM folders to the figures of the paper. Table of contents."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.20")
sys.path.insert(0, str(Path(workflow.current_basedir.path, "scripts")))


from concord.errors import ConfigError
from concord.study.entry import config_file, run_folder

# Snakemake executes Python in a configuration that says so. It is read as data first, and
# refused; one of --configfile was read by Snakemake already (docs/security.md).
FOUND = [Path("config/config.yaml")] if Path("config/config.yaml").exists() else []
try:
    run_folder.make_safe()
    for file in workflow.config_settings.configfiles or FOUND:
        config_file.read_config(file)
    DEPLOYED = workflow.deployment_settings
    if DEPLOYED.deployment_method and DEPLOYED.conda_prefix is None:
        DEPLOYED.conda_prefix = run_folder.environments()
except ConfigError as error:
    sys.exit(str(error))


# A study given by --configfile replaces the study of the folder; the two never merge.
# A new study, of which a draft is asked for, has no configuration yet.
if not workflow.config_settings.configfiles and FOUND:

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/folders.smk"
include: "workflow/rules/files.smk"


if SECRET_ALONE:

    include: "workflow/rules/secret.smk"

elif FOLDERS_ALONE:

    include: "workflow/rules/index.smk"
    include: "workflow/rules/draft.smk"

else:

    include: "workflow/rules/common.smk"

    rule all:
        """The report, every figure, all final and frozen models, and drafts of sheets."""
        input:
            made_by_all(),

    rule check:
        """Check the configuration, the sheets and their sources; make nothing."""
        input:
            [],

    rule deidentify:
        """Copy the DICOM of all images and segmentations without identifiers."""
        input:
            "results/deidentified/exported.tsv",
            "private/deidentified/values.tsv",

    if not STUDY.starts_from_predictions:

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

    rule predict:
        """Scores of frozen models for the subjects of this study, one file each."""
        input:
            of_applied(PREDICTED),
            imported_models(),

    rule register:
        """Write the plan of the analysis before its answer is known."""
        input:
            [REGISTRATION, "registered/registration.md"],

    rule crate:
        """The results with the metadata of a research object (RO-Crate)."""
        input:
            "results/ro-crate-metadata.json",

    rule unseal:
        """Judge the final models on the sealed subjects once, and tell every look."""
        input:
            [LEDGER, "results/report/report.html"] if SEALED else [],

    include: "workflow/rules/demo.smk"

    if TABLE:

        include: "workflow/rules/table.smk"

    elif STUDY.starts_from_predictions:

        include: "workflow/rules/given.smk"

    else:

        include: "workflow/rules/index.smk"
        include: "workflow/rules/ingest.smk"
        include: "workflow/rules/agreement.smk"
        include: "workflow/rules/features.smk"
        include: "workflow/rules/crosscheck.smk"

    if not GIVEN:

        include: "workflow/rules/stability.smk"
    include: "workflow/rules/folds.smk"

    if GIVEN:

        include: "workflow/rules/judged.smk"

    else:

        include: "workflow/rules/models.smk"
        include: "workflow/rules/harmonization.smk"
        include: "workflow/rules/frozen.smk"

    if APPLIED:

        include: "workflow/rules/applied.smk"
    include: "workflow/rules/evaluation.smk"
    include: "workflow/rules/plan.smk"
    include: "workflow/rules/multiverse.smk"
    include: "workflow/rules/figures.smk"
    include: "workflow/rules/report.smk"
    include: "workflow/rules/run.smk"
