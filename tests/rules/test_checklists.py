"""Rule checklists on the tables of a small study, without Snakemake."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from checklists import main

from concord import tables
from concord.report.checklists.filling import FROM_FACTS, STATES
from concord.report.checklists.items import FILES, checklist
from concord.report.checklists.settings import FillChecklists
from concord.report.settings import ReportSection

from .. import synthetic_results as synthetic


@pytest.fixture
def job(tmp_path):
    spec = FillChecklists(
        study="Small",
        demonstration=None,
        report=ReportSection(data_licence="CC BY 4.0"),
        values={"evaluation.headline_arm": "radiomics"},
    )
    outputs = {
        output: [str(tmp_path / f"{name}.{kind}") for name in FILES]
        for output, kind in {"html": "html", "md": "md", "checklist": "tsv"}.items()
    }
    card = [str(tmp_path / "card.html"), str(tmp_path / "card.md")]
    return SimpleNamespace(
        input=synthetic.write_results(tmp_path),
        output=SimpleNamespace(**outputs, card=card),
        params=SimpleNamespace(spec=spec.model_dump_json()),
    )


def test_every_list_is_written_in_three_forms_with_all_its_items(job):
    main(job)

    for number, name in enumerate(FILES):
        found = tables.read(job.output.checklist[number], "checklist")
        items = checklist(name).items
        assert found["item"].tolist() == [one.item for one in items]
        assert set(found["state"]) <= set(STATES)
        for kind in ("html", "md"):
            page = Path(getattr(job.output, kind)[number]).read_text("utf-8")
            assert "no score" in page
    assert "Licence: CC BY 4.0." in Path(job.output.card[1]).read_text("utf-8")


def test_what_the_tables_hold_is_filled_and_nothing_else(job):
    main(job)
    found = tables.read(job.output.checklist[0], "checklist").set_index("item")

    assert found.loc["39", "state"] == FROM_FACTS
    assert "auc" in found.loc["39", "value"]
    assert found.loc["38", "place"] == "scheme"
    assert found.loc["34", "state"] == "not evidenced"
    assert "arms.*.model.kind is not set" in found.loc["34", "value"]


def test_the_lists_are_written_alike_again(job):
    main(job)
    before = [Path(path).read_bytes() for path in job.output.html]
    main(job)
    assert [Path(path).read_bytes() for path in job.output.html] == before
