"""Rule prime_engine on its own."""

from types import SimpleNamespace

import prime_engine
import pytest

from concord.errors import StudyError
from concord.features.engines import ibsi_phantom
from concord.files import read_json


def job(folder):
    return SimpleNamespace(output=SimpleNamespace(primed=folder / "primed.json"))


def test_the_report_counts_the_published_values_that_match(tmp_path):
    prime_engine.main(job(tmp_path))
    report = read_json(tmp_path / "primed.json")
    assert set(report) == {
        "engine",
        "version",
        "numba_version",
        "n_values",
        "n_matching",
        "mismatches",
    }
    assert report["n_matching"] == report["n_values"] == 169


def test_an_engine_that_misses_a_value_stops_the_study(tmp_path, monkeypatch):
    monkeypatch.setattr(ibsi_phantom, "SPACING_MM", (2.0, 2.0, 2.1))
    with pytest.raises(StudyError, match=r"original\.morphology\.volume_mesh"):
        prime_engine.main(job(tmp_path))
    assert not (tmp_path / "primed.json").exists()
