"""Flags of subjects whom a frozen model is applied to, and how grave they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from .settings import RED, Flag

Severity = Literal["red", "amber"]
SCORED, NOT_APPLICABLE, NOT_SCORED = "scored", "not applicable", "not scored"
NO_DEVICE = (
    "Result of a research study. The software is no medical device, and no decision "
    "on a patient may rest on this result."
)
_MOST_TOLD = 3


class Tolerance(Protocol):
    """Interface of what says which flags are accepted or refused."""

    @property
    def accept_flags(self) -> list[Flag]: ...

    @property
    def refuse_flags(self) -> list[Flag]: ...


class Kind(NamedTuple):
    """Meaning of a flag, and how often chance raises it."""

    words: str
    chance: str


#: Every flag in words, in the order of tables and report.
FLAGS: dict[Flag, Kind] = {
    "missing_image": Kind(
        "an image or region that the model needs has no features", ""
    ),
    "tiny_region": Kind("a region smaller than any in development", ""),
    "out_of_range": Kind(
        "a predictor outside its range in development",
        "about 2k/(n + 1) of patients like those of development, of k predictors and n "
        "subjects, without a margin",
    ),
    "distance": Kind(
        "predictors that are each possible, and together unlike those of development",
        "about 1 % of patients like those of development",
    ),
    "unknown_batch": Kind("a batch whose effect the model has not learnt", ""),
    "unknown_scanner": Kind("a scanner that was not in development", ""),
    "unknown_kernel": Kind(
        "a kernel or other fact of the image that was not in development", ""
    ),
    "protocol_departure": Kind("an image that departs from the model's protocol", ""),
    "reader_kind": Kind("regions by another kind of reader than in development", ""),
    "adapted": Kind(
        "a score that depends on other patients, who adapted the batch", ""
    ),
}


@dataclass(frozen=True)
class Raised:
    """One flag of one subject: where, the value seen and the value expected."""

    flag: Flag
    item: str
    seen: str
    expected: str
    mild: bool = False

    @property
    def severity(self) -> Severity:
        """Red if it voids the score by itself, else amber."""
        return "red" if self.flag in RED and not self.mild else "amber"

    def voids(self, tolerance: Tolerance) -> bool:
        """True if the score does not apply because of this flag."""
        if self.flag in tolerance.refuse_flags:
            return True
        return self.severity == "red" and self.flag not in tolerance.accept_flags

    @property
    def words(self) -> str:
        """The flag in a sentence without a full stop."""
        return (
            f"{FLAGS[self.flag].words} ({self.item}: {self.seen}; expected "
            f"{self.expected})"
        )


class Verdict(NamedTuple):
    """Status of a score, and the reason unless it is told."""

    status: str
    reason: str | None


def verdict(
    reason: str | None, raised: Sequence[Raised], tolerance: Tolerance
) -> Verdict:
    """Status of a subject.

    Parameters
    ----------
    reason : str or None
        Why there is no score; None if there is one.
    raised : sequence of Raised
        Flags of the subject.
    tolerance : ApplyModel
        Which flags are accepted or refused.
    """
    voiding = [one for one in raised if one.voids(tolerance)]
    told = "; ".join(f"{one.flag}: {one.words}" for one in voiding[:_MOST_TOLD])
    more = len(voiding) - _MOST_TOLD
    told += f"; and {more} more" if more > 0 else ""
    if reason is not None:
        return Verdict(NOT_SCORED, f"{reason}; {told}" if told else reason)
    if voiding:
        return Verdict(NOT_APPLICABLE, told)
    return Verdict(SCORED, None)


def named(raised: Iterable[Raised], severity: Severity) -> str | None:
    """Names of the flags of a severity, each once, separated by blanks, or None."""
    found = {one.flag for one in raised if one.severity == severity}
    return " ".join(name for name in FLAGS if name in found) or None


def shown(value: float, unit: str = "") -> str:
    """A number with its unit, to six digits."""
    return f"{value:.6g} {unit}".rstrip() if unit not in ("", "1") else f"{value:.6g}"
