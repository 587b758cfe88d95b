"""Estimate of whether a secret was drawn at random or thought up.

No test proves randomness. These refuse what a person types: one sign again and again,
counting, a block that is repeated, digits alone, words.
"""

import math
import re
import string
from collections.abc import Callable
from itertools import pairwise

#: Bits that a secret must have by its length and its alphabet: nobody tries them all.
LEAST_BITS = 128
#: Share of pairs of neighbours that are letters, the second a small one or both capital
#: ones, above which a text is of words. Of random base64 a third are such pairs.
_OF_WORDS = 0.65
#: Share of neighbours that differ by one at most; of random hex digits it is a fifth.
_OF_COUNTING = 0.5
#: Share of triples of signs that are there once only; of random hex digits nearly all.
_OF_REPEATS = 0.7

_HEX = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
_PRINTABLE = frozenset(string.printable.encode())
_SMALL, _CAPITAL = string.ascii_lowercase.encode(), string.ascii_uppercase.encode()
_LETTERS = _SMALL + _CAPITAL


def weakness(secret: bytes) -> str:
    """Reason why a secret can be guessed; empty if none is seen.

    Parameters
    ----------
    secret : bytes
        At least three bytes, without white space at its ends.
    """
    bits = len(secret) * math.log2(_alphabet(secret))
    if bits < LEAST_BITS:
        return f"it has at most {bits:.0f} bits, expected {LEAST_BITS} or more"
    triples = [secret[place : place + 3] for place in range(len(secret) - 2)]
    if len(set(triples)) < _OF_REPEATS * len(triples):
        return "it repeats itself"
    if _share(secret, _are_counted) > _OF_COUNTING:
        return "it counts"
    if _PRINTABLE.issuperset(secret):
        if not any(sign in _LETTERS for sign in secret):
            return "it holds no letter, as a number or a date"
        is_of_words = max(_share(secret, are) for are in _OF_A_WORD) > _OF_WORDS
        if is_of_words or len(secret.split()) > 1:
            return "it is made of words"
    return ""


def _alphabet(secret: bytes) -> int:
    """Number of signs that a generator of such secrets draws from."""
    if secret.isdigit():
        return 10
    if _HEX.fullmatch(secret):
        return 16
    return 64 if _PRINTABLE.issuperset(secret) else 256


def _share(secret: bytes, holds: Callable[[int, int], bool]) -> float:
    """Share of the pairs of neighbours of which something holds."""
    found = [holds(*pair) for pair in pairwise(secret)]
    return sum(found) / len(found)


def _are_counted(first: int, second: int) -> bool:
    return abs(first - second) <= 1


def _ends_small(first: int, second: int) -> bool:
    return first in _LETTERS and second in _SMALL


def _are_capital(first: int, second: int) -> bool:
    return first in _CAPITAL and second in _CAPITAL


_OF_A_WORD = (_ends_small, _are_capital)
