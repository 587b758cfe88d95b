"""Methods of endpoints with strata or a horizon, and of the sample size."""

from collections.abc import Iterator

from ...methods_clauses import clauses
from .. import numbers as n
from ..results import Results

_OPTIONS = ("strata", "horizon_days")


def endpoint_paragraph(results: Results) -> str:
    """Definition of endpoints with options, and the sample size that was asked for.

    Empty if there is nothing to say.
    """
    asked = [] if results.judges_given else _sample_size(results)
    return " ".join([*_options(results), *asked])


def _options(results: Results) -> Iterator[str]:
    for name in results.endpoints:
        section = results.settings.endpoints[name]
        found = clauses(section, results.printed_names)
        own = [found[key] for key in _OPTIONS if key in found]
        if own:
            yield f"“{results.endpoint_label(name)}”: {'; '.join(own)}."


def _sample_size(results: Results) -> Iterator[str]:
    assumptions = sorted(set(results["sample_size"]["assumption"].dropna()))
    if assumptions:
        yield (
            "The number of subjects was compared with the criteria of Riley et al. "
            "(doi:10.1002/sim.7992, doi:10.1136/bmj.m441) for all candidate parameters "
            f"of each arm, with an expected R\N{SUPERSCRIPT TWO} (Cox-Snell) of "
            f"{n.listed(assumptions)}."
        )
