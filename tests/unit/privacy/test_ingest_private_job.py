"""A job that reads patients' files tells nothing that a library quoted."""

import logging
import warnings
from types import SimpleNamespace

import pytest

from concord.errors import IngestFault, StudyError
from concord.ingest.dicom.header import hashed
from concord.privacy import discretion, private_job, secret
from concord.privacy.settings import Privacy, PrivateSettings

NAME = "Doe^Jane"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a function as a job and returns its log file and its error."""

    monkeypatch.chdir(tmp_path)

    def run_main(main, is_private=True):
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        root.handlers.clear()
        settings = PrivateSettings(privacy=Privacy(data="simulated", seed=7))
        job = SimpleNamespace(
            log=[str(tmp_path / "job.log")],
            params=SimpleNamespace(spec=settings.model_dump_json()),
            rule="convert_image",
            wildcards={},
            input=[],
            output=[],
        )
        error = None
        try:
            if is_private:
                private_job.run(main, job, PrivateSettings)
            else:
                discretion.run(main, job)
        except Exception as caught:
            error = caught
        finally:
            for handler in root.handlers:
                handler.close()
            root.handlers[:], root.level = handlers, level
            logging.captureWarnings(False)
        return (tmp_path / "job.log").read_text(), error

    return run_main


def test_the_text_of_a_foreign_error_is_withheld_with_all_its_causes(run):
    def main(job):
        try:
            int(NAME)
        except ValueError as error:
            raise RuntimeError(f"cannot use {NAME}") from error

    log, error = run(main)
    assert isinstance(error, StudyError)
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert str(error).startswith("RuntimeError in privacy/private_job.py:")
    assert "RuntimeError in privacy/private_job.py" in log
    assert NAME not in log.replace("NAME", "")


def test_an_error_of_the_study_keeps_its_text_and_loses_its_cause(run):
    def main(job):
        try:
            int(NAME)
        except ValueError as error:
            raise IngestFault("BAD_VALUE", "KVP is no number.") from error

    log, error = run(main)
    assert str(error) == "KVP is no number."
    assert "KVP is no number." in log
    assert NAME not in log


@pytest.mark.filterwarnings("always")
def test_messages_and_warnings_of_libraries_are_told_without_their_text(run):
    def main(job):
        for _ in range(3):
            logging.getLogger("pydicom").warning("odd value %s", NAME)
        logging.getLogger("concord.ingest").info("three slices")
        warnings.warn_explicit(f"odd {NAME}", UserWarning, "/data/valuerep.py", 12)

    log, error = run(main)
    assert error is None
    assert NAME not in log
    assert log.count("withheld") == 1
    assert "three slices" in log
    assert "UserWarning in valuerep.py:12" in log


def test_identifiers_are_hashed_by_the_key_of_the_study(run):
    hashes = []
    run(lambda job: hashes.append(hashed("1.2.3")))
    with secret.keyed(Privacy(data="simulated", seed=7).key()):
        assert hashes == [hashed("1.2.3")]
    assert hashes != [hashed("1.2.3")]


@pytest.mark.filterwarnings("always")
def test_a_job_that_reads_tables_tells_no_text_of_a_library_either(run):
    def main(job):
        logging.getLogger("pandas").warning("odd value %s", NAME)
        warnings.warn_explicit(f"odd {NAME}", UserWarning, "/x/parsers.py", 12)
        float(NAME)

    log, error = run(main, is_private=False)
    assert NAME not in log + str(error)
    assert "UserWarning in parsers.py:12" in log
    assert "ValueError in privacy/discretion.py" in log
