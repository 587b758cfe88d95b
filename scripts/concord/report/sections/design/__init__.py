"""Design of the study: what goes with the group, and what repeats an outcome.

- `confounding`: outcome and group: the panel, the warnings, and what no value can tell
- `duplicates`: features and covariates that say the same as another one
- `giveaways`: questions about what is too good to be true
- `nesting`: factors that differ between groups, as a table and as warnings
- `spellings`: labels that are spelt in several ways, or look alike
"""

from ....lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "confounding": [
            "confounding_sentence",
            "confounding_tables",
            "confounding_warnings",
            "separated_warnings",
            "withheld",
        ],
        "giveaways": ["giveaway_table", "giveaway_warnings", "too_good_warnings"],
        "nesting": ["nesting_table", "nesting_warnings"],
        "spellings": ["spelling_table"],
    },
)
