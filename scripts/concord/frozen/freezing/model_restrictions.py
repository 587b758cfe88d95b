"""Fitted models of fewer columns: those that move the score."""

from collections.abc import Collection, Sequence
from typing import Any

from ...folds.subject_table import feature_names
from ...models.estimators.imputed import Imputed
from ...models.estimators.linear_predictor import LinearPredictor
from ...models.estimators.trees import LEAF
from .restrictions import Found, picked, places_of

#: Lists of estimates with one item per term.
_PER_TERM = ("coefficients", "standard_errors", "intervals")


def used(found: Found) -> list[str]:
    """Terms that move the score of a model, in order.

    Of multiple imputation, all covariates, by which gaps of others are filled.
    """
    terms = list(found["terms"])
    if found["kind"] == LinearPredictor.__name__:
        return terms
    if found["kind"] == Imputed.__name__:
        own = set[str]().union(*(used(one) for one in found["models"]))
        own.update(picked(terms, found["places"]))
    elif "nodes" in found:
        own = {terms[place] for place in found["nodes"]["feature"] if place != LEAF}
    else:
        weighed = zip(terms, found["coefficients"], strict=True)
        own = {name for name, weight in weighed if weight != 0}
    return [name for name in terms if name in own]


def with_a_feature(names: Sequence[str], found: Found) -> list[str]:
    """Terms with one feature at least, if the model has any.

    Whoever has no image gets no score of a model of images, even if no feature moves
    it; so one stays, with a coefficient of 0.
    """
    first = feature_names(found["terms"])[:1]
    if feature_names(names):
        return list(names)
    return [name for name in found["terms"] if name in {*names, *first}]


def restricted(found: Found, kept: Collection[str]) -> dict[str, Any]:
    """Estimates of a model for those of its terms that are kept."""
    terms = list(found["terms"])
    places = places_of(terms, kept)
    changed: dict[str, Any] = {"terms": picked(terms, places)}
    if found["kind"] == Imputed.__name__:
        return {**found, **changed, **_of_imputed(found, kept, places)}
    if "nodes" in found:
        return {**found, **changed, "nodes": _renumbered(found["nodes"], places)}
    for name in _PER_TERM:
        if found.get(name) is not None:
            changed[name] = picked(found[name], places)
    if "unpenalized" in found:
        changed["unpenalized"] = [n for n in found["unpenalized"] if n in kept]
    return {**found, **changed}


def _of_imputed(
    found: Found, kept: Collection[str], places: Sequence[int]
) -> dict[str, Any]:
    """Models of all imputations; their equations know places among the covariates."""
    moved = {old: new for new, old in enumerate(places)}
    return {
        "places": [moved[place] for place in found["places"]],
        "models": [restricted(one, kept) for one in found["models"]],
        "variances": [picked(row, places) for row in found["variances"]],
    }


def _renumbered(nodes: Found, places: Sequence[int]) -> dict[str, Any]:
    """Nodes that compare columns by their new places."""
    moved = {old: new for new, old in enumerate(places)} | {LEAF: LEAF}
    return {**nodes, "feature": [moved[place] for place in nodes["feature"]]}
