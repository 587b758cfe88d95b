"""Start and end of a run."""

from concord import files
from concord.evaluation.sealed import looks
from concord.frozen.applying import terminal
from concord.report.closing import exclusions_told, plan_told
from concord.study.entry.check import told

if KEPT is not None:
    try:
        KEPT.require_code(CODES)
    except ConfigError as error:
        sys.exit(str(error))


# Where nothing is left to be done, nothing else would tell what there is.
if workflow.is_main_process and REGISTERING and Path(REGISTRATION).exists():
    sys.stderr.write(plan_told(REGISTRATION))
if workflow.is_main_process and UNSEALING and Path(LEDGER).exists():
    sys.stderr.write(looks.told(LEDGER))


onstart:
    if workflow.is_main_process:
        files.close_private()
        read = [] if DEMO else map(STUDY.source, STUDY.listed_sources())
        planned.freeze(THIS_RUN, STUDY.as_read(CODES, read), STUDY.hashes)


onsuccess:
    if workflow.is_main_process:
        planned.forget(THIS_RUN)
        sys.stderr.write(told(STUDY) if ASKED == {"check"} else exclusions_told())
        sys.stderr.write(terminal.told(PREDICTED) if PREDICTING else "")
        sys.stderr.write(plan_told(REGISTRATION) if REGISTERING else "")
        sys.stderr.write(looks.told(LEDGER) if UNSEALING else "")


onerror:
    if workflow.is_main_process:
        planned.forget(THIS_RUN)
        sys.stderr.write(exclusions_told())
