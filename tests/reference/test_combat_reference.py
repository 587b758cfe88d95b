"""ComBat against the R packages sva and neuroCombat, and Python's neuroCombat."""

import contextlib
import io
import warnings

import numpy as np
import pandas as pd
import pytest

from concord.harmonize.combat import ComBat

#: Half a unit of the tenth digit, to which the sva files are printed.
PRINTED = 5e-10


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


@pytest.mark.parametrize(("name", "keep"), [("nocov", ()), ("cov", ("alive_2yr",))])
def test_three_hospitals_are_harmonized_as_by_sva(combat_r, nsclc, name, keep):
    table, features = nsclc
    path = combat_r / f"sva_nsclc3_parametric_{name}_sva.csv.gz"
    expected = pd.read_csv(path)[features].to_numpy()

    combat = ComBat("site", keep=keep, columns=features, stop_rule="sva")
    found = combat.fit_transform(table)[features].to_numpy()

    allowed = 1e-8 * table[features].std().to_numpy() + PRINTED * np.abs(expected)
    assert (np.abs(found - expected) <= allowed).all()


@pytest.mark.parametrize(("name", "keep"), [("nocov", ()), ("cov", ("alive_2yr",))])
def test_full_convergence_stays_close_to_sva(combat_r, nsclc, name, keep):
    table, features = nsclc
    path = combat_r / f"sva_nsclc3_parametric_{name}_sva.csv.gz"
    expected = pd.read_csv(path)[features]

    found = ComBat("site", keep=keep, columns=features).fit_transform(table)

    difference = (found[features] - expected).abs() / table[features].std()
    assert difference.to_numpy().max() < 2e-5


@pytest.mark.parametrize("adjusted", ["unadjusted", "adjusted"])
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("", {}),
        ("_noeb", {"empirical_bayes": False}),
        ("_noeb_meanonly", {"empirical_bayes": False, "mean_only": True}),
    ],
)
def test_ten_subjects_are_harmonized_as_by_neurocombat_in_r(
    combat_r, phantom, adjusted, suffix, options
):
    table, features = phantom
    path = combat_r / f"neurocombat_testdata_combat_parametric_{adjusted}{suffix}_r"
    expected = pd.read_csv(path.with_name(path.name + ".csv.gz")).T.to_numpy()
    keep = ("phenotype",) if adjusted == "adjusted" else ()

    combat = ComBat("batch", keep=keep, columns=features, stop_rule="sva", **options)
    found = combat.fit_transform(table)[features].to_numpy()

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
