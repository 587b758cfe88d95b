"""Warning if the study's ComBat departs from neuroCombat."""

from collections.abc import Iterator

from ...figures import labels
from ...harmonization.settings import ACCEPTED_DIFFERENCE_SD
from .. import numbers as n
from ..results import Results


def combat_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text if a harmonized value differs by more than rounding explains."""
    checked = results["combat_crosscheck"]
    beyond = checked[checked["largest_difference"] > ACCEPTED_DIFFERENCE_SD]
    if beyond.empty:
        return
    worst = beyond.sort_values("largest_difference").iloc[-1]
    named = worst.get("feature")
    feature = f", feature {named}" if isinstance(named, str) else ""
    images = n.listed(sorted(set(beyond["image"])))
    yield (
        "ComBat departs from neuroCombat",
        f"{n.share(len(beyond), len(checked))} comparisons differ by more than "
        f"{ACCEPTED_DIFFERENCE_SD:.0e} SD ({images}); the largest difference is "
        f"{worst['largest_difference']:.1e} SD (image {worst['image']}, "
        f"{labels.SCHEMES.get(worst['scheme'], worst['scheme'])}, repeat "
        f"{worst['repeat']}, fold {worst['fold']}{feature}). Harmonized values of "
        "these images are not confirmed by a second implementation.",
    )
