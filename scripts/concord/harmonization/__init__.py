"""Removal of batch effects from features, learnt on development rows only.

- `confounding_settings`: settings of what is asked about the design of a study
- `neurocombat_check`: ComBat of every fold beside the package neuroCombat, on
  development rows
- `settings`: settings of harmonization, and of the rules that judge and check it
- `diagnostics/`: diagnostics of batch effects, before and after harmonization
- `estimators/`: harmonizers as estimators: fitted to development rows, applied to
  others
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "confounding_settings": [
            "CheckDesign",
            "ConfoundingSection",
            "DesignLimits",
            "FindGiveaways",
        ],
        "neurocombat_check": ["cross_check"],
        "settings": [
            "ArmHarmonization",
            "BaselineImages",
            "BatchModel",
            "CrossCheckCombat",
            "Harmonization",
            "HarmonizationDiagnostics",
            "HarmonizationSection",
            "HarmonizerKind",
            "HeldOutHarmonization",
            "SiteEffect",
        ],
    },
)
