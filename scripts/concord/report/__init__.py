"""The report: one HTML file whose every number comes from a table.

- `blocks`: blocks that sections of the report are made of
- `closing`: last words of a run on the terminal: who was excluded, why, and where to
  read it
- `external_page`: the external validation alone, as a short HTML page that needs
  nothing else
- `numbers`: numbers as the report prints them; what is missing is said, never hidden
- `page`: the report as one HTML file that needs nothing else
- `pictures`: figures in their places of the report, as their declarations say
- `privacy_sentences`: sentences on the key of the hashes, and on whom headers name
- `rendering`: HTML of a page from its sections
- `results`: the tables that the report is made from
- `settings`: settings of the report
- `template`: the page's HTML and CSS; Python, so that an edit counts as a change of
  code
- `card/`: model card as a page
- `checklists/`: reporting checklists, filled from the facts of a study; no score is
  claimed
- `methods/`: methods paragraphs, drafted from the clauses of the settings and from
  tables
- `registration/`: registered plan of a study, and what departs from it
- `sections/`: sections of the report, one module each
- `sharing/`: manifest, research object and data card, which go along with the results
- `small_cells/`: counts of people below a smallest cell, hidden on a page that is meant
  to leave
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "blocks": ["Banner", "Block", "Items", "Link", "Section", "Table", "Text"],
        "numbers": ["listed_methods", "median_quartiles"],
        "page": ["build"],
        "pictures": ["with_pictures"],
        "results": ["DOCUMENTS", "Results"],
        "settings": ["Report", "ReportSection"],
    },
)
