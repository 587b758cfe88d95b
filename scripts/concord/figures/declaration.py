"""Declaration of a figure: words, needs, and its place in the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from textwrap import fill
from typing import Protocol

_WIDTH = 100
#: Formats of every figure, by the ending of the file.
FORMATS = ("svg", "pdf", "png")


class Need(StrEnum):
    """Property of a study without which a figure is not drawn."""

    IMAGES = "has_images"
    FEATURES = "has_features"
    READERS = "has_readers"
    REPEATS = "repeats_measurements"
    FEATURE_MAPS = "maps_features"
    READER_PREDICTIONS = "predicts_by_readers"
    TUNING = "tunes"
    POOLED_GROUPS = "pools_groups"
    INSTABILITY = "tells_instability"
    SUBGROUPS = "judges_subgroups"
    MULTIVERSE = "has_multiverse"
    EXTERNAL = "applies_models"


class StudyTraits(Protocol):
    """Study as the declarations see it: what it has, and the kind of each endpoint."""

    @property
    def endpoint_questions(self) -> Mapping[str, set[str]]:
        """Questions asked of each endpoint, by its name, such as competing."""

    @property
    def endpoint_kinds(self) -> Mapping[str, str]:
        """Kind of each endpoint, by its name."""

    def has(self, need: str) -> bool:
        """True if the study has what a figure needs."""


@dataclass(frozen=True, kw_only=True)
class FigureDeclaration:
    """Figure of the paper, declared once.

    The module of its drawing function, the targets of the workflow, the caption in
    Snakemake's report and the place in the narrative report follow from it.

    Attributes
    ----------
    name : str
        Module, files and the output of its rule are named after it.
    title : str
        Bold words that open the legend.
    legend : str
        Legend in Snakemake's report.
    caption : str
        Shorter caption in the narrative report.
    alternative : str
        Text for readers who cannot see the figure, and where its numbers are.
    category : str
        Heading in Snakemake's report.
    section : str
        Anchor of the section of the narrative report; may hold ``{endpoint}``.
    after : str
        Kind of the table that it stands behind in that section; empty: first.
    sources : tuple of str
        Kinds of the tables that it is drawn from. Where the report has all of them
        and they are empty, it leaves the figure out.
    needs : tuple of Need
        Properties of the study without which it is not drawn.
    group : str
        Rule and script `plot_<group>` draw it, with the others of this group, in one
        job. Empty for figures of endpoints: their group is the kind of the endpoint.
    endpoint_kinds : tuple of str
        Kinds of outcomes, or questions, whose endpoints each have one; empty: one for
        the whole study.
    aggregate : bool
        Whether it shows values over many people alone: no mark of one, no number of
        some. Others are left out of a report that hides small numbers.
    """

    name: str
    title: str
    legend: str
    caption: str
    alternative: str
    category: str
    section: str
    after: str
    sources: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    group: str = ""
    endpoint_kinds: tuple[str, ...] = ()
    aggregate: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules that draw it, of their scripts and of their logs."""
        return tuple(f"plot_{group}" for group in self.endpoint_kinds or (self.group,))

    @property
    def stem(self) -> str:
        """Name of the files without ending; with the wildcard of the endpoint."""
        return f"{self.name}_{{endpoint}}" if self.endpoint_kinds else self.name

    @property
    def paths(self) -> list[str]:
        """Paths of the SVG, the PDF and the PNG; with the wildcard of the endpoint."""
        return [f"results/figures/{self.stem}.{form}" for form in FORMATS]

    @property
    def labels(self) -> dict[str, str]:
        """Labels in Snakemake's report."""
        endpoint = "{endpoint}" if self.endpoint_kinds else "all"
        return {"figure": self.name.replace("_", " "), "endpoint": endpoint}

    def stems(self, study: StudyTraits) -> list[str]:
        """Names of the files of one study, none if the figure is not drawn."""
        if not all(study.has(need) for need in self.needs):
            return []
        if not self.endpoint_kinds:
            return [self.stem]
        return [
            self.stem.format(endpoint=name)
            for name, kind in study.endpoint_kinds.items()
            if ({kind} | study.endpoint_questions[name]) & set(self.endpoint_kinds)
        ]


def legend_document(figure: FigureDeclaration) -> str:
    """Legend of a figure as the document that Snakemake's report takes it from."""
    where = ", {{ snakemake.wildcards.endpoint }}" if figure.endpoint_kinds else ""
    text = f"**{figure.title}{where}.** {figure.legend}"
    return fill(text, _WIDTH, break_on_hyphens=False, break_long_words=False) + "\n"
