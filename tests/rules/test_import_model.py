"""Rule import_model on the shipped equation, without Snakemake."""

from pathlib import Path
from types import SimpleNamespace

import import_model

from concord.frozen import document
from concord.frozen.published.settings import ImportModel
from concord.frozen.reading import read_model

EQUATION = Path(__file__).resolve().parents[2] / "config/published/equation.yaml"


def test_an_equation_becomes_a_document(tmp_path):
    written = tmp_path / "imported" / "signature" / "model.json"
    job = SimpleNamespace(
        input=SimpleNamespace(models=[str(EQUATION)]),
        output=SimpleNamespace(models=[written]),
        params=SimpleNamespace(spec=ImportModel().model_dump_json()),
    )
    written.parent.mkdir(parents=True)

    import_model.main(job)

    assert document.read(written) == read_model(EQUATION)
