"""Limits of a frozen model that follow from the facts of its document."""

from collections.abc import Iterator

from ...folds.scheme import LOSO
from ...models.fitted_model import Estimates
from ..document import FrozenModel

#: Events per term below which a model is likely to be too optimistic: Riley et al.
#: (2020), https://doi.org/10.1136/bmj.m441, warn of fixed rules; it is a sign only.
FEW_EVENTS = 10


def limits(document: FrozenModel) -> Iterator[str]:
    """Sentences on what the document itself gives reason to doubt."""
    found = document.estimates
    yield from _of_events(document)
    if document.origin.parent is None:
        yield "No external validation is told in this document."
    if not any(one.scheme == LOSO.name for one in document.expected):
        yield "It was not validated in a group that was left out."
    judged = [one for one in document.expected if one.estimate is not None]
    if judged and all(one.lower is None for one in judged):
        yield "Its performance has no interval."
    yield from _of_places(document)
    if not document.intended_use:
        yield "Its authors did not tell an intended use."
    if found.unseen == "passthrough":
        yield "Subjects of an unseen batch are scored without harmonization."


def _of_events(document: FrozenModel) -> Iterator[str]:
    people, found = document.population, document.estimates
    n_terms = terms(found)
    rarer = None
    if people.n_events is not None:
        timed = bool(document.outcome.at_days) or found.kind != "binary"
        rarer = (
            people.n_events
            if timed
            else min(people.n_events, people.n - people.n_events)
        )
    if rarer is not None and n_terms and rarer < FEW_EVENTS * n_terms:
        yield (
            f"Few events: {rarer} for {n_terms} terms, {rarer / n_terms:.1f} each; "
            f"candidates that were not selected are not even counted."
        )


def terms(estimates: Estimates) -> int:
    """Number of terms, of a fused arm those of all members."""
    if estimates.fusion is not None:
        members = estimates.fusion.members.values()
        return sum(terms(one.estimates) for one in members)
    return len(estimates.pipeline["model"].get("terms", []))


def _of_places(document: FrozenModel) -> Iterator[str]:
    if len(document.population.groups) == 1:
        yield "All development subjects are of one group."
    for image, facts in document.applicability.acquisition.items():
        scanners = facts.get("ManufacturersModelName", facts.get("Manufacturer", []))
        if len(scanners) == 1:
            yield f"{image}: one scanner in development, {scanners[0]}."
    if len(document.applicability.readers) == 1:
        yield f"One kind of reader in development: {document.applicability.readers[0]}."
