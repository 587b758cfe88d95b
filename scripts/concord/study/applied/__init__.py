"""Studies that apply frozen models, whose configuration is made of those.

- `composing`: the configuration of a study that applies frozen models, completed from
  them
- `merging`: merge of what a study says with what its frozen models say
- `needed`: rows of the sheets that frozen models need; the other images are left out
"""
