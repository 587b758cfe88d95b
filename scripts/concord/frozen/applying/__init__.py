"""Application of frozen models to subjects of another study.

- `settings`: the section `model`: a study that applies frozen models and fits none
"""
