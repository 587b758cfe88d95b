"""Settings of rule describe_model."""

from ...figures.settings import FigureSettings

#: Files that every model has; score.py and the nomogram are of some alone.
ALWAYS = ("card.md", "card.html", "equation.md")


class DescribeModel(FigureSettings):
    """Settings of rule describe_model: the style of the nomogram."""
