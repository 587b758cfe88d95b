"""Rule describe_updates: the script on files, without Snakemake."""

from describe_updates import main

from concord.figures.settings import FigureStyle
from concord.frozen import document as documents
from concord.report.card.settings import DescribeUpdates

from ..frozen_documents import frozen_document, lacking_study
from ..modelling_study import job, make_specification


def test_every_updated_and_imported_model_has_a_folder_of_its_own(tmp_path):
    plan = make_specification(
        "binary", harmonizer="none", selection="univariate", max_features=2
    )
    document = frozen_document(lacking_study(), plan)
    updated, imported = tmp_path / "updated" / "death", tmp_path / "imported"
    for folder in (
        updated / "arm" / "slope",
        updated / "arm" / "refit",
        imported / "p",
    ):
        documents.write(document, folder / "model.json")
    made = tmp_path / "described"
    inputs = {
        "updated": [str(updated)],
        "imported": [str(imported / "p" / "model.json")],
    }
    settings = DescribeUpdates(style=FigureStyle())
    main(job(tmp_path, settings, {"described": str(made)}, inputs))
    cards = {str(one.parent.relative_to(made)) for one in made.rglob("card.html")}
    assert cards == {"updated/death/arm/slope", "updated/death/arm/refit", "imported/p"}
    names = {one.name for one in (made / "imported" / "p").iterdir()}
    assert {"card.md", "equation.md", "score.py", "nomogram.pdf"} <= names
    assert not list(made.rglob("model.json"))
