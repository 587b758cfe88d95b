"""Rule manifest on the results of one job."""

from pathlib import Path
from types import SimpleNamespace

from manifest import main

from concord import records, tables
from concord.report.sharing.manifest import FILE, WriteManifest


def test_the_results_of_a_job_are_listed():
    Path("results").mkdir()
    Path("results/a.tsv").write_text("1\n")
    made = {"rule": "make", "input": [], "output": ["results/a.tsv"]}
    params = SimpleNamespace(spec="{}", code="c0de")
    records.write_record(SimpleNamespace(log=["logs/make.log"], params=params, **made))
    spec = WriteManifest(targets=["results/a.tsv"], asked="").model_dump_json()

    main(
        SimpleNamespace(
            params=SimpleNamespace(spec=spec), output=SimpleNamespace(manifest=FILE)
        )
    )

    (row,) = tables.read(FILE, "manifest").to_dict("records")
    assert (row["file"], row["size"], row["rule"]) == ("results/a.tsv", 2, "make")
