"""Settings of rules, composed from whatever is known of a study."""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from ..planned import SourceStates
from ..provenance import canonical_json, embeddable
from ..settings import RuleSettings


class ComposesSettings:
    """Base of a study as the workflow sees it: values by key, settings by rule.

    Attributes
    ----------
    config : Any
        Sections by name, with at least `data_root`.
    """

    config: Any

    def settings(
        self,
        kind: type[RuleSettings],
        sources: Iterable[str] = (),
        tables: Iterable[str] = (),
        **names: str,
    ) -> str:
        """Canonical JSON of the settings of one job of a rule.

        Parameters
        ----------
        kind : type of RuleSettings
            Settings of the rule.
        sources, tables : iterable of str
            Folders and files, and tables, that the job reads and no rule makes.
        **names
            Wildcards of the job.
        """
        states = self.source_states
        read = {
            "sources": {str(path): states.of(path) for path in sources},
            "tables": {str(path): states.of_table(path) for path in tables},
        }
        own = kind.of(self, **names).model_dump(mode="json", exclude=set(read))  # type: ignore[arg-type]
        whole = own | {key: one for key, one in read.items() if one}
        return embeddable(canonical_json(whole))

    def settings_of(
        self,
        kind: type[RuleSettings],
        sources: Callable[[Any], Iterable[str]] | None = None,
        tables: Iterable[str] = (),
        **names: str,
    ) -> Callable[[Any], str]:
        """Function of the wildcards that gives the settings of a job.

        Parameters
        ----------
        kind : type of RuleSettings
            Settings of the rule.
        sources : callable, optional
            Gives for the wildcards the folders and files that no rule makes.
        tables : iterable of str
            Tables that no rule makes.
        **names
            Names besides the wildcards, equal for all jobs of the rule.
        """
        return lambda wildcards: self.settings(
            kind,
            sources(wildcards) if sources else (),
            tables,
            **names,
            **dict(wildcards.items()),
        )

    @cached_property
    def source_states(self) -> SourceStates:
        """States of what the study reads, each looked up once."""
        return SourceStates()

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
