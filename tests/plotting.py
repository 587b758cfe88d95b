"""What every plot rule must do: three formats, equal bytes, no other table."""

from types import SimpleNamespace

import pytest

from concord.errors import TableError

from . import synthetic_results as synthetic

FORMATS = ("svg", "pdf", "png")


def make_job(folder, spec, **inputs):
    """The job of a plot rule that writes figure.svg, .pdf and .png."""
    outputs = {key: str(folder / f"figure.{key}") for key in FORMATS}
    return SimpleNamespace(
        input=synthetic.Inputs(inputs),
        output=SimpleNamespace(**outputs),
        params=SimpleNamespace(spec=spec.model_dump_json()),
    )


def assert_three_formats_with_equal_bytes(main, folder, spec, **inputs):
    """Draw twice; the files are of their formats and the same both times."""
    main(make_job(folder, spec, **inputs))
    first = _written(folder)
    main(make_job(folder, spec, **inputs))

    assert _written(folder) == first
    assert first[0].startswith(b"<?xml")
    assert first[1].startswith(b"%PDF")
    assert first[2].startswith(b"\x89PNG")


def assert_another_table_is_refused(main, folder, spec, kind, inputs):
    """Give a table of no kind for every input; the first one read is named."""
    other = folder / "other.tsv"
    other.write_text("a\tb\n1\t2\n")
    given = {
        name: [str(other)] if isinstance(value, list) else str(other)
        for name, value in inputs.items()
    }

    with pytest.raises(TableError, match=rf"other\.tsv: not a table of kind '{kind}'"):
        main(make_job(folder, spec, **given))
    assert not (folder / "figure.svg").exists()


def _written(folder):
    return [(folder / f"figure.{key}").read_bytes() for key in FORMATS]
