"""Rule ro_crate on the results of one job."""

import json
from pathlib import Path
from types import SimpleNamespace

from ro_crate import main

from concord import tables
from concord.files import sha256
from concord.report.settings import ReportSection
from concord.report.sharing.settings import PackCrate


def test_the_crate_lies_beside_the_results_that_it_describes():
    report = Path("results/report/report.html")
    report.parent.mkdir(parents=True)
    report.write_text("<!DOCTYPE html>")
    row = {"file": str(report), "result": str(report), "sha256": sha256(report)}
    tables.write(
        [row | {"size": 15, "rule": "report"}], "results/MANIFEST.tsv", "manifest"
    )
    spec = PackCrate(
        study="Small",
        demonstration=None,
        report=ReportSection(),
        values={},
        sheets={},
        rows={},
    )
    main(
        SimpleNamespace(
            input=SimpleNamespace(manifest="results/MANIFEST.tsv", report=str(report)),
            output=SimpleNamespace(
                metadata="results/ro-crate-metadata.json",
                preview="results/ro-crate-preview.html",
            ),
            params=SimpleNamespace(spec=spec.model_dump_json()),
        )
    )

    graph = json.loads(Path("results/ro-crate-metadata.json").read_text())["@graph"]
    ids = {one["@id"] for one in graph}
    assert {"report/report.html", "crate/Snakefile", "crate/code.json"} <= ids
    assert "rule all" in Path("results/crate/Snakefile").read_text()
    assert "ro_crate" in json.loads(Path("results/crate/code.json").read_text())
    assert Path("results/ro-crate-preview.html").exists()
