"""Rule cross_check_combat: the script on small folds, without Snakemake."""

import json
from types import SimpleNamespace

from cross_check_combat import main

from concord import tables
from concord.folds import splitting

from ..modelling_study import HARMONIZATION, make_tables


def test_every_fold_is_compared(tmp_path):
    study = make_tables(n_features=6)
    rows = splitting.Rows(study.cohort, study.features)
    for scheme in ("cv-1", "loso"):
        found = splitting.splits_of(rows, study.folds, [scheme])
        splitting.write(found, tmp_path / scheme, tmp_path / f"{scheme}_held_out")
    settings = {
        "harmonization": {**HARMONIZATION, "smooth": [], "spline_knots": 4},
        "baseline_session": "baseline",
        "reference_reader": "A",
    }
    output = tmp_path / "crosscheck.tsv"
    job = SimpleNamespace(
        input=SimpleNamespace(
            development=[str(tmp_path / s) for s in ("cv-1", "loso")]
        ),
        output=SimpleNamespace(crosscheck=str(output)),
        params=SimpleNamespace(spec=json.dumps(settings)),
    )

    main(job)

    found = tables.read(output, "combat_crosscheck")
    assert found.groupby("scheme").size().to_dict() == {"cv": 5, "loso": 3}
    assert (found["largest_difference"] < 1e-6).all()
