"""The error of a region that cannot be measured."""

from ..errors import StudyError


class UnusableRegion(StudyError):
    """A region that no feature can be computed from; `code` names the kind."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
