"""Rule plot_site_effect: the script on small tables, without Snakemake."""

import json
from types import SimpleNamespace

import pytest
from plot_site_effect import main

from concord import tables
from concord.errors import TableError

from .. import synthetic_results as synthetic

SPEC = {"figures": synthetic.FIGURES}


def make_job(folder, first, second):
    outputs = {key: str(folder / f"figure.{key}") for key in ("svg", "pdf", "png")}
    return SimpleNamespace(
        input=synthetic.Inputs(site_effect=str(first), site_predictability=str(second)),
        output=SimpleNamespace(**outputs),
        params=SimpleNamespace(spec=json.dumps(SPEC)),
    )


def written(folder):
    return [(folder / f"figure.{key}").read_bytes() for key in ("svg", "pdf", "png")]


def test_the_site_effect_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    one, two = tmp_path / "site_effect.tsv", tmp_path / "site_predictability.tsv"
    tables.write(synthetic.site_effect(), one, "site_effect")
    tables.write(synthetic.site_predictability(), two, "site_predictability")

    main(make_job(tmp_path, one, two))
    first = written(tmp_path)
    main(make_job(tmp_path, one, two))

    assert written(tmp_path) == first
    assert first[0].startswith(b"<?xml")
    assert first[1].startswith(b"%PDF")
    assert first[2].startswith(b"\x89PNG")


def test_another_table_is_refused(tmp_path):
    other = tmp_path / "other.tsv"
    other.write_text("a\tb\n1\t2\n")

    with pytest.raises(
        TableError, match=r"other\.tsv: not a table of kind 'site_effect'"
    ):
        main(make_job(tmp_path, other, other))
    assert not (tmp_path / "figure.svg").exists()
