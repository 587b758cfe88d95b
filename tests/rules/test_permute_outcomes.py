"""Rule permute_outcomes: the script on a small table, without Snakemake."""

from permute_outcomes import main

from concord import tables
from concord.evaluation.given.settings import PermuteOutcomes

from ..modelling_study import job
from ..unit.evaluation.test_given_judged import predictions


def test_every_arm_and_scheme_has_its_permutations(tmp_path):
    path = tmp_path / "given.tsv"
    tables.write(
        predictions(1).assign(probability=None, reason=None), path, "predictions"
    )
    settings = PermuteOutcomes(n_permutations=12, seed=3, has_times=False)
    main(job(tmp_path, settings, {"null": "null.tsv"}, {"predictions": path}))

    found = tables.read(tmp_path / "null.tsv", "null")
    assert found["permutation"].tolist() == list(range(1, 13))
    assert set(found["metric"]) == {"auc"}
    assert found["estimate"].between(0.2, 0.8).all()
