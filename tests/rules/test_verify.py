"""Rule verify on results of two jobs."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from verify import main

from concord import records, tables
from concord.errors import StudyError


def make_job():
    Path("results").mkdir()
    Path("results/a.tsv").write_text("1\n")
    params = SimpleNamespace(spec="{}", code="c0de")
    made = {"rule": "make", "input": [], "output": ["results/a.tsv"], "params": params}
    records.write_record(SimpleNamespace(log=["logs/make.log"], **made))
    spec = records.Verify(targets=["results/a.tsv"], asked="now").model_dump_json()
    return SimpleNamespace(
        params=SimpleNamespace(spec=spec),
        output=SimpleNamespace(verified="results/verified.txt"),
    )


def test_results_as_recorded_are_verified():
    task = make_job()
    main(task)

    assert Path(task.output.verified).read_text() == "1 files\n"
    assert tables.read(records.VERIFICATION, "verification").empty


def test_an_edited_result_fails_the_rule_and_is_listed():
    task = make_job()
    Path("results/a.tsv").write_text("2\n")
    with pytest.raises(StudyError, match=r"results/a\.tsv: make wrote"):
        main(task)

    (row,) = tables.read(records.VERIFICATION, "verification").to_dict("records")
    assert (row["file"], row["rule"], row["state"]) == (
        "results/a.tsv",
        "make",
        "changed",
    )
    assert not Path(task.output.verified).exists()
