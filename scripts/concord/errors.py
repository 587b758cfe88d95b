"""Errors that a user of the study can repair."""


class StudyError(ValueError):
    """What is wrong, the value seen, what was expected, and what to do."""


class ConfigError(StudyError):
    """The configuration or a sheet is not valid; lists every fault at once."""


class TableError(StudyError):
    """A table lacks a column, has an extra one, or holds values out of range."""


class GridMismatchError(StudyError):
    """Two volumes that must share one voxel grid do not."""


class FitError(StudyError):
    """A model or a harmonization could not be fitted to the rows it was given."""


class IngestFault(StudyError):
    """One image or mask cannot be used; `code` names the kind of fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
