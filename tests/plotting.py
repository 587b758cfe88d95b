"""What every plot rule must do: three formats, equal bytes, no other table."""

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from matplotlib.text import Text

from concord import tables
from concord.errors import TableError
from concord.figures import style, texts
from concord.tables.kinds import KINDS

from . import synthetic_results as synthetic

#: First bytes of the files of a figure, by their endings.
FORMATS = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}

#: What may stand in a sheet, a header or a label, though nobody should write it.
HOSTILE = (
    "_dollars $a^{",
    "$\\frac{1}{",
    "_$x_$",
    "%s \\ {0} <b>&\"'--]]>",
    "line\nbreak",
    "long" * 100,
    "\u05e2\u05d1\u05e8\u05d9\u05ea \u0639\u0631\u0628\u064a",
    "\u6771\u4eac \U0001f3e5",
    "bell\x07 turned\u202e",
    "=1+1",
)
#: Columns whose cells name what the study calls as it likes.
NAMING = (
    *(
        "subject_id",
        "session",
        "site",
        "reader",
        "reader_b",
        "batch",
        "variable",
        "image",
        "region",
    ),
    *("expected", "item", "name", "term", "column", "marker", "marker_level"),
)
#: Figures that name families of features alone.
NAMELESS = ("stability",)
#: Settings that hold labels.
LABELS = ("label", "labels", "arms", "endpoints", "causes", "variables")


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


def assert_hostile_names_are_drawn_letter_by_letter(
    main, folder, spec, inputs, drawn, monkeypatch
):
    """Draw with hostile names everywhere: no warning, no mathematics, whole SVGs."""
    figures, save = [], style.save
    monkeypatch.setattr(
        style,
        "save",
        lambda figure, *paths: (figures.append(figure), save(figure, *paths)),
    )
    for path in paths_of(inputs):
        make_hostile(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        main(make_job(folder, hostile_labels(spec), inputs, drawn))

    assert len(figures) == len(drawn)
    for name, figure in zip(drawn, figures, strict=True):
        shown = [one for one in figure.findobj(Text) if one.get_text()]
        plain = [one for one in shown if not one.get_text().startswith("$\\bf{")]
        assert not any(one.get_parse_math() for one in plain)
        is_named = any(_is_hostile(one.get_text()) for one in plain)
        assert is_named or name in NAMELESS
    for name in drawn:
        ET.parse(folder / f"{name}.svg")


def hostile(value):
    """A name with hostile signs before it; equal names stay equal."""
    return HOSTILE[sum(map(ord, value)) % len(HOSTILE)] + value


def _is_hostile(shown):
    starts = (texts.drawable(one.split("\n")[0])[:4] for one in HOSTILE)
    return any(start in shown for start in starts)


def paths_of(inputs):
    for given in inputs.values():
        yield from [given] if isinstance(given, str) else given


def make_hostile(path):
    """Put hostile names into a table of results, or into pictures in JSON."""
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            rows = json.load(file)
        for row in rows:
            row |= {key: hostile(row[key]) for key in NAMING if key in row}
            if "segmentations" in row:
                masks = row["segmentations"].items()
                row["segmentations"] = {hostile(name): mask for name, mask in masks}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(rows, file)
        return
    table = pd.read_csv(path, sep="\t", dtype="string", keep_default_na=False)
    for column in set(NAMING).intersection(table.columns):
        known = KINDS.get(Path(path).stem, {}).get(column)
        if known is not None and known.dtype != "string":
            continue  # a number, of which another kind has a text
        table[column] = table[column].map(hostile)
    if "stratum" in table:
        of_group = table["stratum"].str.startswith("group=")
        names = table["stratum"].str.removeprefix("group=").map(hostile)
        table["stratum"] = table["stratum"].where(~of_group, "group=" + names)
    table.to_csv(path, sep="\t", index=False)


def hostile_labels(spec):
    given = spec.model_dump()
    for name in set(LABELS).intersection(given):
        value = given[name]
        is_one = isinstance(value, str)
        labels = {
            key: hostile(label) for key, label in ({} if is_one else value).items()
        }
        given[name] = hostile(value) if is_one else labels
    return type(spec)(**given)


def _files(folder, name):
    return [str(folder / f"{name}.{ending}") for ending in FORMATS]


def _written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
