"""Application of frozen models to subjects of another study.

- `scoring`: scores of subjects by frozen models
- `settings`: the section `model`: a study that applies frozen models and fits none
"""
