"""Rule register_plan: the script on files, without Snakemake."""

import json

from register_plan import main

from concord.report.registration.settings import RegisterPlan

from ..modelling_study import job
from ..synthetic_results import SETTINGS

OUTPUTS = {"registration": "registration.json", "page": "registration.md"}


def register(folder, **values):
    (folder / "group").mkdir(exist_ok=True)
    (folder / "group" / "folds.tsv").write_text("folds")
    (folder / "features.parquet").write_bytes(b"features")
    settings = RegisterPlan(
        values={"validation.folds": 3} | values,
        sheets={"subjects": "ab"},
        code={"fit_arms": "cd"},
        n_sealed=0,
        sealed=None,
        explained=SETTINGS,
    )
    inputs = {
        "features": str(folder / "features.parquet"),
        "folds": [str(folder / "group" / "folds.tsv")],
    }
    main(job(folder, settings, OUTPUTS, inputs))
    return json.loads((folder / "registration.json").read_text())["versions"]


def test_a_second_plan_is_added_to_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (first,) = register(tmp_path)
    kept, second = register(tmp_path, **{"validation.repeats": 2})

    assert kept == first
    assert second["version"] == 2
    assert second["before"] == first["hash"]
    text = (tmp_path / "registration.md").read_text()
    assert "# Registered plan: Synthetic study" in text
    assert "| config | validation.repeats |  | 2 |" in text
