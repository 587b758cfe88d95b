import pandas as pd
import pytest
from fit_arms import main as fit_arms
from leakage_test import main
from split_folds import main as split_folds

from concord import tables
from concord.errors import StudyError
from concord.models.leakage.inputs import KINDS
from concord.models.leakage.perturbations import PERTURBATIONS
from concord.models.settings.rules import FitArms, LeakageTest
from concord.report.sections.leakage import leaks
from concord.settings import NoSettings

from ..modelling_study import (
    Tables,
    job,
    make_folds,
    make_specification,
    make_tables,
    write_tables,
)

SIDES = {"development": "development", "evaluation": "evaluation", "phantom": []}
FITTED = ("fits", "coefficients", "estimates")


def test_the_fits_of_the_study_are_tested_from_its_files(tmp_path):
    """Split, fit and test pass through files, as in a study."""
    made = make_tables(n_features=12)
    folds = make_folds(made.cohort, folds=2)
    inputs = write_tables(Tables(made.cohort, made.features, folds), tmp_path)
    model = make_specification(stability_filter=True, covariates=["age"])
    settings = FitArms(models=[model])
    fits = []
    for part in ("cv-1-1", "loso"):
        sides = {side: f"{part}_{side}" for side in list(SIDES)[:2]} | {"phantom": []}
        split_folds(job(tmp_path, NoSettings(), sides, inputs, part=part))
        given = inputs | {"development": [str(tmp_path / sides["development"])]}
        outputs = {name: [f"{part}_{name}"] for name in FITTED} | {"tuning": []}
        fit_arms(job(tmp_path, settings, outputs, given, part=part))
        fits.append(str(tmp_path / outputs["fits"][0]))

    settings = LeakageTest(model=model, seed=1)
    outputs = {"leakage": "leakage.tsv"}
    read = {name: inputs[name] for name in (*KINDS, "folds")} | {"fits": fits}
    main(job(tmp_path, settings, outputs, read, endpoint="x"))
    more = job(tmp_path, settings, outputs, read | {"atlas": "atlas.tsv"}, endpoint="x")
    with pytest.raises(StudyError, match=r"input 'atlas' .* no perturbation changes"):
        main(more)

    found = tables.read(tmp_path / "leakage.tsv", "leakage")
    own = found[found["fit"] == "study"]
    assert len(own) == 5 * (len(PERTURBATIONS) - 1)  # there is no phantom
    assert set(";".join(own["perturbed"]).replace("; ", ";").split(";")) == {
        "baseline features",
        "covariates and factors",
        "features by other readers",
        "outcomes",
        "sites, groups and batches",
    }
    assert own["unchanged"].all()
    written = pd.concat(tables.read(path, "fits") for path in fits)
    assert set(own["hash_study"]) == set(written["estimates_hash"])
    assert leaks(found) == []
