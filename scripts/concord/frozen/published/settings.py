"""Settings of the rule that writes published equations as frozen models."""

from ...settings import NoSettings


class ImportModel(NoSettings):
    """Settings of rule import_model: the equations say all."""
