"""Content security policy of the pages of the site: no network, no foreign script."""

import base64
import hashlib
import re
from pathlib import Path

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_CHARSET = re.compile(r"<meta charset=[^>]*>")


def add_policies(site: Path) -> None:
    """Give every page of a built site its policy."""
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(with_policy(html), encoding="utf-8")


def with_policy(html: str) -> str:
    """A page that runs its own scripts alone and asks nobody but its own folder."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(html)}"/>'
    return _CHARSET.sub(lambda found: f"{found[0]}\n{meta}", html, count=1)


def policy(html: str) -> str:
    """Policy of a page; scripts that stand in it are known by their hashes."""
    own = sorted({f"'sha256-{_digest(text)}'" for text in _INLINE.findall(html)})
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *own]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
