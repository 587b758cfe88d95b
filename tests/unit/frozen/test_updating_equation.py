"""The equation of an updated model: that of its parent on the line of the update."""

import numpy as np
import pytest

from concord.evaluation.updating.updating import updates_of
from concord.frozen.equation.collapse import collapsed
from concord.models.recalibration import Recalibration

from ...fused_study import fused, two_images
from ...modelling_study import make_specification, make_tables
from ...updated_models import binary_subjects, fitted_document, settings
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


def test_an_updated_document_holds_its_own_equation():
    parent, _ = fitted_document()
    rows = binary_subjects(150, np.random.default_rng(1), shift=-1.0)
    found = updates_of("published", parent, rows, settings()).documents
    line = found["in_the_large"].estimates.recalibration
    own = found["in_the_large"].equation
    assert own.intercept == line.of(parent.equation.intercept)
