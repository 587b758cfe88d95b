"""One module per figure of the paper.

- `agreement`: figure: how well readers agree, by site
- `agreement_matrix`: figure: agreement of each reader with each other one, as a matrix
- `agreement_volumes`: figure: volumes by two readers, and agreement against volume
- `associations`: figure: what harmonization did to associations and repeatability
- `batch_estimates`: figure: what ComBat learns of each batch, its priors, and how it
  varies
- `components`: figure: principal components of held-out rows, by batch and by outcome
- `feature_maps`: figure: where in a region a feature has which value
- `gallery`: figure: the cases in which readers agree worst, with their outlines
- `kaplan_meier`: figure: survival of the risk groups that the headline arm predicts
- `labels`: readable names of features, families, metrics, stages and arms
- `performance`: figure: discrimination of all arms, with intervals, null band and
  chance
- `prediction_agreement`: figure: how far the risk of a subject moves when another
  reader draws
- `protocol`: figure: how far each site's images conform to the protocol
- `reader_pairs`: what the figures on readers share: which pairs are drawn, and how
- `roc`: figure: receiver operating characteristic of the arms of a binary endpoint
- `selection`: figure: which features the headline arm selects, and with what sign
- `settings`: settings of the figures
- `site_effect`: figure: what harmonization leaves of the site effect
- `stability`: figure: how far features repeat, by family
- `style`: how all figures look, and how they are written
- `summaries`: small summaries of result tables that figures and report share
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "labels": ["AXES", "HARMONIZERS", "SCHEMES", "arm_order", "family_order"],
        "settings": ["FiguresSection"],
        "style": ["Looks", "save"],
        "summaries": ["TOP", "groups", "main_recipes", "most_selected", "null_band"],
    },
)
