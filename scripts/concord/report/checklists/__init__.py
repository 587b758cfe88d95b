"""Reporting checklists, filled from the facts of a study; no score is claimed.

- `facts`: facts of a study that pointers of checklists lead to: tables, documents,
  settings
- `filling`: filling of a checklist from the facts of a study; nothing is counted as a
  score
- `items`: items of the shipped checklists: number, own short wording, status and
  pointers
- `pages`: pages of a filled checklist: HTML that loads nothing, and Markdown
- `section`: section of the report on the checklists: how many items are filled; no
  score
- `settings`: settings of the rule that fills the checklists and writes the data card
"""
