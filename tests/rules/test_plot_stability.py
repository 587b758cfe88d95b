"""Rule plot_stability: the script on small tables, without Snakemake."""

import json
from types import SimpleNamespace

import pytest
from plot_stability import main

from concord import tables
from concord.errors import TableError

from .. import synthetic_results as synthetic

SPEC = {"figures": synthetic.FIGURES, "threshold": 0.75, "confidence": 0.95}


def make_job(folder, table):
    outputs = {key: str(folder / f"figure.{key}") for key in ("svg", "pdf", "png")}
    return SimpleNamespace(
        input=synthetic.Inputs(stability=str(table)),
        output=SimpleNamespace(**outputs),
        params=SimpleNamespace(spec=json.dumps(SPEC)),
    )


def written(folder):
    return [(folder / f"figure.{key}").read_bytes() for key in ("svg", "pdf", "png")]


def test_the_stability_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    table = tmp_path / "stability.tsv"
    tables.write(synthetic.stability(), table, "stability")

    main(make_job(tmp_path, table))
    first = written(tmp_path)
    main(make_job(tmp_path, table))

    assert written(tmp_path) == first
    assert first[0].startswith(b"<?xml")
    assert first[1].startswith(b"%PDF")
    assert first[2].startswith(b"\x89PNG")


def test_another_table_is_refused(tmp_path):
    other = tmp_path / "other.tsv"
    other.write_text("a\tb\n1\t2\n")

    with pytest.raises(
        TableError, match=r"other\.tsv: not a table of kind 'stability'"
    ):
        main(make_job(tmp_path, other))
    assert not (tmp_path / "figure.svg").exists()
