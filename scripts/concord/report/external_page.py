"""The external validation alone, as a short HTML page that needs nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from . import numbers as n
from .blocks import Section, Table, section, table, text
from .pictures import with_pictures
from .rendering import rendered
from .results import Paths, Results, load
from .sections.findings import FEW_EVENTS, banners
from .sections.transfer import updating
from .sections.transfer.external import short_blocks
from .sections.transfer.external_tables import calibration_table
from .settings import Report
from .small_cells import Hiding
from .template import DARK, STYLE

#: Kinds of tables that the page is made from, besides the cohort and the figures.
KINDS = (
    *("external", "external_models", "external_scores", "calibration_curve"),
    *("decision_curve", "patient_predictions", "patient_flags", "performance", "given"),
    *("updates", "update_performance"),
)
#: Digits of a hash that are printed.
_LENGTH, _HASHES = 16, ("model_hash", "parent_hash")
_USEFUL = (
    "Net benefit of acting on the predicted risk, over the threshold, beside acting on "
    "everybody and on nobody."
)
_LIMITS = (
    "Intervals take the model as it is: what would have been fitted to other "
    "development subjects is not in them.",
    "The part that is called case mix is what the spread of the scores explains. A "
    "change of who the subjects are that moves no score is not in it.",
    "The membership model knows means and covariances of the predictors of "
    "development, no single subject.",
)
_TIMED = (
    "What the spread of the scores allows is told for the follow-up of these subjects, "
    "by the model's own baseline hazard; that of development was followed otherwise."
)


def build(
    paths: Mapping[str, Paths], settings: Report, created: datetime | None = None
) -> str:
    """The external validation of a study that applies frozen models, as HTML.

    Parameters
    ----------
    paths, settings, created
        As for `page.build`, of which only some are read.
    """
    known = {"cohort", "figures", *KINDS}
    results = load({key: one for key, one in paths.items() if key in known}, settings)
    hiding = Hiding(settings.report.smallest_cell)
    names = n.listed(map(results.endpoint_label, results.endpoints))
    return rendered(
        settings,
        f"External validation: {names}",
        hiding.banners(_banners(results)),
        [hiding.section(one) for one in _sections(results)],
        created,
        STYLE + DARK,
    )


def _banners(results: Results) -> list[Any]:
    """That it is a demonstration, if it is one; and that events are few."""
    wanted = ("Demonstration, not evidence", "Few events")
    return [one for one in banners(results) if one.title in wanted]


def _sections(results: Results) -> Iterator[Section]:
    """Sections of every endpoint, of which a model has one."""
    for endpoint in results.endpoints:
        found = [
            section(
                f"external-{endpoint}",
                "Expected and observed",
                *short_blocks(results, endpoint),
            ),
            section(f"models-{endpoint}", "Model and subjects", _models(results)),
            section(
                f"calibration-{endpoint}",
                "Calibration",
                calibration_table(results, endpoint, [results.headline]),
            ),
            section(f"usefulness-{endpoint}", "Decision curve", text(_USEFUL)),
            *_flags(results),
            *_updates(results),
            section("limits", "Limits", text(*_limits(results, endpoint))),
        ]
        yield from (with_pictures(one, results) for one in found)


def _models(results: Results) -> Table:
    """Facts of every model, one column each."""
    models = results["external_models"]
    hashes, parents = (models[name].str[:_LENGTH] for name in _HASHES)
    rows: dict[str, Sequence[Any]] = {
        "Hash (SHA-256)": hashes.tolist(),
        "Updated from": parents.tolist(),
        "Intended use": models["intended_use"].tolist(),
        "Development study": models["study"].tolist(),
        "Fitted to": models["development"].tolist(),
        "Development subjects": _of(models, "n_events_development", "n_development"),
        "Their groups": models["groups"].tolist(),
        "Subjects here": models["n_subjects"].tolist(),
        "With a score": models["n_scored"].tolist(),
        "Applicable": models["n_applicable"].tolist(),
        "Not applicable for a red flag": models["n_flagged"].tolist(),
        "Judged (events)": _of(models, "n_events", "n_judged"),
    }
    return table(
        "Model and subjects",
        ["", *map(results.arm_label, models["arm"])],
        [[name, *map(_told, values)] for name, values in rows.items()],
        "Groups, intended use and development are as the model's document tells them.",
        shows="external_models",
    )


def _of(models: pd.DataFrame, events: str, subjects: str) -> list[str | None]:
    pairs = zip(models[events], models[subjects], strict=True)
    return [
        None if pd.isna(n_all) else f"{n_all} ({_told(n_some)} events)"
        for n_some, n_all in pairs
    ]


def _told(value: Any) -> str:
    return n.NONE if value is None or pd.isna(value) else str(value)


def _flags(results: Results) -> Iterator[Section]:
    """Subjects by flag, of the headline model."""
    if not results.has("patient_flags"):
        return
    flags = results.of("patient_flags", arm=results.headline)
    if flags.empty:
        yield section("flags", "Flags", text("No flag was raised for any subject."))
        return
    by_flag = flags.groupby(["flag", "severity"], sort=True)["subject_id"]
    counts = by_flag.nunique().reset_index()
    total = results.of("patient_predictions", arm=results.headline)
    found = table(
        f"Flags of “{results.arm_label(results.headline)}”",
        ["Flag", "Severity", "Subjects"],
        [
            [str(flag).replace("_", " "), str(severity), str(count)]
            for flag, severity, count in counts.itertuples(index=False)
        ],
        f"Among {total['subject_id'].nunique()} subjects; one may have several.",
    )
    yield section("flags", "Flags", found)


def _number(value: Any) -> str:
    return n.NONE if pd.isna(value) else n.decimal(value)


def _updates(results: Results) -> Iterator[Section]:
    """Updates of the models, where the study makes some."""
    if len(results["updates"]):
        yield section("updates", "Updates", *updating.short_blocks(results))


def _limits(results: Results, endpoint: str) -> Iterator[str]:
    """Limits: what the page cannot tell."""
    yield from _LIMITS
    if results.outcome(endpoint).has_times:
        yield _TIMED
    if results.effective_events(endpoint) < FEW_EVENTS:
        yield (
            f"With fewer than {FEW_EVENTS} events, or subjects without one, an "
            "external validation is uncertain (Collins et al. 2016, "
            "doi:10.1002/sim.6787)."
        )
