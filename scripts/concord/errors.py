"""Errors that a user of the study can repair."""

from collections.abc import Iterable
from typing import NamedTuple


class StudyError(ValueError):
    """Error that names the value seen, what was expected, and what to do."""


class ConfigError(StudyError):
    """The configuration or a sheet is not valid; lists every fault at once."""


class TableError(StudyError):
    """A table lacks a column, has an extra one, or holds values out of range."""


class GridMismatchError(StudyError):
    """Two volumes that must share one voxel grid do not."""


class FitError(StudyError):
    """A model or a harmonization could not be fitted to the rows it was given."""


class MachineFault(StudyError):
    """The machine failed, which says nothing of the data; the job can be run again."""


class ChangedFileError(StudyError):
    """A file is not what the table or the plan that names it says."""


class Finding(NamedTuple):
    """One fault of an image or mask: its code and what the user needs to know."""

    code: str
    text: str


class IngestFault(StudyError):
    """One image or mask cannot be used.

    Attributes
    ----------
    code : str
        Kind of the first fault; `concord.ingest.faults.codes` lists them.
    findings : tuple of Finding
        Every fault, in the order found.
    """

    def __init__(
        self, code: str, message: str, findings: Iterable[Finding] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.findings = tuple(findings) or (Finding(code, message),)

    def __reduce__(self) -> tuple[type, tuple[str, str, tuple[Finding, ...]]]:
        return type(self), (self.code, str(self), self.findings)
