"""Search of a text for words of a person, in whatever spelling."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from . import dates_in_texts, folding
from .common_words import BEFORE_NAMES, COMMON_WORDS

#: Shorter numbers of patients are those of sessions and structures, too; in what a
#: draft takes from a folder, only single digits are.
LEAST_DIGITS, LEAST_IN_DRAFTS = 4, 2
#: Longer words are looked for anywhere: names are often run together.
RUN_TOGETHER, _LONG_NUMBER, _LONG_ID = 4, 5, 6
#: Short words beside fewer digits than this are a code: Br40d.
_CODE_DIGITS = 4
_SPELLINGS = (folding.folded, folding.transcribed)
#: Names that are run together are not longer.
_LONGEST_RUN = 64


def holds(
    text: str,
    identifying: Iterable[str],
    least_digits: int = LEAST_DIGITS,
    has_codes: bool = True,
) -> bool:
    """True if a text holds an identifying word, in whatever spelling.

    Words of up to three letters count only as whole words, also where they are run
    together with each other or with initials; longer ones anywhere but within common
    words, because names are often run together. Numbers are compared without leading
    zeros. Dates are found in all forms in which people write them.

    Parameters
    ----------
    identifying : iterable of str
        Words of `identifying_words` or `naming_words`.
    least_digits : int
        Numbers with fewer digits, leading zeros apart, say nothing; with
        `LEAST_IN_DRAFTS` they do if the text is nothing else.
    has_codes : bool
        Texts of scanners have codes: two letters beside a few digits, such as Br40d,
        are then no name. What people call something has none.
    """
    return bool(text) and _holds(
        folding.mended(text), frozenset(identifying), least_digits, has_codes
    )


@lru_cache(maxsize=4096)
def _holds(
    text: str, identifying: frozenset[str], least_digits: int, has_codes: bool
) -> bool:
    names = {word for word in identifying if word.isalpha()}
    folded = folding.folded(text)
    return _holds_name(text, names, has_codes) or any(
        _holds_number(folded, word, least_digits) for word in identifying - names
    )


def names_by_title(text: str) -> bool:
    """True if a text names somebody by a title, such as ``dr_Smith``."""
    found = folding.letter_runs(folding.folded(folding.humps_apart(text)))
    return len(found) > 1 and found[0] in BEFORE_NAMES


def _holds_name(text: str, names: set[str], has_codes: bool) -> bool:
    if not names:
        return False
    apart = folding.humps_apart(text)
    forms = {spelt(one) for spelt in _SPELLINGS for one in (text, apart)}
    if any(_is_named_in(form, names, has_codes) for form in forms):
        return True
    # Short names are not looked for where ue might be the vowels of two syllables.
    long = {name for name in names if len(name) >= RUN_TOGETHER}
    plain = folding.without_transcriptions(folding.folded(text))
    return _is_named_in(plain, long, has_codes)


def _is_named_in(folded: str, names: set[str], has_codes: bool) -> bool:
    """True if a folded text holds a name, as a word or run together with others."""
    whole = {name for name in names if not _is_initial(name)}
    letters = _words_beside_codes if has_codes else folding.letter_runs
    runs = list(letters(folded))
    found = {*runs, *_neighbours(runs, least=RUN_TOGETHER)}
    if not whole.isdisjoint(found):
        return True
    long = [name for name in whole if len(name) >= _shortest_run_together(name)]
    initials = {name[0] for name in names}
    return any(
        any(name in run for name in long) or _is_made_of(run, whole, initials)
        for run in runs
        if run not in COMMON_WORDS
    )


def _is_initial(name: str) -> bool:
    return len(name) == 1 and folding.is_alphabetic(name)


def _shortest_run_together(name: str) -> int:
    return RUN_TOGETHER if folding.is_alphabetic(name) else 2


def _words_beside_codes(folded: str) -> Iterator[str]:
    """Words of a text; short ones beside a few digits are codes, such as Br40d."""
    for run in folding.runs(folded):
        digits = sum(map(len, folding.digit_runs(run)))
        is_code = 0 < digits < _CODE_DIGITS
        for word in folding.letter_runs(run):
            if len(word) > 2 or not is_code:
                yield word


def _is_made_of(run: str, names: set[str], initials: set[str]) -> bool:
    """True if a run of letters is names alone, one after the other, and initials.

    An initial is that of another name: a name with its own first letter is a word.
    """
    if len(run) > _LONGEST_RUN:
        return False
    initials = initials - {name[0] for name in names if name in run}
    # At each place, the letters before it are names and initials: is one a name?
    reached: list[set[bool]] = [set() for _ in range(len(run) + 1)]
    reached[0].add(False)
    for place, named in enumerate(reached[:-1]):
        if named and run[place] in initials:
            reached[place + 1] |= named
        for name in names if named else ():
            if run.startswith(name, place):
                reached[place + len(name)].add(True)
    return True in reached[-1]


def _holds_number(folded: str, word: str, least_digits: int) -> bool:
    if dates_in_texts.is_date(word) and word in dates_in_texts.dates_in(folded):
        return True
    runs = folding.runs(folded)
    is_draft = least_digits == LEAST_IN_DRAFTS
    if not word.isdigit():
        if len(word) < least_digits:
            return is_draft and runs == [word]
        joined = "".join(runs)
        return word in _neighbours(runs) or (len(word) >= _LONG_ID and word in joined)
    wanted = word.lstrip("0")
    if len(wanted) < least_digits:
        return is_draft and runs == [word]
    found = [*folding.digit_runs(folded), *filter(str.isdigit, _neighbours(runs))]
    plain = [run.lstrip("0") for run in found]
    long = len(wanted) >= _LONG_NUMBER
    return wanted in plain or (long and any(wanted in run for run in plain))


def _neighbours(runs: list[str], most: int = 4, least: int = 1) -> set[str]:
    """Runs, and up to four that stand beside each other, as one; short ones not."""
    joined = {
        "".join(runs[start:end])
        for start in range(len(runs))
        for end in range(start + 1, min(start + most, len(runs)) + 1)
    }
    return {one for one in joined if len(one) >= least}
