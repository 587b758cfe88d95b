"""The study as a whole: its configuration, its sheets and their checks.

- `annotation`: configurations with each key explained by the model's own sentence
- `chunks`: chunks of a study: the subjects that the jobs of the workflow handle
  together
- `company`: company of the headline arm: baselines that the configuration left out are
  added
- `composing`: settings of rules, composed from whatever is known of a study
- `config`: the configuration of one study, composed of the settings of all stages
- `consensus`: readers that settings name, and the segmentations that have a consensus
- `documents`: documents made from the configuration's model, so that they cannot drift
  apart
- `feature_table_checks`: faults of a study that starts from a table of features
- `harmonization_checks`: faults in how a study is harmonized
- `images`: images of a study by name: modality of each, what the configuration says of
  them
- `key_faults`: faults of single keys in the words of a configuration, without names of
  classes
- `module_lists`: lists of the modules of each package, made of the first sentences of
  the modules
- `outcome_leakage`: covariates that give an outcome away: refused, with the numbers
  that say why
- `parsing`: the configuration as it is read: every fault of it at once, as one line
  each
- `reading`: the configuration and the sheets of a study, read and checked as a whole
- `rule_page`: page of the rules, read from the text of the workflow's rule files
- `settings`: settings of the study as a whole: what it is, and its three sheets
- `shared_masks`: segmentations that several images of a session share: the column
  `also_for`
- `sheet_consistency`: faults between the sheets: what one has and another lacks
- `sheets`: the three sheets of a study: read as text and checked as a whole
- `study`: the study as the workflow sees it: checked and split into chunks
- `table_page`: page of the kinds of tables: every column with type, unit, range and
  meaning
- `alternatives/`: alternatives of keys: their faults, and the studies that combinations
  make
- `applied/`: studies that apply frozen models, whose configuration is made of those
- `entry/`: entry of what others wrote: names and paths that cannot be are faults
- `given/`: studies of given predictions: what they cannot have, and the models of the
  table
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "consensus": ["segmented_regions"],
        "settings": ["SheetsSection", "StudySection"],
    },
)
