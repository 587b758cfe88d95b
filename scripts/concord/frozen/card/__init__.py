"""Model card of a frozen model.

- `facts`: facts of a model card, collected from the document alone
- `limits`: limits of a frozen model that follow from the facts of its document
- `markdown`: model card as Markdown
"""
