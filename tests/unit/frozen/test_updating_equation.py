"""The equation of an updated model: that of its parent on the line of the update."""

import pytest

from concord.frozen.equation.collapse import collapsed
from concord.models.recalibration import Recalibration

from ...fused_study import fused, two_images
from ...modelling_study import make_specification, make_tables
from ..models.test_models_recalibration import fitted

LINE = Recalibration(intercept=-0.7, slope=0.4)


@pytest.mark.parametrize("arm", ["linear", "fused"])
def test_intercept_and_weights_of_the_equation_lie_on_the_line(arm):
    if arm == "fused":
        model, _ = fitted(two_images(), fused())
    else:
        model, _ = fitted(make_tables(n=90, signal=2.0), make_specification())
    own = model.required_estimates()
    before = collapsed(own)
    after = collapsed(own.model_copy(update={"recalibration": LINE}))
    assert after.intercept == LINE.of(before.intercept)
    pairs = [*zip(after.terms, before.terms, strict=True)]
    pairs += zip(after.members.values(), before.members.values(), strict=True)
    assert pairs
    assert all(one.weight == 0.4 * other.weight for one, other in pairs)
    assert after.has_probability
