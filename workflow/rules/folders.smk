"""The study, or only its folders where the index or a draft of it is asked for."""

from concord.draft.folders import FoldersStudy
from concord.draft.request import (
    asked_rules,
    asks_secret_alone,
    drafts,
    needs_folders_alone,
)
from concord.errors import ConfigError
from concord.planned import RUN
from concord import planned, provenance
from concord.study.study import Study

CONFIG_FILE = Path((workflow.config_settings.configfiles or ["config/config.yaml"])[0])
# Targets are not known yet where Snakemake reads this; the command line is.
ASKED = asked_rules(sys.argv[1:])
# The same for the first process of a run and for its jobs on a cluster.
THIS_RUN = str(workflow.sourcecache.runtime_cache_path)
os.environ[RUN] = str(planned.folder_of(THIS_RUN).resolve())
KEPT = None if workflow.is_main_process else planned.frozen(THIS_RUN)
if KEPT is not None:
    config = KEPT.config
SECRET_ALONE = asks_secret_alone(ASKED)
CODES = {}


def code_fingerprint(script):
    """Hash of a script and of all own code that it imports; kept by name."""
    CODES[script] = provenance.code_fingerprint(script)
    return CODES[script]


try:
    FOLDERS_ALONE = needs_folders_alone(config, ASKED)
    if FOLDERS_ALONE:
        folder, commanded = CONFIG_FILE.parent, workflow.config_settings.config
        STUDY = FoldersStudy(config, commanded, folder, drafts(ASKED), SECRET_ALONE)
    else:
        STUDY = Study(config, CONFIG_FILE, workflow.is_main_process, KEPT)
except ConfigError as error:
    # The faults alone: no name of a class, no place in a file of the workflow.
    sys.exit(str(error))

DEMO = not FOLDERS_ALONE and STUDY.config.simulation is not None


wildcard_constraints:
    site=r"[A-Za-z0-9_-]+",
    root=r"[A-Za-z0-9_]+",
