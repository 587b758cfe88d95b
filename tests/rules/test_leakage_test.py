import pandas as pd
import pytest
from fit_arms import main as fit_arms
from leakage_test import main
from split_folds import main as split_folds

from concord import tables
from concord.errors import StudyError
from concord.frozen.settings import LeakageTestWithFrozen
from concord.models.leakage.inputs import KINDS
from concord.models.leakage.perturbations import PERTURBATIONS
from concord.models.settings.rules import FitArms, LeakageTest
from concord.report.sections.leakage import leaks
from concord.settings import NoSettings

from ..frozen_study import learning
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


def test_what_models_frozen_without_a_group_know_is_tested_too(tmp_path):
    made = make_tables(n_features=8)
    folds = made.folds[made.folds["scheme"] == "loso"]
    inputs = write_tables(Tables(made.cohort, made.features, folds), tmp_path)
    model = make_specification(covariates=["age"], max_features=3)
    sides = {side: f"loso_{side}" for side in list(SIDES)[:2]} | {"phantom": []}
    split_folds(job(tmp_path, NoSettings(), sides, inputs, part="loso"))
    given = inputs | {"development": [str(tmp_path / sides["development"])]}
    outputs = {name: [f"loso_{name}"] for name in FITTED} | {"tuning": []}
    fit_arms(job(tmp_path, FitArms(models=[model]), outputs, given, part="loso"))
    kept = {name: inputs[name] for name in (*KINDS, "folds")}
    kept["fits"] = [str(tmp_path / "loso_fits")]

    def tested(name, frozen):
        settings = LeakageTestWithFrozen(model=model, seed=1, frozen=frozen)
        main(job(tmp_path, settings, {"leakage": name}, kept, endpoint="x"))
        return tables.read(tmp_path / name, "leakage")

    found = tested("leakage.tsv", learning(without=["A", "C"], samples=1))
    own = found[found["fit"] == "frozen model"]
    assert sorted(set(own["fold"])) == ["A", "C"]
    assert len(own) == 2 * (len(PERTURBATIONS) - 1)
    assert own["unchanged"].all()
    assert leaks(found) == []
    lost = found.assign(unchanged=found["unchanged"] & (found["fit"] != "frozen model"))
    assert "evaluation subjects leak into the fits" in leaks(lost)[0]
    # Asked of other groups, the cache is of no use; asked of none, none is made.
    again = tested("again.tsv", learning(without=["B"]))
    assert set(again.loc[again["fit"] == "frozen model", "fold"]) == {"B"}
    assert "frozen model" not in set(tested("none.tsv", None)["fit"])


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
