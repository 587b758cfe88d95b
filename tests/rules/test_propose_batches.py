"""Rule propose_batches: the script on small tables, without Snakemake."""

from types import SimpleNamespace

import pandas as pd
import pytest
from propose_batches import main

from concord import tables
from concord.ingest.settings import ProposeBatches

from .. import synthetic_results as synthetic


def run(folder, acquisition, least, sealed=()):
    path = folder / "acquisition.tsv"
    tables.write(acquisition, path, "acquisition")
    output = SimpleNamespace(
        batches=str(folder / "batches.tsv"), members=str(folder / "members.tsv")
    )
    spec = ProposeBatches(min_batch_size=least, sealed=list(sealed)).model_dump_json()
    main(
        SimpleNamespace(
            input=SimpleNamespace(acquisition=str(path)),
            output=output,
            params=SimpleNamespace(spec=spec),
        )
    )
    return (
        tables.read(output.batches, "batches"),
        tables.read(output.members, "batch_members"),
    )


@pytest.mark.parametrize(("least", "small"), [(3, 0), (25, 3)])
def test_scanners_are_found_and_small_batches_advised(tmp_path, least, small):
    facts = synthetic.acquisition()
    batches, members = run(tmp_path, facts, least)

    assert batches["batch"].tolist() == ["CT-1", "CT-2", "CT-3"]
    assert batches["advice"].notna().sum() == small
    assert set(batches["agreement"]) == {1.0}
    assert (members.groupby("batch")["site"].nunique() == 1).all()
    assert len(members) == len(facts)


def test_no_images_give_empty_tables(tmp_path):
    batches, members = run(tmp_path, pd.DataFrame(), 3)
    assert batches.empty
    assert members.empty


def test_no_batch_is_proposed_from_a_sealed_subject(tmp_path):
    facts = synthetic.acquisition()
    mine = facts["site"] == "C"
    batches, members = run(tmp_path, facts, 3, set(facts.loc[mine, "subject_id"]))

    (expected, _) = run(tmp_path, facts[~mine], 3)
    pd.testing.assert_frame_equal(batches, expected)
    assert set(members["site"]) == {"A", "B"}
