"""One module per figure of the paper, and the catalogue that declares all of them.

- `associations`: what harmonization did to associations and repeatability
- `batch_estimates`: what ComBat learns of each batch, its priors, and how it varies
- `catalogue`: catalogue of all figures, in the order of the report
- `components`: principal components of held-out rows, by batch and by outcome
- `declaration`: declaration of a figure: words, needs, and its place in the report
- `drawing`: figures of a job: each is drawn from its tables, as far as the study has
  them
- `feature_maps`: where in a region a feature has which value
- `image_slices`: slices of images with a segmentation on them: window, edges and scale
  bar
- `kaplan_meier`: survival of the risk groups that the headline arm predicts
- `labels`: readable names of features, families, metrics, stages and arms
- `lookup`: figures by their name, and those that a study has
- `performance`: discrimination of all arms, with intervals, null band and chance
- `protocol`: how far each site's images conform to the protocol
- `roc`: receiver operating characteristic of the arms of a binary endpoint
- `selection`: which features the headline arm selects, and with what sign
- `settings`: settings of the figures: their style, and one object for each rule that
  draws
- `site_effect`: what harmonization leaves of the site effect
- `stability`: how far features repeat, by family
- `style`: style of all figures, and how they are written
- `summaries`: small summaries of result tables that figures and report share
- `texts`: texts of figures: drawn letter by letter, whatever stands in them
- `evaluation/`: figures of the evaluation
- `external/`: figures of frozen models at another hospital
- `frozen/`: figures of frozen models
- `models/`: figures on models: tuning, treatment, competing risks, validation
- `readers/`: figures on readers: agreement of segmentations, and of predictions from
  them
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "catalogue": ["CATALOGUE"],
        "declaration": ["FigureDeclaration", "Need"],
        "labels": ["AXES", "SCHEMES", "arm_order", "family_order"],
        "lookup": ["declared", "figure_stems"],
        "settings": ["FigureSettings", "FigureStyle"],
        "style": ["save"],
        "summaries": ["TOP", "groups", "main_recipes", "most_selected", "null_band"],
    },
)
