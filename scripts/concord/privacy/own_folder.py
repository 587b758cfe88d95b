"""Folders of what is executed: nobody but this user can have put anything there.

Compiled code and environments of rules are kept between runs and executed. So they lie
outside of a study, which travels, and only where no other user of the machine writes.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

#: What a message about a folder or file ends with.
_REMEDY = "Remove it, or have it belong to you alone (chmod go-w)"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def user_cache() -> Path:
    """``concord`` in the user's cache folder, by the XDG base directory specification.

    Raises
    ------
    OSError, RuntimeError
        If the user has no home.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        base = Path.home() / ".cache"
    return base / "concord"


def require_own(folder: Path, strict: int = 2) -> None:
    """Create a folder for this user alone, or check one that is there.

    Parameters
    ----------
    folder : Path
        The folder; parents that are missing are created, too.
    strict : int
        Number of the last folders of the path that nobody else may write to, even
        where a folder above keeps all others out.

    Raises
    ------
    PermissionError
        If the folder, or one above it, or anything in it is such that another user can
        write there, or has; with what to do.
    OSError
        If it cannot be created.
    """
    folder = Path(os.path.abspath(folder))
    for one in (*reversed(folder.parents), folder):
        if not os.path.lexists(one):
            one.mkdir(mode=0o700, exist_ok=True)
    own = [folder, *folder.parents][:strict]
    for one in own:
        if not stat.S_ISDIR(one.lstat().st_mode):
            raise PermissionError(f"{one} is a link, expected a folder. {_REMEDY}")
    _require_path(folder, frozenset(own))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written")


def require_own_content(folder: Path) -> None:
    """PermissionError if a file or folder below may be another user's work.

    A link could lead to such a one. Where others cannot enter the folder, what they
    might write in it does not count.
    """
    is_open = bool(folder.stat().st_mode & _OTHERS)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            state = path.lstat()
            if stat.S_ISLNK(state.st_mode):
                raise PermissionError(f"{path} is a link, expected a file. {_REMEDY}")
            if state.st_uid != os.getuid():
                raise PermissionError(_foreign(path, state))
            if is_open and state.st_mode & _OTHERS_WRITE:
                raise PermissionError(_writable(path, state))


def _require_path(folder: Path, own: frozenset[Path]) -> None:
    """Whoever could put another folder in the place of this one is trusted."""
    # Who owns the root of all folders, as root does outside of containers, rules it.
    trusted = {0, os.getuid(), os.stat("/").st_uid}
    is_closed = False
    for one in _steps(folder):
        state = one.lstat()
        if state.st_uid not in ({os.getuid()} if one in own else trusted):
            raise PermissionError(_foreign(one, state))
        if not stat.S_ISDIR(state.st_mode):
            continue
        open_to_all = state.st_mode & _OTHERS_WRITE
        is_sticky = state.st_mode & stat.S_ISVTX and one not in own
        if open_to_all and not is_sticky and (one in own or not is_closed):
            raise PermissionError(_writable(one, state))
        is_closed |= state.st_uid == os.getuid() and not state.st_mode & _OTHERS


def _steps(path: Path) -> Iterator[Path]:
    """Every folder and link that leads to a path, from the root on."""
    at, pending, links = Path(path.anchor), list(path.parts[1:]), 0
    yield at
    while pending:
        part = pending.pop(0)
        at = at.parent if part == ".." else at / part
        yield at
        if at.is_symlink():
            links += 1
            if links > 40:
                raise PermissionError(f"{path} leads through too many links")
            target = Path(os.readlink(at))
            at = Path(target.anchor) if target.is_absolute() else at.parent
            pending = [*target.parts[bool(target.anchor) :], *pending]


def _foreign(path: Path, state: os.stat_result) -> str:
    return (
        f"{path} belongs to user {state.st_uid}, expected {os.getuid()}. Remove it, or "
        "name another folder"
    )


def _writable(path: Path, state: os.stat_result) -> str:
    mode = f"{stat.S_IMODE(state.st_mode):o}"
    return f"{path} has the mode {mode}: others may write to it. {_REMEDY}"
