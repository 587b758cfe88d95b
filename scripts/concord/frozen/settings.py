"""The section `freeze`: models that are written for use elsewhere."""

from collections.abc import Collection, Iterator
from typing import Any, Self

from pydantic import Field

from ..batch_labels import Spellings
from ..config_faults import nearest
from ..fields import Name, Section
from ..folds.endpoints.options import CensoredBefore
from ..folds.scheme import FINAL, LOSO, SchemeKind
from ..folds.settings import Covariate, CovariateSection, EndpointKind
from ..folds.splitting import ALL, FoldName
from ..models.settings.rules import LeakageTest
from ..models.settings.specification import ModelSpecification
from ..settings import RuleSettings, StudyView, from_study
from .freezing.configuration import sections

#: Name of the development set that holds all subjects, and how those of others begin.
EVERYBODY, WITHOUT = "all", "without_"
#: Group that the subjects sheet tells.
SITE = "site"


class FreezeSection(Section):
    """Models that are written for use elsewhere."""

    arms: list[Name] = Field(
        default=[],
        description="Arms that are frozen, of every endpoint; empty: the headline arm.",
    )
    without: list[str] = Field(
        default=[],
        description="Groups without which the models are frozen too, each as it was "
        "fitted with that group left out; needs validation.leave_one_group_out.",
    )
    samples: int = Field(
        default=0,
        ge=0,
        description="Bootstrap samples whose models travel along, so that every "
        "prediction has an interval of instability; 0: none.",
    )
    intended_use: str = Field(
        default="",
        description="For whom and what the models are meant, printed on their cards.",
    )


class Learning(RuleSettings):
    """Options of what a frozen model learns of its development subjects."""

    seed: int = from_study("study.seed")
    samples: int = from_study("freeze.samples")
    without: list[str] = from_study("freeze.without")
    smallest_cell: int = from_study("report.smallest_cell")
    covariates: dict[str, Covariate] = from_study("covariates")

    def tested(self) -> Self:
        """Options of the leakage test: one sample, and no count that is hidden."""
        changes = {"samples": min(1, self.samples), "smallest_cell": 0}
        return self.model_copy(update=changes)


class FrozenEndpoint(Section):
    """Endpoint as a frozen model tells it: none of its columns."""

    kind: EndpointKind
    label: str = ""
    causes: dict[int, str] = Field(default={})
    cause: int = 1
    evaluate_at_days: list[float] = Field(default=[])
    horizon_days: float | None = None
    censored_before: CensoredBefore = "exclude"
    strata: list[str] = Field(default=[])


class FreezeModel(RuleSettings):
    """Settings of rule freeze_model: one development set, all arms to freeze."""

    study: str = from_study("study.name")
    algorithms: list[str] = from_study("study.algorithms")
    intended_use: str = from_study("freeze.intended_use")
    endpoints: dict[str, FrozenEndpoint] = from_study("endpoints")
    covariates: dict[str, CovariateSection] = from_study("covariates")
    learning: Learning
    configuration: dict[str, Any]
    recipe_settings: dict[str, str] = Field(default={})  # hash by complete hash
    labels: dict[str, str]  # of the arms
    development: str
    models: list[ModelSpecification]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of all arms to freeze, of all endpoints, in one development."""
        arms = frozen_arms(study)
        models = [
            ModelSpecification.of(study, endpoint, arm)
            for endpoint in study.value("endpoints")
            for arm in arms
        ]
        return cls.composed(
            study,
            names,
            learning=Learning.of(study),
            models=models,
            labels={n: study.value("arms.{arm}.label", arm=n) or n for n in arms},
            configuration=sections(study),
            recipe_settings=study.recipe_settings,
            development=names["development"],
        )

    @property
    def fold(self) -> FoldName:
        """Fold whose fit is frozen."""
        return fold_of(self.development)


class LeakageTestWithFrozen(LeakageTest):
    """Settings of rule leakage_test, with the models that are frozen without a group.

    `frozen` is None unless the headline arm is frozen without some group.
    """

    frozen: Learning | None = None

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the headline arm for the endpoint that the wildcard names."""
        own = LeakageTest.of(study, **names)
        is_frozen = own.model.name in frozen_arms(study)
        tests = is_frozen and study.value("freeze.without")
        frozen = Learning.of(study).tested() if tests else None
        return cls.composed(study, names, model=own.model, frozen=frozen)


def frozen_arms(study: StudyView) -> list[str]:
    """Arms that are frozen, in the order of the arms."""
    chosen = study.value("freeze.arms") or [study.value("evaluation.headline_arm")]
    return [name for name in study.value("arms") if name in chosen]


def developments(study: StudyView) -> list[str]:
    """Names of the sets of subjects that models are frozen of."""
    without = [f"{WITHOUT}{group}" for group in study.value("freeze.without")]
    return [EVERYBODY, *dict.fromkeys(without)]


def scheme_of(development: str) -> SchemeKind:
    """Scheme of the fits that are frozen: of all subjects, or a group left out."""
    return FINAL if development == EVERYBODY else LOSO


def fold_of(development: str) -> FoldName:
    """Fold whose fit is frozen."""
    kind = scheme_of(development)
    fold = ALL if development == EVERYBODY else development.removeprefix(WITHOUT)
    return FoldName(kind.name, 1, fold)


def freeze_faults(config: Any) -> Iterator[tuple[str, str]]:
    """Faults between the section `freeze` and the others, as (key, message)."""
    section = config.freeze
    if not config.arms:
        if "freeze" in config.model_fields_set:
            yield "freeze", "has no effect in a study that fits no model; remove it"
        return
    for name in section.arms:
        if name not in config.arms:
            hint = nearest(name, config.arms)
            yield "freeze.arms", f"names {name!r}, which is no arm{hint}"
    if section.without and not config.validation.leave_one_group_out:
        yield (
            "freeze.without",
            f"is {section.without}, but validation.leave_one_group_out is false, so "
            "that no model is fitted without a group; set it to true",
        )


def group_faults(config: Any, sites: Collection[str]) -> Iterator[tuple[str, str]]:
    """Groups of `freeze.without` that the study has not, as (key, message).

    Groups of other variables than the site are known once the images are read: rule
    freeze_model names them.
    """
    if config.validation.group != SITE:
        return
    spelt = Spellings.of(sites)
    known = sorted({spelt.label(site) for site in sites})
    for group in config.freeze.without:
        if group not in known:
            yield (
                "freeze.without",
                f"names {group!r}, which is no group of the study"
                f"{nearest(group, known)}; the groups are {known}",
            )
