"""What every plot rule must do: three formats, equal bytes, no other table."""

from types import SimpleNamespace

import pytest

from concord import tables
from concord.errors import TableError

from . import synthetic_results as synthetic

#: First bytes of the files of a figure, by their endings.
FORMATS = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}


def written_tables(folder, **made):
    """Paths of some tables that are written to a folder, by the names of their kinds.

    Given a list of one table, the path stands in a list too.
    """
    paths = {}
    for kind, table in made.items():
        path = str(folder / f"{kind}.tsv")
        tables.write(table[0] if isinstance(table, list) else table, path, kind)
        paths[kind] = [path] if isinstance(table, list) else path
    return paths


def make_job(folder, spec, inputs, drawn, left_out=()):
    """The job of a rule that draws some figures and leaves out others."""
    outputs = {name: _files(folder, name) for name in drawn}
    return SimpleNamespace(
        input=synthetic.Inputs(inputs),
        output=SimpleNamespace(**outputs, **{name: [] for name in left_out}),
        params=SimpleNamespace(spec=spec.model_dump_json()),
    )


def assert_three_formats_with_equal_bytes(
    main, folder, spec, inputs, drawn, left_out=()
):
    """Draw twice; the files are of their formats and the same both times."""
    folder = folder / "figures"
    folder.mkdir()
    main(make_job(folder, spec, inputs, drawn, left_out))
    first = _written(folder)
    main(make_job(folder, spec, inputs, drawn, left_out))

    assert _written(folder) == first
    assert set(first) == {f"{name}.{ending}" for name in drawn for ending in FORMATS}
    for name, content in first.items():
        assert content.startswith(FORMATS[name.rpartition(".")[2]]), name
    assert len(set(first.values())) == len(first), "two figures are the same"


def assert_another_table_is_refused(main, folder, spec, kind, inputs, drawn):
    """Give a table of no kind in place of one input: it is named, nothing drawn."""
    other = folder / "other.tsv"
    other.write_text("a\tb\n1\t2\n")
    given = [str(other)] if isinstance(inputs[kind], list) else str(other)

    with pytest.raises(TableError, match=rf"other\.tsv: not a table of kind '{kind}'"):
        main(make_job(folder, spec, inputs | {kind: given}, drawn))
    assert not any(folder.glob("*.svg"))


def _files(folder, name):
    return [str(folder / f"{name}.{ending}") for ending in FORMATS]


def _written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
