"""The report: one HTML file whose every number comes from a table.

- `blocks`: what a section of the report is made of
- `methods`: the methods paragraphs, from configuration and tables; no number is typed
- `numbers`: how the report prints numbers; what is missing is said, never hidden
- `page`: the report as one HTML file that needs nothing else
- `pictures`: figures as data URIs, with words for readers who cannot see them
- `results`: the tables that the report is made from
- `settings`: settings of the report
- `template`: the page's HTML and CSS; Python, so that an edit counts as a change of
  code
- `sections/`: sections of the report, one module each
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "blocks": ["Banner", "Block", "Items", "Link", "Section", "Table", "Text"],
        "methods": ["recipe_sentence"],
        "numbers": ["listed_methods", "median_quartiles"],
        "page": ["build"],
        "pictures": ["picture"],
        "results": ["Results"],
        "settings": ["ReportSection"],
    },
)
