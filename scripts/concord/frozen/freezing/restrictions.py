"""Fitted steps that only some columns pass, by the estimates that rebuild them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...folds.subject_table import feature_names
from ...models.steps.imputation import missing_name

Found = Mapping[str, Any]


class Restriction:
    """Base of a step with all columns that it was fitted to.

    Parameters
    ----------
    found : mapping
        Estimates of the step.
    inputs : sequence of str
        Columns that it was given, in order.
    """

    def __init__(self, found: Found, inputs: Sequence[str]) -> None:
        self.found, self.inputs = found, list(inputs)

    def outputs(self) -> list[str]:
        """Columns that it gives, in order."""
        return self.inputs

    def needs(self, wanted: Collection[str]) -> set[str]:
        """Columns that it must be given so that it gives the wanted ones."""
        return set(wanted)

    def pruned(
        self, kept: Collection[str], wanted: Collection[str]
    ) -> dict[str, Any] | None:
        """Estimates of the step for fewer columns; None if it does nothing more.

        Parameters
        ----------
        kept : collection of str
            Columns that it will be given.
        wanted : collection of str
            Columns that it must give.
        """
        raise NotImplementedError


class Filter(Restriction):
    """Steps that drop columns; what is left has passed them."""

    def outputs(self) -> list[str]:
        """Columns that are not dropped."""
        dropped = set(self.found["dropped"])
        return [name for name in self.inputs if name not in dropped]

    def pruned(self, kept: Collection[str], wanted: Collection[str]) -> None:
        """Nothing."""
        return


class Selection(Filter):
    """Steps that choose features."""

    def outputs(self) -> list[str]:
        """Chosen features, and all that are none."""
        lost = set(feature_names(self.inputs)).difference(self.found["selected"])
        return [name for name in self.inputs if name not in lost]


class PerFeature(Restriction):
    """Transforms of single features."""

    def pruned(
        self, kept: Collection[str], wanted: Collection[str]
    ) -> dict[str, Any] | None:
        """Estimates of the features that are left."""
        places = places_of(self.found["features"], kept)
        lists = {
            name: picked(value, places)
            for name, value in self.found.items()
            if name not in ("kind", "parameters")
        }
        return {**self.found, **lists} if places else None


class OfIndicators(Restriction):
    """Numbers that a model can take."""

    def outputs(self) -> list[str]:
        """Features, covariates, and an indicator of each group."""
        own = self.found["parameters"]["covariates"]
        return [*feature_names(self.inputs), *own, *self._indicators()]

    def needs(self, wanted: Collection[str]) -> set[str]:
        """Columns behind the wanted ones; the group behind its indicators."""
        indicators = set(self._indicators())
        plain = set(wanted) - indicators
        return plain | ({"group"} if indicators.intersection(wanted) else set())

    def pruned(self, kept: Collection[str], wanted: Collection[str]) -> dict[str, Any]:
        """Covariates and groups that are left."""
        parameters = self.found["parameters"]
        own = [name for name in parameters["covariates"] if name in wanted]
        indicators = zip(self.found["groups"], self._indicators(), strict=True)
        groups = [name for name, column in indicators if column in wanted]
        changed = {"covariates": own, "groups": bool(groups)}
        return {**self.found, "parameters": changed, "groups": groups}

    def _indicators(self) -> list[str]:
        return [f"group={name}" for name in self.found["groups"]]


class Imputation(Restriction):
    """Fill of gaps, with columns that tell of them."""

    def outputs(self) -> list[str]:
        """Columns that vary, and those that tell of gaps."""
        return [*self.found["kept"], *map(missing_name, self.found["gaps"])]

    def needs(self, wanted: Collection[str]) -> set[str]:
        """Wanted columns, and those whose gaps are wanted."""
        kept = {name for name in self.found["kept"] if name in wanted}
        return kept | set(self._gaps(wanted))

    def pruned(self, kept: Collection[str], wanted: Collection[str]) -> dict[str, Any]:
        """Values that gaps of the columns that are left become."""
        places = places_of(self.found["kept"], wanted)
        parameters = dict(self.found["parameters"])
        parameters["leave"] = [n for n in parameters["leave"] if n in wanted]
        return {
            **self.found,
            "parameters": parameters,
            "kept": picked(self.found["kept"], places),
            "median": picked(self.found["median"], places),
            "dropped": [],
            "gaps": self._gaps(wanted),
        }

    def _gaps(self, wanted: Collection[str]) -> list[str]:
        return [name for name in self.found["gaps"] if missing_name(name) in wanted]


class Scaling(Restriction):
    """Centring and scaling of all columns."""

    def pruned(
        self, kept: Collection[str], wanted: Collection[str]
    ) -> dict[str, Any] | None:
        """Centre and scale of the columns that are left."""
        places = places_of(self.inputs, kept)
        lists = {name: picked(self.found[name], places) for name in ("mean", "sd")}
        return {**self.found, **lists} if places else None


class OfScore(Restriction):
    """Columns of a published score, all of which it weighs."""

    def outputs(self) -> list[str]:
        """Columns of the score."""
        return list(self.found["kept"])

    def needs(self, wanted: Collection[str]) -> set[str]:
        """All of them."""
        return set(self.found["kept"])

    def pruned(self, kept: Collection[str], wanted: Collection[str]) -> dict[str, Any]:
        """The step as it is."""
        return dict(self.found)


#: Restriction of each kind of step before the model but the harmonizers.
STEPS: dict[str, type[Restriction]] = {
    "MissingShareFilter": Filter,
    "StabilityFilter": Filter,
    "CorrelationFilter": Filter,
    "UnivariateSelection": Selection,
    "MinimumRedundancy": Selection,
    "StabilitySelection": Selection,
    "LogTransform": PerFeature,
    "RankNormal": PerFeature,
    "Indicators": OfIndicators,
    "MedianImputer": Imputation,
    "Standardizer": Scaling,
    "RobustScaler": Scaling,
    "ScoreColumns": OfScore,
}


def places_of(names: Sequence[str], kept: Collection[str]) -> list[int]:
    """Places of those names that are kept, in order."""
    known = set(kept)
    return [place for place, name in enumerate(names) if name in known]


def picked(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """Values at some places."""
    return [values[place] for place in places]
