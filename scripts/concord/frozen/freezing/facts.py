"""Sentences on how a frozen model was made and treats what it does not know."""

from ...harmonization.estimators.base import ADAPT, PASSTHROUGH, REFUSE
from ...models.fitted_model import Estimates
from ..settings import EVERYBODY, WITHOUT

_MISSING = (
    "A subject who lacks more than {share:g} % of the features, or of the covariates, "
    "that move the score is not scored, nor is one without any of the features; other "
    "gaps are filled as development suggests."
)
_UNSEEN = {
    REFUSE: "Subjects of a batch that development did not hold are not scored.",
    PASSTHROUGH: "Features of a batch that development did not hold are taken as "
    "measured.",
    ADAPT: "A batch that development did not hold is estimated from {k} of its "
    "subjects, without outcomes, who are not scored.",
}
_ALL = "All subjects of the study whose outcome and predictors are known."
_WITHOUT = (
    "All subjects but those of {group}, whose outcome and predictors are known. "
    "Nothing of {group} is in this document."
)


def facts(estimates: Estimates, development: str) -> dict[str, str]:
    """Sentences by topic: development, missing values, unseen batches.

    Parameters
    ----------
    estimates : Estimates
        Pruned.
    development : str
        Name of the development set.
    """
    group = development.removeprefix(WITHOUT)
    whole = _ALL if development == EVERYBODY else _WITHOUT.format(group=group)
    found = {
        "development": whole,
        "missing values": _MISSING.format(share=100 * estimates.max_missing),
    }
    if estimates.unseen is not None:
        told = _UNSEEN[estimates.unseen].format(k=estimates.adapt_subjects)
        found["unseen batches"] = told
    return found
