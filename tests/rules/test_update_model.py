"""Rule update_model: the script on small files, without Snakemake."""

import numpy as np
import pandas as pd
import pytest
from update_model import main

from concord import tables
from concord.errors import StudyError
from concord.frozen import document as frozen_model

from ..modelling_study import job
from ..updated_models import (
    binary_subjects,
    plain_document,
    settings,
    timed_subjects,
)

OUTPUTS = {"updates": "u.tsv", "performance": "p.tsv", "models": "updated"}


def run(folder, document, rows, kind="binary"):
    """The script on the predictions of two models of the same scores."""
    paths = [folder / "one.json", folder / "other.json"]
    for path in paths:
        frozen_model.write(document, path)
    given = folder / "predictions.tsv"
    both = pd.concat([rows, rows.assign(arm="other")], ignore_index=True)
    tables.write(both, given, "predictions")
    inputs = {"predictions": str(given), "models": [str(path) for path in paths]}
    asked = settings(kind, arms=["published", "other"])
    main(job(folder, asked, OUTPUTS, inputs, endpoint=asked.endpoint))
    return (
        tables.read(folder / "u.tsv", "updates"),
        tables.read(folder / "p.tsv", "update_performance"),
    )


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_every_update_is_a_file_whose_hash_the_table_names(tmp_path, kind):
    generator = np.random.default_rng(1)
    if kind == "binary":
        rows = binary_subjects(120, generator, shift=-1.0)
    else:
        rows = timed_subjects(120, generator, factor=2.0)
    found, values = run(tmp_path, plain_document(kind, n_samples=2), rows, kind)

    assert set(found["arm"]) == {"published", "other"} == set(values["arm"])
    made = found[(found["update"] != "none") & found["hash"].notna()]
    paths = sorted((tmp_path / "updated").rglob("model.json"))
    assert len(paths) == len(made) == 2 * (2 if kind == "binary" else 3)
    for _, row in made.iterrows():
        path = tmp_path / "updated" / row["arm"] / row["update"] / "model.json"
        document = frozen_model.read(path)
        assert document.hash == row["hash"]
        assert document.origin.parent.hash == row["parent"]
        assert len(document.samples) == 2


def test_equal_inputs_give_equal_bytes(tmp_path):
    rows = binary_subjects(120, np.random.default_rng(1), shift=-1.0)
    written = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        run(folder, plain_document(n_samples=2), rows)
        files = [folder / "u.tsv", folder / "p.tsv"]
        files += sorted((folder / "updated").rglob("*.json"))
        written.append([path.read_bytes() for path in files])
    assert written[0] == written[1]


def test_too_few_subjects_give_tables_with_the_reason_and_no_file(tmp_path):
    rows = binary_subjects(30, np.random.default_rng(1))
    found, values = run(tmp_path, plain_document(), rows)
    reasons = found.loc[found["update"] != "none", "reason"]
    assert reasons.str.contains("30 subjects .* expected 50").all()
    assert found["warranted"].isna().all()
    assert set(values["stage"]) == {"before"}
    assert not list((tmp_path / "updated").rglob("*.json"))


def test_a_model_that_was_edited_is_not_updated(tmp_path):
    rows = binary_subjects(60, np.random.default_rng(1))
    document = plain_document().model_copy(update={"label": "Edited"})
    with pytest.raises(StudyError, match="it was edited or damaged"):
        run(tmp_path, document, rows)
