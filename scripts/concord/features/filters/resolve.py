"""From a filter of the configuration to its response maps."""

import re
from collections.abc import Callable, Iterable
from itertools import product

from ...errors import ConfigError
from ..settings.filters import FilterSection
from .base import Filter, number_text
from .fourier import RieszLog, RieszSimoncelli, Simoncelli
from .gabor import Gabor
from .local import LaplacianOfGaussian, Laws, Mean
from .wavelets import DISTINCT_SUBBANDS, SUBBANDS, Wavelet

#: The name that columns of the unfiltered image carry.
UNFILTERED = "original"


def resolve(section: FilterSection, name: str) -> tuple[Filter, ...]:
    """The response maps of one filter of the configuration, in a fixed order.

    Parameters
    ----------
    section : FilterSection
        The section `recipes.<recipe>.filters.<name>`.
    name : str
        Key of the section. The name of a response begins with it; what differs between
        the responses follows: `wavelet-HHL`, `log-sigma-2p5mm`, `laws-L5E5E5-energy7`.

    Raises
    ------
    ConfigError
        If the name cannot stand in a column.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name == UNFILTERED:
        raise ConfigError(
            f"filters.{name}: a filter's name must be a letter followed by letters, "
            f"digits or '_', and not {UNFILTERED!r}, which is the unfiltered image. "
            "Rename it."
        )
    # Builders read `x or ()` for types alone: a section has what its kind needs.
    return tuple(_BUILDERS[section.kind](section, name))


def resolve_all(sections: Iterable[FilterSection]) -> list[Filter]:
    """The response maps of filters whose names do not matter."""
    return [one for section in sections for one in resolve(section, "filter")]


def _mean(section: FilterSection, name: str) -> list[Filter]:
    boundary = section.boundary
    return [
        Mean(name=f"{name}-{support}", boundary=boundary, support_voxels=support)
        for support in section.support_voxels or ()
    ]


def _log(section: FilterSection, name: str) -> list[Filter]:
    return [
        LaplacianOfGaussian(
            name=f"{name}-{_millimetres('sigma', sigma)}",
            boundary=section.boundary,
            sigma_mm=float(sigma),
            truncate=float(section.truncate),
        )
        for sigma in section.sigma_mm or ()
    ]


def _laws(section: FilterSection, name: str) -> list[Filter]:
    distance = section.energy_distance_voxels
    energy = "" if distance is None else f"-energy{distance}"
    return [
        Laws(
            name=f"{name}-{kernels}{energy}",
            boundary=section.boundary,
            kernels=kernels,
            rotation_invariant=section.rotation_invariant,
            pooling=section.pooling,
            energy_distance_voxels=distance,
        )
        for kernels in section.kernels or ()
    ]


def _gabor(section: FilterSection, name: str) -> list[Filter]:
    turned = section.rotation_invariant
    thetas: list[float | None] = [None] if turned else [*(section.theta_degrees or ())]
    return [
        Gabor(
            name="-".join(_gabor_parts(name, sigma, wavelength, theta)),
            boundary=section.boundary,
            sigma_mm=float(sigma),
            wavelength_mm=float(wavelength),
            aspect_ratio=float(section.aspect_ratio),
            theta_degrees=None if theta is None else float(theta),
            theta_step_degrees=float(section.theta_step_degrees) if turned else None,
            pooling=section.pooling,
            planes=section.planes,
        )
        for sigma, wavelength, theta in product(
            section.sigma_mm or (), section.wavelength_mm or (), thetas
        )
    ]


def _gabor_parts(
    name: str, sigma: float, wavelength: float, theta: float | None
) -> list[str]:
    scales = [_millimetres("sigma", sigma), _millimetres("wavelength", wavelength)]
    direction = [] if theta is None else [f"theta-{number_text(theta)}"]
    return [name, *scales, *direction]


def _wavelet(section: FilterSection, name: str) -> list[Filter]:
    turned = section.rotation_invariant
    every = DISTINCT_SUBBANDS if turned else SUBBANDS
    return [
        Wavelet(
            name=f"{name}-{subband}" + (f"-level{level}" if level > 1 else ""),
            boundary=section.boundary,
            wavelet=str(section.wavelet),
            subband=subband,
            level=level,
            rotation_invariant=turned,
            pooling=section.pooling,
        )
        for level, subband in product(section.levels, section.subbands or every)
    ]


def _simoncelli(section: FilterSection, name: str) -> list[Filter]:
    boundary = section.boundary
    return [
        Simoncelli(name=f"{name}-{level}", boundary=boundary, level=level)
        for level in section.levels
    ]


def _riesz_log(section: FilterSection, name: str) -> list[Filter]:
    return [
        RieszLog(
            name=f"{name}-{_millimetres('sigma', sigma)}-{_order_text(order)}",
            boundary=section.boundary,
            sigma_mm=float(sigma),
            truncate=float(section.truncate),
            order=order,
        )
        for sigma, order in product(section.sigma_mm or (), section.orders or ())
    ]


def _riesz_simoncelli(section: FilterSection, name: str) -> list[Filter]:
    return [
        RieszSimoncelli(
            name=f"{name}-{level}-{_order_text(order)}",
            boundary=section.boundary,
            level=level,
            order=order,
        )
        for level, order in product(section.levels, section.orders or ())
    ]


def _millimetres(what: str, value: float) -> str:
    return f"{what}-{number_text(value)}mm"


def _order_text(order: tuple[int, int, int]) -> str:
    return "order-" + "".join(str(number) for number in order)


_BUILDERS: dict[str, Callable[[FilterSection, str], list[Filter]]] = {
    Mean.kind: _mean,
    LaplacianOfGaussian.kind: _log,
    Laws.kind: _laws,
    Gabor.kind: _gabor,
    Wavelet.kind: _wavelet,
    Simoncelli.kind: _simoncelli,
    RieszLog.kind: _riesz_log,
    RieszSimoncelli.kind: _riesz_simoncelli,
}
