"""Section on the models that a study writes for use elsewhere."""

from collections.abc import Iterator

from ....figures import labels
from ....folds.scheme import BOOTSTRAP, EVALUATED, LOSO
from ....frozen.development import ExpectedPerformance
from ....frozen.document import FrozenModel
from ....frozen.equation.printed import equation_page
from ....frozen.settings import EVERYBODY, WITHOUT
from ....models.fitted_model import Estimates
from ... import numbers as n
from ...blocks import Link, Section, Table, Written, section, table, text
from ...card.settings import DESCRIBED
from ...results import Results

_LENGTH = 12
#: Schemes whose value is shown, the first that a model has: new groups before others.
_ORDER = (LOSO.name, *(kind.name for kind in EVALUATED), BOOTSTRAP.name)
_EVERYBODY = "all"
_OPENING = (
    "{models} written for use elsewhere, each as one document that holds everything "
    "learnt, the recipes of its features, the range of its development subjects and "
    "the performance to expect, and no row of anybody."
)
_USE = (
    "Another study applies one whose configuration names its file as “model”, on a "
    "machine where nothing of this study exists (docs/prediction.md); what the "
    "document holds, and what could be inferred from it, is in docs/frozen_models.md."
)
_NOTE = (
    "Features and terms: those that move the score, all others were left out. "
    "Expected: discrimination by the scheme in brackets; of a model without a group, "
    "that of its bootstrap samples among the development subjects out of them, since "
    "what was found in the group must not be known to it. Samples: models of bootstrap "
    "samples that travel along for the interval of each prediction. Hash: first digits "
    "of the SHA-256 of the document's content; an edited document is refused."
)


def frozen_section(results: Results) -> Section | None:
    """Frozen models, their files and hashes; None of a study that writes none."""
    if not results.frozen:
        return None
    count = len(results.frozen)
    models = "1 model was" if count == 1 else f"{count} models were"
    return section(
        "models-for-use-elsewhere",
        "Models for use elsewhere",
        text(_OPENING.format(models=models), _USE),
        _models_table(results),
        *_links(results),
    )


def _models_table(results: Results) -> Table:
    return table(
        "Frozen models",
        [
            "Model",
            "Endpoint",
            "Fitted to",
            "Subjects",
            "Events",
            "Features",
            "Terms",
            "Expected",
            "Samples",
            "Hash",
        ],
        [_row(results, model) for model in results.frozen.values()],
        _NOTE,
    )


def _row(results: Results, model: FrozenModel) -> list[str]:
    people = model.population
    failed = model.n_samples_failed
    samples = f"{len(model.samples)}" + (f" ({failed} failed)" if failed else "")
    return [
        results.arm_label(model.name),
        results.endpoint_label(model.endpoint),
        development(model),
        str(people.n),
        n.NONE if people.n_events is None else str(people.n_events),
        str(len(model.features)),
        str(n_terms(model.estimates)),
        _expected(model),
        samples,
        model.hash[:_LENGTH],
    ]


def _links(results: Results) -> Iterator[Link | Written]:
    """File, card and equation of each model; the equation as text."""
    for path, model in results.frozen.items():
        named = results.arm_label(model.name), results.endpoint_label(model.endpoint)
        words = f"{', '.join(named)}, {development(model)}"
        file = f"../{path.removeprefix('results/')}"
        yield Link(file, f"{words} (JSON)")
        card = f"{file.removesuffix('model.json')}{DESCRIBED}/card.html"
        yield Link(card, f"Card of {words}")
        yield Written(f"Equation of {words}", equation_page(model))


def development(model: FrozenModel) -> str:
    """Words for the subjects that a model was fitted to."""
    name = model.origin.development
    if name == EVERYBODY:
        return "all subjects"
    return f"all but {name.removeprefix(WITHOUT)}"


def n_terms(estimates: Estimates) -> int:
    """Number of terms that move the score; of a fused arm, of all its members."""
    if estimates.fusion is not None:
        members = estimates.fusion.members.values()
        return sum(n_terms(one.estimates) for one in members)
    return len(estimates.pipeline["model"]["terms"])


def leading(model: FrozenModel) -> ExpectedPerformance | None:
    """Discrimination to expect, by the first scheme that has it; None without any."""
    judged = [
        one
        for one in model.expected
        if one.metric in labels.METRICS
        and one.stratum == _EVERYBODY
        and one.against is None
    ]
    found = {one.scheme: one for one in reversed(judged)}
    return next((found[name] for name in _ORDER if name in found), None)


def _expected(model: FrozenModel) -> str:
    found = leading(model)
    if found is None:
        return n.NONE
    scheme = labels.SCHEMES.get(found.scheme, "out of bootstrap samples")
    metric = labels.METRICS.get(found.metric, found.metric)
    return f"{metric} {n.interval(found.model_dump())} ({scheme.lower()})"
