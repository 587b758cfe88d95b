"""Standardized uptake values of PET, and what they need of the header.

- `body`: body measures that standardize uptake: mass in g or surface in cm2
- `decay`: decay of the tracer up to the time that a PET is corrected to
- `header`: facts of a PET header: one value for all slices, or a fault that names it
- `injection`: the time of the injection: by its date and time, by its clock time, or by
  both
- `nuclides`: radionuclides of PET: their codes and half-lives
- `suv`: standardized uptake values of PET: what turns stored values into SUV
- `times`: times of a PET scan: of the decay correction, and of each slice
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "header": ["private_text"],
        "suv": ["Suv", "range_notes", "require_wanted", "standardized"],
    },
)
