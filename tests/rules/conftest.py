"""What tests of rules share."""

import pytest


@pytest.fixture(autouse=True)
def study_folder(tmp_path, monkeypatch):
    """The folder that a job runs in: relative paths, such as caches, lie in it."""
    monkeypatch.chdir(tmp_path)
