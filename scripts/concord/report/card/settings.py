"""Settings of the rules describe_model and describe_updates."""

from ...figures.settings import FigureSettings

#: Folder of the files of a model, beside its model.json.
DESCRIBED = "described"


class DescribeModel(FigureSettings):
    """Settings of rule describe_model: the style of the nomogram."""


class DescribeUpdates(FigureSettings):
    """Settings of rule describe_updates: the style of the nomogram."""
