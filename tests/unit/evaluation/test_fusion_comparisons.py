"""Late fusion is read against its members, early fusion and its unharmonized twin."""

from concord.evaluation import company
from concord.evaluation.comparisons import comparison_pairs
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
