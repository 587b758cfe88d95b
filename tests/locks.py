"""The locks of what is installed, and the script that makes a bill of one."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = tuple(sorted(path.name for path in ROOT.glob("requirements*.lock")))

_SPEC = importlib.util.spec_from_file_location("sbom", ROOT / "envs" / "sbom.py")
sbom = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(sbom)
pinned = sbom.pinned


def text_of(name):
    """Text of a lock."""
    return (ROOT / name).read_text(encoding="utf-8")
