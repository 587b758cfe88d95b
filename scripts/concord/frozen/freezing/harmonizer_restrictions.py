"""Fitted harmonizers that only some features pass.

ComBat and its like treat each feature by itself once they are fitted, so that those
which move no score can go. All features of an image stay where one borrows from the
others: in CovBat, whose components are made of all of them, and where unseen batches
are adapted to, since a new batch is estimated by what its features have in common.
"""

from collections.abc import Collection
from typing import Any

from ...harmonization.estimators.base import ADAPT
from ...harmonization.estimators.covbat import CovBat
from ...harmonization.estimators.identity import Passthrough
from ...harmonization.estimators.sequence import HarmonizerSequence
from .restrictions import Found, Restriction, picked, places_of

#: Lists of estimates with one number per feature, and those with one per batch of them.
_BY_FEATURE = ("grand_mean", "sd")
_BY_BATCH = ("effects", "shift", "variance")
#: Lists of names of features.
_NAMES = ("constant", "location_only", "not_estimated")


class Harmonizing(Restriction):
    """A harmonizer of the features of one image."""

    def needs(self, wanted: Collection[str]) -> set[str]:
        """Wanted columns, those that they borrow from, batches and kept covariates."""
        own = features_of(self.found)
        if not own.intersection(wanted):
            return set(wanted)
        borrowed = own if borrows(self.found) else set()
        return {*wanted, *borrowed, *_others(self.found)}

    def pruned(
        self, kept: Collection[str], wanted: Collection[str]
    ) -> dict[str, Any] | None:
        """Estimates of the features that are left; None if there are none."""
        if not features_of(self.found).intersection(kept):
            return None
        return restricted(self.found, kept)

    def moving(self, wanted: Collection[str]) -> set[str]:
        """Wanted columns and kept covariates, without what is only borrowed from."""
        own = features_of(self.found)
        more = _kept(self.found) if own.intersection(wanted) else set()
        return {*wanted, *more}


def restricted(found: Found, kept: Collection[str]) -> dict[str, Any]:
    """Estimates of a harmonizer for those of its features that are kept."""
    if found["kind"] == HarmonizerSequence.kind:
        return _of_sequence(found, kept)
    if borrows(found):
        return _without_sizes(found)
    names = list(found["features"])
    places = places_of(names, kept)
    parameters = dict(found["parameters"])
    if parameters.get("columns") is not None:
        parameters["columns"] = picked(names, places)
    columns = [name for name in found["columns"] if name in kept]
    changed: dict[str, Any] = {
        "parameters": parameters,
        "columns": columns,
        "features": picked(names, places),
    }
    if found["kind"] != Passthrough.kind:
        changed |= {name: picked(found[name], places) for name in _BY_FEATURE}
        changed |= {
            name: [picked(row, places) for row in found[name]] for name in _BY_BATCH
        }
        changed |= {name: [n for n in found[name] if n in kept] for name in _NAMES}
    return _without_sizes({**found, **changed})


def features_of(found: Found) -> set[str]:
    """Features that a harmonizer was fitted to."""
    if found["kind"] == HarmonizerSequence.kind:
        return set[str]().union(*(features_of(step) for step in found["steps"]))
    if found["kind"] == CovBat.kind:
        return features_of(found["combat"])
    return set(found["features"])


def borrows(found: Found) -> bool:
    """True if the value of a feature may depend on others of the same image."""
    if found["kind"] == HarmonizerSequence.kind:
        return any(borrows(step) for step in found["steps"])
    if found["kind"] == CovBat.kind:
        return True
    return found["parameters"].get("unseen") == ADAPT


def _without_sizes(found: Found) -> dict[str, Any]:
    """Estimates without the number of subjects of each batch, which no score needs.

    Counts of development are told in one place, where small ones are hidden.
    """
    changed: dict[str, Any] = {"batch_sizes": {}} if "batch_sizes" in found else {}
    for part in ("combat", "scores"):
        if found.get(part) is not None:
            changed[part] = _without_sizes(found[part])
    return {**found, **changed}


def _of_sequence(found: Found, kept: Collection[str]) -> dict[str, Any]:
    if borrows(found):
        return {**found, "steps": [_without_sizes(step) for step in found["steps"]]}
    steps = [restricted(step, kept) for step in found["steps"]]
    plain = [{name: one[name] for name in ("kind", "parameters")} for one in steps]
    columns = [name for name in found["columns"] if name in kept]
    return {
        **found,
        "parameters": {"harmonizers": plain},
        "columns": columns,
        "steps": steps,
    }


def _others(found: Found) -> set[str]:
    """Batch columns and kept covariates."""
    if found["kind"] == HarmonizerSequence.kind:
        return set[str]().union(*(_others(step) for step in found["steps"]))
    batch = found["parameters"].get("batch")
    return _kept(found) | ({batch} if batch is not None else set())


def _kept(found: Found) -> set[str]:
    if found["kind"] == HarmonizerSequence.kind:
        return set[str]().union(*(_kept(step) for step in found["steps"]))
    return set(found["parameters"].get("keep") or ())


def batches_of(found: Found) -> dict[str, list[str]]:
    """Known batches by the column of their variable, sorted."""
    if found["kind"] == HarmonizerSequence.kind:
        steps = [batches_of(step) for step in found["steps"]]
        return {name: labels for step in steps for name, labels in step.items()}
    if found["kind"] == CovBat.kind:
        return batches_of(found["combat"])
    if found["kind"] == Passthrough.kind:
        return {}
    return {found["parameters"]["batch"]: sorted(found["batches"])}
