"""ComBat against the R packages sva and neuroCombat, and Python's neuroCombat."""

import contextlib
import io
import warnings

import numpy as np
import pandas as pd
import pytest

from concord.harmonization.estimators.combat import ComBat

#: Significant digits to which the sva files are printed.
DIGITS = 10
#: What is kept, and what else differs from the plain call, in each sva file.
SVA = {
    "nocov": {},
    "cov": {"keep": ("alive_2yr",)},
    "meanonly": {"mean_only": "sva"},
    "ref1": {"reference": "HarvardRT"},
}


@pytest.fixture(scope="module")
def combat_r(shared_data):
    return shared_data / "reference" / "combat_r"


@pytest.fixture(scope="module")
def nsclc(combat_r):
    table = pd.read_csv(combat_r / "sva_nsclc3_input.csv.gz")
    features = list(table.columns[4:])
    return table.astype(dict.fromkeys(features, float)), features


@pytest.fixture(scope="module")
def phantom(combat_r):
    table = pd.read_csv(combat_r / "neurocombat_testdata.csv.gz").T
    table = table.reset_index(drop=True).add_prefix("f")
    features = list(table.columns)
    batch, phenotype = ["1"] * 5 + ["2"] * 5, [1.0, 0.0] * 5
    return table.assign(batch=batch, phenotype=phenotype), features


def sva_file(combat_r, name, features):
    path = combat_r / f"sva_nsclc3_parametric_{name}_sva.csv.gz"
    return pd.read_csv(path)[features].to_numpy()


def half_unit(printed):
    """Half a unit of the last printed digit."""
    magnitude = np.floor(np.log10(np.where(printed == 0, 1.0, np.abs(printed))))
    return 0.5 * 10.0 ** (magnitude - DIGITS + 1)


@pytest.mark.parametrize("name", SVA)
def test_three_hospitals_are_harmonized_as_by_sva(combat_r, nsclc, name):
    """Half a unit of the printed digits is up to 1.3e-8 SD; beyond it, nothing."""
    table, features = nsclc
    expected = sva_file(combat_r, name, features)

    combat = ComBat("site", columns=features, stop_rule="sva", **SVA[name])
    found = combat.fit_transform(table)[features].to_numpy()

    difference = np.abs(found - expected)
    sd = table[features].std().to_numpy()
    assert ((difference - half_unit(expected)) / sd).max() < 1e-12
    fine = half_unit(expected) < 1e-9 * sd
    assert (difference / sd)[fine].max() < 1e-9
    assert fine.mean() > 0.8


@pytest.mark.parametrize("name", ["nocov", "cov", "ref1"])
def test_full_convergence_stays_close_to_sva(combat_r, nsclc, name):
    table, features = nsclc
    expected = sva_file(combat_r, name, features)

    combat = ComBat("site", columns=features, **SVA[name])
    found = combat.fit_transform(table)[features].to_numpy()

    difference = np.abs(found - expected) / table[features].std().to_numpy()
    assert difference.max() < 3e-5


def test_mean_only_with_the_size_of_the_batch_moves_more_than_sva(combat_r, nsclc):
    """The shrinkage of sva, as if each hospital had one patient, leaves most."""
    table, features = nsclc
    as_sva = sva_file(combat_r, "meanonly", features)
    found = ComBat("site", columns=features, mean_only=True).fit_transform(table)

    def gap(values):
        means = pd.DataFrame(values).groupby(table["site"].to_numpy()).mean()
        return (means.std() / table[features].std().to_numpy()).mean()

    assert gap(found[features].to_numpy()) < 0.2 * gap(as_sva)


@pytest.mark.parametrize("adjusted", ["unadjusted", "adjusted"])
@pytest.mark.parametrize("reference", ["", "_batchref"])
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("", {}),
        ("_meanonly", {"mean_only": "sva"}),
        ("_noeb", {"empirical_bayes": False}),
        ("_noeb_meanonly", {"empirical_bayes": False, "mean_only": "sva"}),
    ],
)
def test_ten_subjects_are_harmonized_as_by_neurocombat_in_r(
    combat_r, phantom, adjusted, reference, suffix, options
):
    table, features = phantom
    name = f"{adjusted}{suffix}{reference}"
    path = combat_r / f"neurocombat_testdata_combat_parametric_{name}_r.csv.gz"
    expected = pd.read_csv(path).T.to_numpy()
    if adjusted == "adjusted":
        options = {**options, "keep": ("phenotype",)}
    if reference:
        options = {**options, "reference": "1"}

    combat = ComBat("batch", columns=features, stop_rule="sva", **options)
    found = combat.fit_transform(table)[features].to_numpy()

    assert np.abs(found - expected).max() < 1e-11


def test_four_of_ten_subjects_are_harmonized_as_from_training_in_r(combat_r, phantom):
    """R takes the average covariate for new rows, as for a missing one here."""
    table, features = phantom
    path = combat_r / "neurocombat_training_test_scenario2_r.csv.gz"
    expected = pd.read_csv(path).T.to_numpy()

    options = {"columns": features, "stop_rule": "sva"}
    combat = ComBat("batch", keep=("phenotype",), **options).fit(table)
    new = table.iloc[[0, 1, 5, 6]].assign(phenotype=np.nan)
    found = combat.transform(new)[features].to_numpy()

    assert np.abs(found - expected).max() < 1e-11


@pytest.mark.parametrize("keep", [(), ("alive_2yr",)])
def test_python_neurocombat_agrees_on_training_rows(nsclc, keep):
    from neuroCombat import neuroCombat

    table, features = nsclc
    covariates = table[["site", *keep]].reset_index(drop=True)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        result = neuroCombat(
            table[features].to_numpy(dtype=np.float64).T,
            covariates,
            batch_col="site",
            continuous_cols=list(keep),
        )

    combat = ComBat("site", keep=keep, columns=features, stop_rule="sva")
    found = combat.fit_transform(table)[features].to_numpy()

    difference = np.abs(found - result["data"].T) / table[features].std().to_numpy()
    assert difference.max() < 1e-6
