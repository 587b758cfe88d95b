"""The demo study: simulated DICOM with known truth.

- `cohort`: simulated subjects: covariates, lesions and outcomes that follow from them
- `dicom`: simulated scans as DICOM series, one file per slice
- `draws`: random numbers in equal shares from a distribution
- `encoding`: DICOM files in explicit little endian, encoded element by element
- `enhanced`: a simulated CT as one enhanced multi-frame file
- `extras`: planted outcomes beside the tumour's: other deaths, and a treatment by
  receptor
- `feature_tables`: tables of a simulated study that starts from features: subjects, and
  their features
- `layout`: where the files of a simulated site are
- `lesion`: a lesion whose surface is a formula, and segmentations of it by readers
- `phantom`: scans of a simulated trunk: a body in air, fat, muscle, a bone and a lesion
- `planted`: settings of what a simulated study may have planted in its outcomes and its
  scans
- `roles`: names that a study has for what was planted in its outcomes
- `rtstruct`: segmentations of a lesion as DICOM RTSTRUCT: one file per reader and
  series
- `segmentation`: segmentations of a lesion as DICOM SEG: one file per reader and series
- `settings`: the section `simulation`: the demo study, whose truth is known
- `sheets`: the three sheets of the demo study, as a user would write them
- `site`: all DICOM files of one simulated site
- `site_settings`: settings of one simulated site: its size, its scanner and its risk
- `texture`: gaussian random fields that can be evaluated anywhere
- `tracer`: the injected tracer, and how activity and uptake belong together
- `recovery/`: comparison of a simulated study with what was planted in it
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "settings": [
            "RecoverTruth",
            "SimulateSite",
            "SimulationSection",
            "SiteSimulation",
        ],
        "sheets": ["write_sheets"],
        "site": ["write_site"],
    },
)
