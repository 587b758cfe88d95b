"""Rule drift: the script on small tables, without Snakemake."""

from types import SimpleNamespace

import pandas as pd
from drift import main

from concord import tables
from concord.ingest.acquisition.settings import Drift

from .. import synthetic_results as synthetic

KEYS = ["subject_id", "site", "session", "image"]


def run(folder, acquisition, dates, sealed=()):
    acquired = folder / "acquisition.tsv"
    tables.write(acquisition, acquired, "acquisition")
    scanned = [folder / f"dates_{k}.tsv" for k in range(len(dates))]
    for path, part in zip(scanned, dates, strict=True):
        tables.write(part, path, "dates")
    output = SimpleNamespace(drift=str(folder / "drift.tsv"))
    inputs = SimpleNamespace(acquisition=str(acquired), dates=map(str, scanned))
    params = SimpleNamespace(spec=Drift(sealed=list(sealed)).model_dump_json())
    main(SimpleNamespace(input=inputs, output=output, params=params))
    return tables.read(output.drift, "drift")


def test_a_software_that_changed_at_a_site_is_found_without_dates(tmp_path):
    facts = synthetic.acquisition()
    number = facts.groupby("site").cumcount()
    changed = (facts["site"] == "B") & (number >= 12)
    facts.loc[changed, "SoftwareVersions"] = "v9"
    days = pd.Timestamp("2003-05-07") + pd.to_timedelta(number, unit="D")
    scanned = facts[KEYS].assign(scanned=days.dt.strftime("%Y%m%d103000"))

    found = run(tmp_path, facts, [scanned.iloc[30:], scanned.iloc[:30]])

    assert found[["site", "fact", "pattern"]].values.tolist() == [
        ["B", "SoftwareVersions", "switched"]
    ]
    assert found["course"].tolist() == ["v1 (1 to 12), v9 (13 to 20)"]
    assert "2003" not in (tmp_path / "drift.tsv").read_text()


def test_no_images_give_an_empty_table(tmp_path):
    assert run(tmp_path, pd.DataFrame(), [pd.DataFrame()]).empty


def test_scans_of_sealed_subjects_are_not_followed(tmp_path):
    facts = synthetic.acquisition()
    number = facts.groupby("site").cumcount()
    changed = (facts["site"] == "B") & (number >= 12)
    facts.loc[changed, "SoftwareVersions"] = "v9"
    scanned = facts[KEYS].assign(scanned="20030507103000")

    assert run(tmp_path, facts, [scanned], facts.loc[changed, "subject_id"]).empty
