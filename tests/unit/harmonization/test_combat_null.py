"""Pure noise in ten small sites: only ComBat fitted inside folds stays at chance.

Prevalence differs between sites, and so do the features, but within a site the
outcome is a coin. Whoever predicts it has found the site, or a leak.
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from concord.harmonization.estimators.combat import ComBat

N_SITES, N_EACH, N_FEATURES, REPLICATES = 10, 10, 100, 16
NAMES = [f"f{number}" for number in range(N_FEATURES)]


def study(seed):
    """Ten sites of ten patients with prevalence 10 to 90 %, and noise."""
    generator = np.random.default_rng(seed)
    site = np.repeat(np.arange(N_SITES), N_EACH)
    prevalence = np.linspace(0.1, 0.9, N_SITES)
    events = np.zeros(len(site), dtype=int)
    for number, share in enumerate(prevalence):
        mine = np.flatnonzero(site == number)
        events[generator.permutation(mine)[: round(share * N_EACH)]] = 1
    shift = generator.normal(0, 1, (N_SITES, N_FEATURES))
    scale = generator.uniform(0.7, 1.4, (N_SITES, N_FEATURES))
    values = shift[site] + scale[site] * generator.normal(size=(100, N_FEATURES))
    table = pd.DataFrame(values, columns=NAMES)
    return table.assign(site=[f"S{s}" for s in site], outcome=events.astype(float))


def combat(**options):
    return ComBat("site", columns=NAMES, unseen="passthrough", **options)


def raw(rows, train, test):
    return rows.iloc[train], rows.iloc[test]


def in_folds(rows, train, test):
    fitted = combat().fit(rows.iloc[train])
    return fitted.transform(rows.iloc[train]), fitted.transform(rows.iloc[test])


def on_all_rows(rows, train, test):
    harmonized = combat().fit_transform(rows)
    return harmonized.iloc[train], harmonized.iloc[test]


def with_the_outcome_kept(rows, train, test):
    harmonized = combat(keep=("outcome",)).fit_transform(rows)
    return harmonized.iloc[train], harmonized.iloc[test]


def auc(rows, prepare, seed):
    """Mean AUC of the folds of one cross-validation."""
    strata = rows["site"] + rows["outcome"].astype(str)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    found = []
    for train, test in folds.split(rows, strata):
        known, held_out = prepare(rows, train, test)
        scaler = StandardScaler().fit(known[NAMES])
        model = Ridge(alpha=50.0)
        model.fit(scaler.transform(known[NAMES]), known["outcome"])
        score = model.predict(scaler.transform(held_out[NAMES]))
        found.append(roc_auc_score(held_out["outcome"], score))
    return np.mean(found)


@pytest.fixture(scope="module")
def aucs():
    """AUC of each way in each replicate, shape (4, replicates)."""
    ways = (raw, in_folds, on_all_rows, with_the_outcome_kept)
    found = {way.__name__: [] for way in ways}
    for seed in range(REPLICATES):
        rows = study(seed)
        for way in ways:
            found[way.__name__].append(auc(rows, way, seed))
    return {name: np.array(values) for name, values in found.items()}


def deviation(values):
    """Distance of the mean from 0.5, in standard errors."""
    return (values.mean() - 0.5) / (values.std(ddof=1) / np.sqrt(len(values)))


@pytest.mark.filterwarnings("ignore:The least populated class in y has only")
class TestNull:
    def test_combat_inside_folds_predicts_nothing(self, aucs):
        assert abs(deviation(aucs["in_folds"])) < 4

    def test_raw_features_predict_the_site_and_so_the_outcome(self, aucs):
        assert deviation(aucs["raw"]) > 4
        assert aucs["raw"].mean() > 0.6

    def test_combat_on_all_rows_falls_below_chance(self, aucs):
        assert deviation(aucs["on_all_rows"]) < -4

    def test_keeping_the_outcome_makes_signal_from_nothing(self, aucs):
        assert deviation(aucs["with_the_outcome_kept"]) > 4
        assert aucs["with_the_outcome_kept"].mean() > 0.65

    def test_order_of_the_ways_holds_in_every_replicate(self, aucs):
        assert (aucs["with_the_outcome_kept"] > aucs["in_folds"]).all()
        assert (aucs["in_folds"] > aucs["on_all_rows"]).mean() > 0.9
