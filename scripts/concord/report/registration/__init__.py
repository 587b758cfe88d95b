"""Registered plan of a study, and what departs from it.

- `content`: content of a plan: values, hashes of sheets, code, features and folds, and
  words
- `page`: readable page of a registered plan, in Markdown
- `settings`: settings of the rules that register a plan and compare the study with it
- `versions`: versions of a registered plan: each stays as it was written
- `words`: the plan in words: the methods paragraphs that follow from the settings alone
"""
