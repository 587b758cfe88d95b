"""Rule import_model on the shipped equation, without Snakemake."""

from pathlib import Path
from types import SimpleNamespace

import import_model

from concord.frozen import document
from concord.frozen.published.settings import ImportModel
from concord.frozen.reading import read_model

EQUATION = Path(__file__).resolve().parents[2] / "config/published/equation.yaml"


def test_an_equation_becomes_a_document_and_a_document_stays_where_it_is(tmp_path):
    other = tmp_path / "clinical.json"
    document.write(read_model(EQUATION), other)
    job = SimpleNamespace(
        input=SimpleNamespace(models=[str(EQUATION), str(other)]),
        output=SimpleNamespace(models=tmp_path / "imported"),
        params=SimpleNamespace(
            spec=ImportModel(arms=["signature", "clinical"]).model_dump_json()
        ),
    )
    import_model.main(job)

    written = tmp_path / "imported" / "signature" / "model.json"
    assert document.read(written) == read_model(EQUATION)
    assert [path.name for path in (tmp_path / "imported").iterdir()] == ["signature"]
