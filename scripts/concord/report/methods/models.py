"""Methods of models: arms, harmonization, validation, from the settings' clauses."""

from collections.abc import Iterator

from ...folds.scheme import kind_of
from ...folds.settings import EndpointSection
from ...methods_clauses import clauses
from ...models.settings.fusion import fused_from
from ...models.settings.steps import ArmSteps
from .. import numbers as n
from ..results import Results
from ..sections.models.treatment import treatment_name
from ..sections.same_patient import cluster_sentences

_MODELS = {"binary": "logistic regression", "survival": "Cox regression"}

_KIND = "model.kind"
#: Options of an arm that say nothing of a published score.
_FITTED_STEPS = set(ArmSteps.model_fields) - {"max_missing"}


def harmonization_paragraph(results: Results) -> str:
    """Removal of batch effects, whatever harmonizers the arms use."""
    settings = results.settings.harmonization
    how = "; ".join(clauses(settings, results.printed_names).values())
    return (
        f"Batch effects were removed by harmonizers fitted on development rows and "
        f"applied to evaluation rows ({how})."
    )


def models_paragraph(results: Results) -> str:
    """The headline arm whole, and every other arm by what sets it apart."""
    endpoints = results.settings.endpoints.values()
    models = n.listed(sorted({_model(endpoint) for endpoint in endpoints}))
    if not all(results.settings.arms[arm].model.is_linear for arm in results.arms):
        models += ", or trees where said"
    headline = _arm_clauses(results, results.headline)
    sentences = [
        f"Arms are models ({models}). The headline arm "
        f"“{results.arm_label(results.headline)}”: {'; '.join(headline.values())}.",
        *_other_arms(results),
        f"{'Other missing' if _imputes_often(results) else 'Missing'} numbers took the "
        "development median, missing categories the commonest level of development.",
    ]
    return " ".join(sentences)


def validation_paragraph(results: Results) -> str:
    """Development and evaluation sets."""
    if results.judges_given:
        return " ".join([*_given_folds(results), *cluster_sentences(results)])
    how = clauses(results.settings.validation, results.printed_names).values()
    sentences = [
        f"Models were validated by {'; '.join(how)}. No subject was in development and "
        "evaluation of one fold.",
        *cluster_sentences(results),
    ]
    return " ".join(sentences)


def _given_folds(results: Results) -> Iterator[str]:
    """Folds that predictions came with; none was made here."""
    parts = {part["scheme"]: part for part in results.foreign["parts"]}
    for scheme, part in parts.items():
        if part["folds"] == 1:
            yield "Predictions were judged in one set of subjects."
        else:
            of = kind_of(scheme).label.lower()
            repeats = n.plural(part["repeats"], "repeat")
            yield (
                f"Predictions were judged in the {part['folds']} folds that they came "
                f"with ({of}; {repeats})."
            )


def treatment_paragraphs(results: Results) -> Iterator[str]:
    """Interaction of treatment and marker, one paragraph per predictive endpoint."""
    for name in results.endpoints:
        endpoint = results.settings.endpoints[name]
        if endpoint.treatment is None:
            continue
        arms = {arm: f"“{results.arm_label(arm)}”" for arm in results.arms}
        how = clauses(endpoint, results.printed_names | arms).values()
        timed = endpoint.outcome.has_times
        model, baseline = (
            ("Cox regression", "a baseline hazard")
            if timed
            else ("logistic regression", "an intercept")
        )
        yield (
            f"For {results.endpoint_label(name)}, the interaction of "
            f"{treatment_name(endpoint)} ({endpoint.treatment.treated} against "
            f"{endpoint.treatment.control}) with each marker was tested by the "
            f"likelihood ratio of nested models, {model} with {baseline} of each group "
            f"({'; '.join(how)}); a restricted cubic spline of the marker with four "
            "knots was tested beside the straight line. Intervals are Wald's, p-values "
            "also counted all markers (Holm)."
        )


def design_paragraph(results: Results) -> str:
    """Checks of the design that precede all models."""
    how = clauses(results.settings.confounding).values()
    return (
        "Before any model, outcomes, factors and covariates were compared with the "
        f"group by {'; '.join(how)}."
    )


def _model(endpoint: EndpointSection) -> str:
    ties = clauses(endpoint).get("ties")
    return _MODELS[endpoint.outcome_kind] + (f" with {ties}" if ties else "")


def _other_arms(results: Results) -> Iterator[str]:
    """Clauses that set other arms apart from the headline, or its first member."""
    arms = results.settings.arms
    base = next(iter(fused_from(arms, results.headline)))
    usual = _arm_clauses(results, base)
    from_it = "it"
    if base != results.headline:
        from_it = f"“{results.arm_label(base)}”"
        yield f"{from_it}: {'; '.join(usual.values())}."
    for arm in results.arms:
        if arm in (base, results.headline):
            continue
        own, label = _arm_clauses(results, arm), f"“{results.arm_label(arm)}”"
        if arms[arm].fusion is not None:
            yield f"{label}: {'; '.join(own.values())}."
            continue
        apart = [text for key, text in own.items() if usual.get(key) != text]
        if _KIND in usual and _KIND not in own:
            apart.append("a regression")
        words = "; ".join(apart) or "in its name only"
        yield f"{label} differs from {from_it}: {words}."


def _imputes_often(results: Results) -> bool:
    return any(arm.imputes_often for arm in results.settings.arms.values())


def _arm_clauses(results: Results, arm: str) -> dict[str, str]:
    """Clauses of an arm; of one that adapts by itself, also the number of subjects."""
    settings = results.settings
    section = settings.arms[arm]
    if section.fusion is not None:
        names = {name: f"“{results.arm_label(name)}”" for name in settings.arms}
        return clauses(section.fusion, names)
    if section.tuning is not None and not section.model.has_penalty:
        tuning = section.tuning.model_copy(update={"n_penalties": 0})
        section = section.model_copy(update={"tuning": tuning})
    found = clauses(section, results.printed_names)
    if section.model.is_given:
        found = {key: text for key, text in found.items() if key not in _FITTED_STEPS}
    if not section.model.has_penalty and "covariates" in found:
        found["covariates"] = found["covariates"].removesuffix(", not penalized")
    if section.harmonizes and section.unseen == "adapt":
        own = clauses(settings.harmonization.of_arm("adapt"))
        found["adapt_subjects"] = own["adapt_subjects"]
    return found
