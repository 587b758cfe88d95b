"""Facts of a model card, collected from the document alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..document import FrozenModel
from ..equation.files import why_no_file
from ..equation.points import why_no_nomogram
from ..equation.words import predictor_words, words_of_range
from .limits import limits

NOT_A_DEVICE = (
    "For research. This model is not a medical device and must not decide about a "
    "patient: nobody has approved it for care."
)


@dataclass(frozen=True)
class Part:
    """A part of the card: a title, paragraphs, a list and a table of texts."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def parts(document: FrozenModel) -> list[Part]:
    """All parts of the card, in order."""
    return [
        _identity(document),
        _population(document),
        _performance(document),
        *_subgroups(document),
        _applicability(document),
        _predictors(document),
        _use(document),
        Part("Limits", items=tuple(limits(document))),
        _reveals(document),
        _versions(document),
    ]


def _identity(document: FrozenModel) -> Part:
    origin, outcome = document.origin, document.outcome
    rows = [
        ("Model", document.label),
        ("Hash", document.hash),
        ("Intended use", document.intended_use or "not told by its authors"),
        ("Outcome", f"{outcome.label} ({outcome.kind})"),
        ("Study", origin.study),
        ("Source", origin.source),
        ("Fitted to", origin.development),
    ]
    if outcome.at_days:
        days = ", ".join(f"{day:g}" for day in outcome.at_days)
        rows.append(("Risk is told at day", days))
    if outcome.horizon_days is not None:
        rows.append(("Event counts within days", f"{outcome.horizon_days:g}"))
    if origin.reference:
        rows.append(("Publication", origin.reference))
    if origin.parent is not None:
        parent = origin.parent
        rows.append(("Parent", f"{parent.hash}, updated by {parent.update}"))
    if origin.plan:
        rows.append(("Registered plan", origin.plan))
    return _of_rows("Model", rows, NOT_A_DEVICE)


def _population(document: FrozenModel) -> Part:
    people = document.population
    rows = [("Subjects", str(people.n))]
    if people.n_events is not None:
        rows.append(("Events", str(people.n_events)))
    rows += [(f"Group {name}", str(n)) for name, n in people.groups.items()]
    for name, summary in people.covariates.items():
        label = predictor_words(f"covariate.{name}", document)[0]
        told = ", ".join(f"{key} {value:.3g}" for key, value in summary.items())
        rows.append((label, told))
    if people.follow_up_days is not None:
        rows.append(("Median follow-up", f"{people.follow_up_days:.0f} days"))
    rows.append(("Left out", str(people.excluded)))
    return _of_rows("Population", rows, *people.facts.values())


def _performance(document: FrozenModel) -> Part:
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            _MEASURES.get(one.metric, one.metric),
            _SCHEMES.get(one.scheme, one.scheme),
            one.stratum,
            "" if one.horizon_days is None else f"{one.horizon_days:g}",
            interval(one.estimate, one.lower, one.upper),
            "" if one.n is None else str(one.n),
            "" if one.n_events is None else str(one.n_events),
            one.against or "",
            one.method,
        )
        for one in document.expected
    )
    columns: tuple[str, ...] = ("measure", "validated by", "of", "day")
    columns += ("value and interval", "subjects", "events", "less", "interval by")
    told = "Found in validation; expect less elsewhere." if rows else NO_VALIDATION
    return Part("Performance", (told,), columns=columns if rows else (), rows=rows)


_MEASURES = {
    "auc": "AUC",
    "c_index": "C-index",
    "calibration_slope": "slope of calibration",
    "calibration_in_the_large": "calibration in the large",
    "observed_expected": "observed over expected",
}
_SCHEMES = {"loso": "a group left out", "cv": "cross-validation"}
NO_VALIDATION = "The document tells of no validation: performance is not known."


def _subgroups(document: FrozenModel) -> Iterator[Part]:
    if document.subgroups:
        rows: tuple[tuple[str, ...], ...] = tuple(
            (
                f"{one.subgroup}: {one.level}",
                one.measure,
                one.scheme,
                interval(one.estimate, one.lower, one.upper),
                "" if one.n is None else str(one.n),
            )
            for one in document.subgroups
        )
        columns = ("subgroup", "measure", "validated by", "value", "subjects")
        yield Part("Subgroups", columns=columns, rows=rows)


def _applicability(document: FrozenModel) -> Part:
    known = document.applicability
    rows = [(name, ", ".join(labels)) for name, labels in known.batches.items()]
    for image, facts in known.acquisition.items():
        rows += [(f"{image} {name}", ", ".join(v)) for name, v in facts.items()]
    if known.readers:
        rows.append(("Readers", ", ".join(known.readers)))
    for name, voxels in known.smallest_region.items():
        rows.append((f"Smallest region {name}", f"{voxels:g} voxels"))
    if known.distance_limit is not None:
        rows.append(("Largest distance accepted", f"{known.distance_limit:.3g}"))
    elif known.distance_reason:
        rows.append(("Largest distance accepted", f"none: {known.distance_reason}"))
    rule = document.estimates.unseen
    rows.append(("Unseen batches", _UNSEEN[rule] if rule else "nothing is harmonized"))
    return _of_rows("Where it applies", rows)


_UNSEEN = {
    "passthrough": "scored from values as measured",
    "refuse": "not scored",
    "adapt": "scored after some of their subjects have adapted the harmonization",
}


def _predictors(document: FrozenModel) -> Part:
    rows = []
    for name, one in document.applicability.ranges.items():
        words, unit = predictor_words(name, document)
        known = document.features.get(name)
        code = (known.ibsi_code or "") if known else ""
        recipe = (known.recipe_hash or "")[:12] if known else ""
        span = words_of_range(one, 4)
        mean = "" if one.mean is None else f"{one.mean:.4g}"
        rows.append((words, unit, code, recipe, span, mean))
    columns = ("predictor", "unit", "IBSI code", "recipe", "range", "mean")
    return Part("Predictors", columns=columns, rows=tuple(rows))


def _use(document: FrozenModel) -> Part:
    items = [
        "With images: `model: model.json` in a configuration, `snakemake predict`."
    ]
    equation, file = document.equation_reason, why_no_file(document)
    figure = why_no_nomogram(document)
    items.append(f"No equation: {equation}." if equation else "By hand: equation.md.")
    items.append(
        f"No score.py: {file}."
        if file
        else "With numpy alone: python described/score.py model.json patients.csv"
    )
    items.append(f"No nomogram: {figure}." if figure else "On paper: nomogram.pdf.")
    return Part("Use", items=tuple(items))


def _reveals(document: FrozenModel) -> Part:
    people = document.population.n
    told = (
        f"The document holds no row of the {people} development subjects. Lowest and "
        "highest values, knots of transforms and days of events are of single people, "
        "without a name."
    )
    if document.samples:
        told += f" Models of {len(document.samples)} bootstrap samples travel along."
    return Part("What it reveals", (told,))


def _versions(document: FrozenModel) -> Part:
    rows = [("concord", document.concord_version), *document.software.items()]
    engines = {one.software for one in document.features.values() if one.software}
    rows += [("feature engine", one) for one in sorted(engines)]
    rows.append(("schema of the document", str(document.schema_version)))
    return _of_rows("Versions", rows)


def _of_rows(title: str, rows: list[tuple[str, str]], *paragraphs: str) -> Part:
    return Part(title, paragraphs, columns=("fact", "value"), rows=tuple(rows))


def interval(estimate: float | None, lower: float | None, upper: float | None) -> str:
    """Estimate with its interval, as far as both are known."""
    if estimate is None:
        return "none"
    if lower is None or upper is None:
        return f"{estimate:.3f}, no interval"
    return f"{estimate:.3f} ({lower:.3f} to {upper:.3f})"
