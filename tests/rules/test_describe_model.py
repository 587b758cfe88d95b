"""Rule describe_model: the script on files, without Snakemake."""

import pytest
from describe_model import main

from concord.figures.settings import FigureStyle
from concord.frozen import document as documents
from concord.report.card.settings import DescribeModel

from ..frozen_documents import frozen_document, lacking_study
from ..modelling_study import job, make_specification

ALWAYS = {"card.md", "card.html", "equation.md"}
LINEAR = {"score.py", "nomogram.svg", "nomogram.pdf", "nomogram.png"}


def described(folder, document):
    path, made = folder / "model.json", folder / "described"
    documents.write(document, path)
    settings = DescribeModel(style=FigureStyle())
    main(job(folder, settings, {"described": [str(made)]}, {"models": [str(path)]}))
    return {one.name for one in made.iterdir()}


def plan(**changes):
    options = {"covariates": ["age", "stage"], "max_features": 3}
    return make_specification("binary", {"unseen": "passthrough"}, **options, **changes)


def test_everything_is_written_beside_a_linear_model_and_again_the_same(tmp_path):
    document = frozen_document(lacking_study(), plan(selection="univariate"))
    assert described(tmp_path, document) == ALWAYS | LINEAR
    made = tmp_path / "described"
    first = {one.name: one.read_bytes() for one in made.iterdir()}
    described(tmp_path, document)
    assert first == {one.name: one.read_bytes() for one in made.iterdir()}


def test_trees_have_a_card_that_says_what_they_lack_and_no_stale_file(tmp_path):
    made = tmp_path / "described"
    made.mkdir()
    (made / "score.py").write_text("old", encoding="utf-8")
    trees = {"kind": "forest", "trees": 5}
    document = frozen_document(lacking_study(), plan(model=trees))
    assert described(tmp_path, document) == ALWAYS
    card = (made / "card.md").read_text(encoding="utf-8")
    assert "No score.py: a model of trees" in card.replace("\\", "")


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", "a | b `c` [d](e)"])
def test_hostile_names_stay_text(tmp_path, bad):
    document = frozen_document(
        lacking_study(), plan(selection="univariate"), label=bad, intended_use=bad
    )
    described(tmp_path, document)
    page = (tmp_path / "described" / "card.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http-equiv" in page
    assert "default-src &#39;none&#39;" in page
    for name in ("card.md", "equation.md"):
        text = (tmp_path / "described" / name).read_text(encoding="utf-8")
        assert not any(mark in text for mark in ("<script", "](e)", " | b "))
