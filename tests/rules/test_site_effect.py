"""Rule site_effect: the script on small tables, without Snakemake."""

from site_effect import main

from concord import tables
from concord.harmonization.settings import Harmonization, SiteEffect

from ..modelling_study import BATCH, IMAGES, job, make_tables, write_tables


def test_all_stages_are_written_for_every_feature(tmp_path):
    inputs = write_tables(make_tables(n_features=6), tmp_path)
    harmonization = Harmonization(batch=BATCH, keep=["age"])
    settings = SiteEffect(
        harmonization=harmonization, seed=1, n_permutations=5, **IMAGES
    )
    outputs = {
        "site_effect": "e.tsv",
        "batch_variance": "v.tsv",
        "batch_prediction": "p.tsv",
        "batch_tests": "t.tsv",
    }

    main(job(tmp_path, settings, outputs, inputs))

    effects = tables.read(tmp_path / "e.tsv", "site_effect")
    assert effects.groupby("stage").size().to_dict() == {"raw": 6, "harmonized": 6}
    found = tables.read(tmp_path / "p.tsv", "batch_prediction")
    assert found["n"].tolist() == [60, 60, 60]
    assert found["n_features"].tolist() == [6, 6, 6]
    tests = tables.read(tmp_path / "t.tsv", "batch_tests")
    assert (tests["n_features"] == 6).all()
    assert len(tests) == 4
    variance = tables.read(tmp_path / "v.tsv", "batch_variance")
    assert variance["stage"].tolist() == ["raw", "harmonized"]
    for table in (found, tests, variance):
        assert (table["n_permutations"] == 5).all()
        assert table["p_value"].notna().all()
        assert table["null_upper"].isna().all()
