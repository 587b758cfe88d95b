"""Rule cross_check_combat: the script on small folds, without Snakemake."""

from types import SimpleNamespace

from cross_check_combat import main

from concord import tables
from concord.folds import splitting
from concord.harmonization.settings import BatchModel, CrossCheckCombat

from ..modelling_study import BATCH, IMAGES, make_tables, spec


def test_every_fold_is_compared(tmp_path):
    study = make_tables(n_features=6)
    rows = splitting.SubjectRows(study.cohort, study.features)
    for scheme in ("cv-1", "loso"):
        found = splitting.splits_of(rows, study.folds, [scheme])
        splitting.write(found, tmp_path / scheme, tmp_path / f"{scheme}_held_out")
    settings = CrossCheckCombat(harmonization=BatchModel(batch=BATCH), **IMAGES)
    output = tmp_path / "crosscheck.tsv"
    job = SimpleNamespace(
        input=SimpleNamespace(
            development=[str(tmp_path / s) for s in ("cv-1", "loso")]
        ),
        output=SimpleNamespace(crosscheck=str(output)),
        params=SimpleNamespace(spec=spec(settings)),
    )

    main(job)

    found = tables.read(output, "combat_crosscheck")
    assert found.groupby("scheme").size().to_dict() == {"cv": 5, "loso": 3}
    assert (found["largest_difference"] < 1e-6).all()
