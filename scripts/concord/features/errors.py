"""Errors of a region that cannot be measured, and their texts in tables."""

from ..errors import GridMismatchError, StudyError


class UnusableRegion(StudyError):
    """A region that no feature can be computed from; `code` names the kind."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def empty_mask() -> UnusableRegion:
    """The error of a mask of nothing: a reader who found nothing, or no consensus."""
    return UnusableRegion(
        "empty_mask", "the mask holds no voxel, so there is nothing to measure"
    )


def coded(error: Exception) -> tuple[str, str]:
    """Code and reason of what kept a region from being measured."""
    if isinstance(error, UnusableRegion):
        return error.code, str(error)
    if isinstance(error, GridMismatchError):
        return "grid_mismatch", str(error)
    return "failed", f"{type(error).__name__}: {error}"
