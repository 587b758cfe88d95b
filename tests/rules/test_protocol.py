"""Rule protocol: the script on small tables, without Snakemake."""

from types import SimpleNamespace

import pandas as pd
import pytest
from protocol import main

from concord import tables
from concord.ingest.acquisition.settings import Protocol

from .. import synthetic_results as synthetic


def run(folder, protocol, acquisition):
    path = folder / "acquisition.tsv"
    tables.write(acquisition, path, "acquisition")
    output = SimpleNamespace(
        protocol=str(folder / "protocol.tsv"), summary=str(folder / "summary.tsv")
    )
    main(
        SimpleNamespace(
            input=SimpleNamespace(acquisition=str(path)),
            output=output,
            params=SimpleNamespace(spec=Protocol(protocol=protocol).model_dump_json()),
        )
    )
    return (
        tables.read(output.protocol, "protocol"),
        tables.read(output.summary, "protocol_summary"),
    )


@pytest.mark.parametrize(("highest", "departing"), [(4.0, 20), (6.0, 0)])
def test_the_declared_range_decides_who_departs(tmp_path, highest, departing):
    item = {"allowed": None, "lowest": None, "highest": highest}
    found, summary = run(
        tmp_path, {"CT": {"slice_spacing_mm": item}}, synthetic.acquisition()
    )

    assert len(found) == len(synthetic.acquisition())
    assert (found["conforms"] == "no").sum() == departing
    assert summary["n_departing"].sum() == departing
    assert summary["site"].tolist() == ["A", "B", "C"]
    assert summary["n_departing"].tolist() == [0, 0, departing]


def test_without_a_protocol_or_images_both_tables_are_empty(tmp_path):
    for protocol, rows in (({}, synthetic.acquisition()), ({"CT": {}}, pd.DataFrame())):
        found, summary = run(tmp_path, protocol, rows)
        assert found.empty
        assert summary.empty
