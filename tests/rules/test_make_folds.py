from make_folds import main

from concord import tables
from concord.folds.settings import MakeFolds, SplittingSection

from ..modelling_study import job, make_tables, write_tables


def test_folds_of_all_schemes_are_written_alike_twice(tmp_path):
    inputs = write_tables(make_tables(n=30), tmp_path)
    validation = SplittingSection(stratify_by="survival", repeats=2)
    for name in ("one.tsv", "two.tsv"):
        settings = MakeFolds(seed=4, validation=validation)
        main(job(tmp_path, settings, {"folds": name}, {"cohort": inputs["cohort"]}))

    folds = tables.read(tmp_path / "one.tsv", "folds")
    assert len(folds) == 30 * (2 * 5 + 3)
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()
