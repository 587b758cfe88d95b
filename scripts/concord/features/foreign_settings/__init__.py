"""Settings of pyradiomics and MIRP, read into recipes.

- `mirp`: settings of MIRP 2 as recipes: one for each `config`, and for each of its bins
- `mirp_features`: keywords of MIRP on features: families, bins, texture matrices
- `mirp_filters`: keywords of MIRP on filters, and on features of their response maps
- `mirp_image`: keywords of MIRP on the image and its region, before features are
  computed
- `mirp_keys`: keywords of MIRP 2, and the tags of its XML file that stand for them
- `pyradiomics`: parameter files of pyradiomics as recipes
- `pyradiomics_features`: feature classes of pyradiomics as families, and its settings
  of bins and texture
- `pyradiomics_filters`: image types of pyradiomics as filters
- `pyradiomics_image`: settings of pyradiomics on the image and its region, before
  features are computed
- `reading`: the one door in: a settings file of another tool, recognized by what it
  holds
- `translation`: recipes made of the settings of another tool, and a note on each
  setting
- `values`: values of a settings file, checked: each function gives the value or a
  ValueError
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "reading": ["read_settings"],
        "translation": ["ForeignSettings", "Note"],
    },
)
