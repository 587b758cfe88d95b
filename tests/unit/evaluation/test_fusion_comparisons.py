"""Late fusion is read against its members, early fusion and its unharmonized twin."""

import pandas as pd

from concord.evaluation import company
from concord.evaluation.comparisons import comparison_pairs
from concord.evaluation.guards.sample_size import n_parameters
from concord.models.settings.arm import Arm

CT = {"features": ["CT.*"], "harmonizer": "combat"}
PT = {"features": ["PT.*"], "harmonizer": "combat"}
ARMS = {
    "age": Arm(covariates=["age"]),
    "ct": Arm(**CT),
    "pt": Arm(**PT),
    "ct_plain": Arm(**CT | {"harmonizer": "none"}),
    "pt_plain": Arm(**PT | {"harmonizer": "none"}),
    "late": Arm(fusion={"of": ["pt", "ct", "age"]}),
    "late_plain": Arm(fusion={"of": ["ct_plain", "pt_plain", "age"]}),
    "late_half": Arm(fusion={"of": ["ct_plain", "pt", "age"]}),
    "early": Arm(features=["PT.*", "CT.*"], covariates=["age"], harmonizer="combat"),
    "images": Arm(features=["PT.*", "CT.*"], harmonizer="combat"),
    "raw": Arm(features=["PT.*", "CT.*"], covariates=["age"]),
}


def pairs(headline="late", arms=ARMS):
    found = comparison_pairs(list(arms), "age", arms, headline)
    return {other for arm, other in found if arm == "late"}


def test_a_fused_arm_is_compared_with_members_early_fusion_and_its_twin():
    assert pairs() == {"age", "ct", "pt", "early", "late_plain"}


def test_that_is_so_of_a_fused_arm_that_is_not_the_headline():
    assert pairs("age") == {"age", "ct", "pt", "early", "late_plain"}


def test_the_twin_of_a_fused_arm_combines_the_twins_by_the_same_rule():
    stacked = Arm(fusion={"of": ["ct_plain", "pt_plain", "age"], "rule": "stacking"})
    arms = ARMS | {"late_plain": stacked}

    assert company.is_unharmonized(ARMS, "late_plain", "late")
    assert not company.is_unharmonized(ARMS, "late", "late")
    assert not company.is_unharmonized(ARMS, "late_half", "late")
    assert not company.is_unharmonized(arms, "late_plain", "late")
    assert company.members(ARMS, "late", ["age"])["unharmonized"] == ["late_plain"]


def test_early_fusion_has_the_harmonizer_of_the_members():
    assert company.is_early_fusion(ARMS, "early", "late")
    assert not company.is_early_fusion(ARMS, "raw", "late")
    assert company.is_early_fusion(ARMS, "raw", "late_plain")
    assert not company.is_early_fusion(ARMS, "images", "late")


def test_parameters_of_a_fused_arm_are_those_of_all_members_and_their_weights():
    cohort = pd.DataFrame({"group": ["A", "B"], "covariate.age": [60.0, 70.0]})
    fits = pd.DataFrame({"n_candidates": [40, 41]})

    assert n_parameters(ARMS, "late", fits, cohort) == 41 + 1 + 3
    assert n_parameters(ARMS, "early", fits, cohort) == 41 + 1
    both = ARMS | {"two": Arm(fusion={"of": ["age", "site"]})}
    both["site"] = Arm(group_indicator=True)
    assert n_parameters(both, "two", fits, cohort) == 1 + 1 + 2
