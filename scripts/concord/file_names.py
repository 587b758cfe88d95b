"""Names of a study: which of them may be, and the names of files made of them."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]

#: Most characters of a name in a sheet, of a label in the name of a file, and of a name
#: in the configuration: five labels together are a file name of 255 bytes at most.
LONGEST, LONGEST_LABEL, LONGEST_KEY = 100, 32, 40

#: Names that are devices to Windows, whatever follows a dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
#: Signs that part paths, that file systems refuse, or with which Snakemake and shells
#: mark what varies.
_SIGNS = re.compile(r'[/\\:*?"<>|{}]')
#: Controls, formats (such as bidirectional marks), surrogates, private and unassigned
#: characters, separators of lines.
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
#: Letters that are drawn as nothing: fillers of Hangul, an empty cell of Braille.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Marks that turn what follows around, or have no place of their own.
_MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def image_name(row: Row) -> str:
    """BIDS-style name of an image, without ending."""
    subject, session = label(row["subject_id"]), label(row["session"])
    return f"sub-{subject}_ses-{session}_{row['image']}"


def mask_name(row: Row) -> str:
    """BIDS-style name of a mask, without ending."""
    region, reader = label(row["region"]), label(row["reader"])
    return f"{image_name(row)}_label-{region}_desc-{reader}_mask"


def label(identifier: str) -> str:
    """An id as a BIDS label: letters and digits of ASCII only, 32 at most.

    Where letters of other scripts or too long an end go, or nothing is left, eight
    digits of a hash stand for them. Names whose labels are equal are faults of a sheet
    (`shared_labels`).
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", unicodedata.normalize("NFKD", identifier))
    lossless = identifier.isascii() and 0 < len(plain) <= LONGEST_LABEL
    return plain if lossless else plain[: LONGEST_LABEL - 8] + short_hash(identifier)


def folded(text: str) -> str:
    """A text without the marks of its letters: Läsion is Lasion."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))


def short_hash(text: str) -> str:
    """Eight hex digits of a text in composed Unicode."""
    composed = unicodedata.normalize("NFC", text)
    return hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def shared_labels(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different names with one label, also where case does not count."""
    known: dict[str, str] = {}
    pairs = []
    for name in dict.fromkeys(names):
        other = known.setdefault(label(name).lower(), name)
        if other != name:
            pairs.append((other, name))
    return pairs


def name_fault(name: str) -> str:
    """Why a name cannot stand in files and tables, or an empty text.

    Letters and digits of any script, blanks and signs of punctuation may be.
    """
    unseen = next((one for one in name if _is_unseen(one)), None)
    sign = _SIGNS.search(name)
    if unseen is not None:
        return f"holds {told(unseen)}, which cannot be seen"
    if sign:
        return f"holds {sign[0]!r}, which names of files cannot"
    if name and not name[0].isalnum():
        return f"begins with {name[0]!r}, expected a letter or a digit"
    if name.endswith((".", " ")):
        return f"ends with {name[-1]!r}, which Windows drops"
    if is_device(name):
        return "is the name of a device to Windows"
    if len(name) > LONGEST:
        return f"has {len(name)} characters, expected at most {LONGEST}"
    return ""


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in _BLANKS


def is_device(name: str) -> bool:
    """True if Windows takes a name for one of its devices, such as ``aux.txt``."""
    return name.partition(".")[0].strip().casefold() in _DEVICES


def misleading(text: str) -> str:
    """The first character of a text that controls or reorders it, told; or empty.

    Tabs and ends of lines may be.
    """
    found = _MISLEADING.search(text)
    return told(found[0]) if found else ""


def on_one_line(text: str) -> str:
    """A text with escapes in place of what a terminal would obey or hide."""
    signs = re.compile(f"{_MISLEADING.pattern}|[\t\r\n]")
    return signs.sub(lambda found: ascii(found[0])[1:-1], text)


def told(character: str) -> str:
    """A character by its number and, if it has one, its name."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")
