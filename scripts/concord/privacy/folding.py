"""Texts in forms in which spellings of one name are equal, and their words.

Müller, Mueller, Muller and MUELLER are one name; so are André and Andre, and Groß and
GROSS. Letters of all scripts stay letters: nothing is folded to ASCII.
"""

import re
import unicodedata

_OTHER_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
#: Umlauts as they are written where there are none.
_TRANSCRIPTIONS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
#: A vowel that may stand for an umlaut.
_TRANSCRIBED = re.compile(r"([aou])e")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_RUNS = re.compile(r"[^\W_]+")
#: Where a word begins within another: janeDoe, JSmith.
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")


def mended(text: str) -> str:
    """A text as it was meant, if it was UTF-8 and was read as another set."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def folded(text: str) -> str:
    """A text in lower case, without accents, with ASCII digits; ü becomes u."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_OTHER_LETTERS)
    kept = "".join(c for c in plain if not unicodedata.category(c).startswith("M"))
    return "".join(_ascii_digit(c) for c in unicodedata.normalize("NFC", kept))


def transcribed(text: str) -> str:
    """A folded text in which umlauts were written out: ü becomes ue."""
    whole = unicodedata.normalize("NFC", text.casefold())
    return folded(whole.translate(_TRANSCRIPTIONS))


def without_transcriptions(text: str) -> str:
    """A folded text in which ue becomes u, and so on, whatever it stands for."""
    return _TRANSCRIBED.sub(r"\1", text)


def _ascii_digit(character: str) -> str:
    number = unicodedata.decimal(character, None)
    return character if number is None else str(number)


def letter_runs(text: str) -> list[str]:
    """Runs of letters of a folded text."""
    return _LETTERS.findall(text)


def digit_runs(text: str) -> list[str]:
    """Runs of digits of a folded text."""
    return _DIGITS.findall(text)


def runs(text: str) -> list[str]:
    """Runs of letters and digits of a folded text."""
    return _RUNS.findall(text)


def humps_apart(text: str) -> str:
    """A text, not yet folded, with blanks where capitals begin words: J Smith."""
    return _HUMP.sub(" ", unicodedata.normalize("NFKC", text))


def is_alphabetic(word: str) -> bool:
    """True if a word is of an alphabet with capitals, such as Latin or Cyrillic.

    Others, such as Chinese, write a name in one or two characters.
    """
    return any(unicodedata.category(c) in ("Ll", "Lu", "Lt") for c in word)
