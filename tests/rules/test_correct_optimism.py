import pandas as pd
import pytest
from correct_optimism import main

from concord import tables
from concord.errors import ConfigError
from concord.settings import NoSettings

from ..modelling_study import job

ARM = {"endpoint": "relapse", "arm": "radiomics", "metric": "auc", "status": "ok"}


def written(folder, rows):
    table = pd.DataFrame(rows).assign(**ARM)
    table["n_distinct"], table["n_out_of_bag"] = 10, 5
    table = table.assign(estimates_hash="x", message=None)
    if "out_of_bag" not in table:
        table["out_of_bag"] = None
    tables.write(table, folder / "rows.tsv", "resampled")
    inputs = {"resampled": [str(folder / "rows.tsv")]}
    main(job(folder, NoSettings(), {"bootstrap": "b.tsv"}, inputs))
    return tables.read(folder / "b.tsv", "bootstrap")


def test_apparent_value_less_optimism_is_written_with_the_rule_of_632_plus(tmp_path):
    whole = {"sample": 0, "in_sample": 0.9, "on_all": 0.9}
    one = {"sample": 1, "in_sample": 0.95, "on_all": 0.85, "out_of_bag": 0.72}
    two = {"sample": 2, "in_sample": 0.93, "on_all": 0.87, "out_of_bag": 0.68}
    (row,) = written(tmp_path, [whole, one, two]).to_dict("records")

    assert row["apparent"] == 0.9
    assert row["optimism"] == pytest.approx(0.08)
    assert row["corrected"] == pytest.approx(0.82)
    assert row["out_of_bag"] == pytest.approx(0.70)
    assert row["value_632_plus"] == pytest.approx(0.9 - 0.2 * 0.774509804)
    assert row["no_information"] == 0.5
    assert (row["n_samples"], row["n_failed"]) == (2, 0)
    assert "no interval: samples share their subjects" in row["reason"]
    assert "2 samples are few" in row["reason"]


def test_without_the_fit_to_all_subjects_there_is_nothing_to_correct(tmp_path):
    one = {"sample": 1, "in_sample": 0.95, "on_all": 0.85, "out_of_bag": 0.72}
    with pytest.raises(ConfigError, match="0 rows hold the fit to all subjects"):
        written(tmp_path, [one])
