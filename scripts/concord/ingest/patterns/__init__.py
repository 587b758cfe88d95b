"""Patterns of names: regular expressions that are matched in linear time.

- `automaton`: names matched by a pattern in time that grows with their length alone
- `syntax`: the part of Python's regular expressions that a pattern of names may use
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "automaton": ["LONGEST_NAME", "Pattern", "compiled"],
        "syntax": ["LONGEST_PATTERN", "PatternError"],
    },
)
