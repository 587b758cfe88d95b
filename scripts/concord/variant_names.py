"""Repeated measurements of one scan: how they are named in a feature matrix.

A variant is measured on the same image under other conditions: disturbed, on another
grid, or with other bins. Its row has the keys of the scan, the session followed by the
axis of variation and the name of the variant.
"""

from collections.abc import Iterable

SIGN = "::"

#: Axes along which one scan is measured again, and the form of ICC that judges each:
#: perturbations are drawn at random, grids and bins are chosen.
FORMS = {
    "perturbation": "ICC(1,1)",
    "resampling": "ICC(A,1)",
    "discretization": "ICC(A,1)",
}


def session_of(session: str, axis: str, name: str) -> str:
    """The session of a variant, such as ``baseline::perturbation::rotate+13``."""
    return SIGN.join((session, axis, name))


def parsed(session: str) -> tuple[str, str, str]:
    """Session, axis and name of a variant; axis and name are empty for a scan."""
    parts = session.split(SIGN)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (session, "", "")


def sessions_along(axis: str, session: str, found: Iterable[str]) -> tuple[str, ...]:
    """The sessions of the variants of a session along one axis, sorted."""
    return tuple(
        sorted(name for name in set(found) if parsed(name)[:2] == (session, axis))
    )
