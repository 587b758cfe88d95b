"""Features that another tool computed, imported as they are.

- `batches`: batch variables that come with a table of features or with the subjects
  sheet
- `cells`: cells of a feature table as numbers: what is missing, and what is no number
- `checks`: faults of a table of features that another tool computed
- `dictionary`: dictionary of features that another tool computed: what their file
  declares
- `importing`: a table of features that another tool computed, as a feature matrix
- `naming`: features that other tools computed: their columns as names of this project
- `settings`: the section `feature_table`: a study that starts from computed features
- `sources`: files that a table of features was read from
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "batches": ["batch_facts"],
        "dictionary": ["describe_columns"],
        "importing": ["import_features", "site_of_subjects"],
        "naming": ["chosen_columns", "collisions", "matrix_columns"],
        "settings": [
            "FeatureColumns",
            "FeatureTableSection",
            "ImportFeatures",
            "TableFile",
        ],
    },
)
