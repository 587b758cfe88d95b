"""Methods of models: arms, harmonization, validation, from the settings' clauses."""

from collections.abc import Iterator

from ...methods_clauses import clauses
from .. import numbers as n
from ..results import Results
from ..sections.models.treatment import treatment_name
from ..sections.same_patient import cluster_sentences

_MODELS = {"binary": "logistic regression", "survival": "Cox regression"}


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
    kinds = {endpoint.outcome_kind for endpoint in results.settings.endpoints.values()}
    models = n.listed(_MODELS[kind] for kind in sorted(kinds))
    headline = _arm_clauses(results, results.headline)
    sentences = [
        f"Arms are models ({models}). The headline arm "
        f"“{results.arm_label(results.headline)}”: {'; '.join(headline.values())}.",
        *_other_arms(results, headline),
        "Missing numbers took the development median, missing categories the commonest "
        "level of development.",
    ]
    return " ".join(sentences)


def validation_paragraph(results: Results) -> str:
    """Development and evaluation sets."""
    how = clauses(results.settings.validation, results.printed_names).values()
    sentences = [
        f"Models were validated by {'; '.join(how)}. No subject was in development and "
        "evaluation of one fold.",
        *cluster_sentences(results),
    ]
    return " ".join(sentences)


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
            ("Cox regression (Efron's ties)", "a baseline hazard")
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


def _other_arms(results: Results, headline: dict[str, str]) -> Iterator[str]:
    for arm in results.arms:
        if arm == results.headline:
            continue
        own = _arm_clauses(results, arm)
        apart = [text for key, text in own.items() if headline.get(key) != text]
        words = "; ".join(apart) or "in its name only"
        yield f"“{results.arm_label(arm)}” differs from it: {words}."


def _arm_clauses(results: Results, arm: str) -> dict[str, str]:
    """Clauses of an arm; of one that adapts by itself, also the number of subjects."""
    settings = results.settings
    section = settings.arms[arm]
    found = clauses(section, results.printed_names)
    if section.harmonizes and section.unseen == "adapt":
        own = clauses(settings.harmonization.of_arm("adapt"))
        found["adapt_subjects"] = own["adapt_subjects"]
    return found
