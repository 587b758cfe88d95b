"""Settings of the multiverse: alternatives of keys, and the analyses they give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from ...fields import Section
from ...folds.validation import SplittingSection
from ...models.settings.specification import ModelSpecification
from ...settings import RuleSettings, StudyView, from_study

#: Number of the analysis that the configuration itself declares.
HEADLINE = 1


class MultiverseSection(Section):
    """Alternatives of an analysis, all of which are run through the same folds."""

    alternatives: Annotated[
        dict[str, Annotated[list[Any], Field(min_length=1)]], Field(min_length=1)
    ] = Field(
        description="Other values by dotted key, such as arms.radiomics.harmonizer: "
        "[none, zscore]; of arms (the headline arm, its members or the reference arm), "
        "harmonization, stability, study.reference_reader, and recipes.<image> (names "
        "of recipes of the study that take the place of the main one). The value of "
        "the configuration itself always is one of them.",
    )
    at_most: int = Field(
        default=200,
        ge=2,
        le=10000,
        description="Combinations that are run, at most; of more, the headline and "
        "others that the seed draws.",
    )
    specifications_per_job: int = Field(
        default=50, ge=1, le=1000, description="Combinations of one job."
    )
    permutations: int = Field(
        default=99,
        ge=19,
        le=10000,
        description="Permutations of the outcome within groups, the same for all "
        "combinations, for p-values of each and of all together.",
    )
    scheme: Literal["cv", "loso", "temporal", "fixed"] = Field(
        default="cv",
        description="Scheme of validation whose folds are used.",
    )


#: Entries of a document that differ: the path to each, and its value.
Changes = list[tuple[list[str], Any]]
#: Models of an analysis by their role, headline or reference.
Models = dict[str, ModelSpecification]


class Specification(Section):
    """One analysis: how its models differ from the headline and its reference."""

    number: int
    headline: Changes = Field(default=[])
    reference: Changes = Field(default=[])


@dataclass
class Analysis:
    """One combination of alternatives: its choices, and the study that they make.

    Without a view it contradicts itself, and `impossible` says why.
    """

    number: int
    choices: dict[str, str]
    view: StudyView | None
    impossible: str | None = None
    _models: dict[str, Models] = field(default_factory=dict)

    def models(self, endpoint: str) -> Models:
        """Models of headline and reference of an endpoint; none if impossible."""
        if self.view is None:
            return {}
        if endpoint not in self._models:
            self._models[endpoint] = {
                role: ModelSpecification.of(
                    self.view, endpoint, self.view.value(f"evaluation.{role}_arm")
                )
                for role in ("headline", "reference")
            }
        return self._models[endpoint]


class FitMultiverse(RuleSettings):
    """Settings of rule multiverse: the analyses of one chunk and endpoint.

    Of each analysis only the difference from the headline is held.
    """

    headline: ModelSpecification
    reference: ModelSpecification
    specifications: list[Specification]
    n_permutations: int = from_study("multiverse.permutations")
    scheme: Literal["cv", "loso", "temporal", "fixed"] = from_study("multiverse.scheme")
    confidence: float = from_study("evaluation.confidence")
    seed: int = from_study("study.seed")
    validation: SplittingSection = from_study("validation")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the analyses of the chunk that `names` numbers from 1."""
        size = study.value("multiverse.specifications_per_job")
        first, endpoint = (int(names["number"]) - 1) * size, names["endpoint"]
        own = study.analyses[0].models(endpoint)
        repeated = repetitions(study.analyses, endpoint)
        found = [
            Specification(number=one.number, **_changes(own, one.models(endpoint)))
            for one in study.analyses[first : first + size]
            if one.models(endpoint) and one.number not in repeated
        ]
        return cls.composed(study, names, **own, specifications=found)

    def models_of(
        self, one: Specification
    ) -> tuple[ModelSpecification, ModelSpecification]:
        """Models of an analysis and of its reference."""
        return (
            _changed(self.headline, one.headline),
            _changed(self.reference, one.reference),
        )


class Declared(Section):
    """One combination as it is declared: its choices, and why it is not run."""

    number: int
    choices: dict[str, str]
    impossible: str | None = None
    same_as: int | None = None


class GatherMultiverse(RuleSettings):
    """Settings of rule gather_multiverse: all combinations, by their numbers."""

    endpoint: str
    scheme: Literal["cv", "loso", "temporal", "fixed"] = from_study("multiverse.scheme")
    combinations: list[Declared]
    n_all: int

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the choices of all combinations."""
        endpoint, known = names["endpoint"], study.analyses
        same = repetitions(known, endpoint)
        found = [
            Declared(
                number=one.number,
                choices=one.choices,
                impossible=one.impossible,
                same_as=same.get(one.number),
            )
            for one in known
        ]
        n_all = study.n_combinations
        return cls.composed(
            study, names, endpoint=endpoint, combinations=found, n_all=n_all
        )


def repetitions(analyses: Sequence[Analysis], endpoint: str) -> dict[int, int]:
    """Number of the earlier analysis with the same models, by that of the later."""
    first: dict[str, int] = {}
    found = {}
    for one in analyses:
        if one.models(endpoint):
            key = "".join(m.model_dump_json() for m in one.models(endpoint).values())
            known = first.setdefault(key, one.number)
            if known != one.number:
                found[one.number] = known
    return found


def n_chunks(section: MultiverseSection, n_combinations: int) -> int:
    """Number of jobs of each endpoint, of so many combinations each."""
    return -(-min(section.at_most, n_combinations) // section.specifications_per_job)


def _changes(own: Models, other: Models) -> dict[str, Changes]:
    """Differences of the models of an analysis from those of the study itself."""
    return {
        role: list(
            _differences(own[role].model_dump(mode="json"), one.model_dump(mode="json"))
        )
        for role, one in other.items()
    }


def _differences(
    first: Mapping[str, Any], second: Mapping[str, Any], *above: str
) -> Iterator[tuple[list[str], Any]]:
    """Path and value of what differs in the second; of sections, entry by entry."""
    for key, value in second.items():
        known: Any = first.get(key)
        if isinstance(value, dict) and _same_keys(value, known):
            yield from _differences(known, value, *above, key)
        elif value != known:
            yield [*above, key], value


def _same_keys(value: Mapping[str, Any], known: Any) -> bool:
    return isinstance(known, dict) and value.keys() == known.keys()


def _changed(model: ModelSpecification, changes: Changes) -> ModelSpecification:
    """Model with some entries changed."""
    if not changes:
        return model
    document = model.model_dump(mode="json")
    for (*above, key), value in changes:
        section = document
        for part in above:
            section = section[part]
        section[key] = value
    return type(model).model_validate(document)
