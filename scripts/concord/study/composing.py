"""Settings of rules, composed from whatever is known of a study."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..provenance import canonical_json
from ..settings import RuleSettings


class ComposesSettings:
    """Base of a study as the workflow sees it: values by key, settings by rule.

    Attributes
    ----------
    config : Any
        Sections by name, with at least `data_root`.
    """

    config: Any

    def settings(self, kind: type[RuleSettings], **names: str) -> str:
        """Canonical JSON of the settings of one job of a rule.

        Parameters
        ----------
        kind : type of RuleSettings
            Settings of the rule.
        **names
            Wildcards of the job.
        """
        return canonical_json(kind.of(self, **names).model_dump(mode="json"))  # type: ignore[arg-type]

    def settings_of(
        self, kind: type[RuleSettings], **names: str
    ) -> Callable[[Any], str]:
        """Function of the wildcards that gives the settings of a job.

        Parameters
        ----------
        kind : type of RuleSettings
            Settings of the rule.
        **names
            Names besides the wildcards, equal for all jobs of the rule.
        """
        return lambda wildcards: self.settings(kind, **names, **dict(wildcards.items()))

    def value(self, key: str, **names: str) -> Any:
        """Value at a dotted key of the configuration, sections as typed objects."""
        found: Any = self.config
        for part in key.split("."):
            name = part.format(**names)
            found = found[name] if isinstance(found, dict) else getattr(found, name)
        return found

    def source(self, relative: str) -> str:
        """Path of a source of the sheets."""
        return str(Path(self.config.data_root, relative))
