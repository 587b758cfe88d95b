"""From a filter of the configuration to its response maps."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

from ...errors import ConfigError
from .base import Filter, number_text
from .fourier import RieszLog, RieszSimoncelli, Simoncelli
from .gabor import Gabor
from .local import LaplacianOfGaussian, Laws, Mean
from .wavelets import DISTINCT_SUBBANDS, SUBBANDS, Wavelet

#: The name that columns of the unfiltered image carry.
UNFILTERED = "original"

Settings = dict[str, Any]


def resolve(settings: Settings, name: str) -> tuple[Filter, ...]:
    """The response maps of one filter of the configuration, in a fixed order.

    Parameters
    ----------
    settings : dict
        The section `recipes.<recipe>.filters.<name>`, all keys present.
    name : str
        Key of the section. The name of a response begins with it; what differs between
        the responses follows: `wavelet-HHL`, `log-sigma-2p5mm`, `laws-L5E5E5-energy7`.

    Raises
    ------
    ConfigError
        If the name cannot stand in a column, or the kind is unknown.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name == UNFILTERED:
        raise ConfigError(
            f"filters.{name}: a filter's name must be a letter followed by letters, "
            f"digits or '_', and not {UNFILTERED!r}, which is the unfiltered image. "
            "Rename it."
        )
    kind = settings["kind"]
    if kind not in _BUILDERS:
        raise ConfigError(
            f"filters.{name}.kind: unknown {kind!r}, known {list(_BUILDERS)}."
        )
    return tuple(_BUILDERS[kind](settings, name))


def _mean(settings: Settings, name: str) -> list[Filter]:
    boundary = settings["boundary"]
    return [
        Mean(name=f"{name}-{support}", boundary=boundary, support_voxels=support)
        for support in settings["support_voxels"]
    ]


def _log(settings: Settings, name: str) -> list[Filter]:
    return [
        LaplacianOfGaussian(
            name=f"{name}-{_millimetres('sigma', sigma)}",
            boundary=settings["boundary"],
            sigma_mm=float(sigma),
            truncate=float(settings["truncate"]),
        )
        for sigma in settings["sigma_mm"]
    ]


def _laws(settings: Settings, name: str) -> list[Filter]:
    distance = settings["energy_distance_voxels"]
    energy = "" if distance is None else f"-energy{distance}"
    return [
        Laws(
            name=f"{name}-{kernels}{energy}",
            boundary=settings["boundary"],
            kernels=kernels,
            rotation_invariant=settings["rotation_invariant"],
            pooling=settings["pooling"],
            energy_distance_voxels=distance,
        )
        for kernels in settings["kernels"]
    ]


def _gabor(settings: Settings, name: str) -> list[Filter]:
    turned = settings["rotation_invariant"]
    thetas = [None] if turned else settings["theta_degrees"]
    return [
        Gabor(
            name="-".join(_gabor_parts(name, sigma, wavelength, theta)),
            boundary=settings["boundary"],
            sigma_mm=float(sigma),
            wavelength_mm=float(wavelength),
            aspect_ratio=float(settings["aspect_ratio"]),
            theta_degrees=None if theta is None else float(theta),
            theta_step_degrees=float(settings["theta_step_degrees"])
            if turned
            else None,
            pooling=settings["pooling"],
            planes=settings["planes"],
        )
        for sigma, wavelength, theta in product(
            settings["sigma_mm"], settings["wavelength_mm"], thetas
        )
    ]


def _gabor_parts(
    name: str, sigma: float, wavelength: float, theta: float | None
) -> list[str]:
    scales = [_millimetres("sigma", sigma), _millimetres("wavelength", wavelength)]
    direction = [] if theta is None else [f"theta-{number_text(theta)}"]
    return [name, *scales, *direction]


def _wavelet(settings: Settings, name: str) -> list[Filter]:
    turned = settings["rotation_invariant"]
    every = DISTINCT_SUBBANDS if turned else SUBBANDS
    return [
        Wavelet(
            name=f"{name}-{subband}" + (f"-level{level}" if level > 1 else ""),
            boundary=settings["boundary"],
            wavelet=settings["wavelet"],
            subband=subband,
            level=level,
            rotation_invariant=turned,
            pooling=settings["pooling"],
        )
        for level, subband in product(settings["levels"], settings["subbands"] or every)
    ]


def _simoncelli(settings: Settings, name: str) -> list[Filter]:
    boundary = settings["boundary"]
    return [
        Simoncelli(name=f"{name}-{level}", boundary=boundary, level=level)
        for level in settings["levels"]
    ]


def _riesz_log(settings: Settings, name: str) -> list[Filter]:
    return [
        RieszLog(
            name=f"{name}-{_millimetres('sigma', sigma)}-{_order_text(order)}",
            boundary=settings["boundary"],
            sigma_mm=float(sigma),
            truncate=float(settings["truncate"]),
            order=tuple(order),
        )
        for sigma, order in product(settings["sigma_mm"], settings["orders"])
    ]


def _riesz_simoncelli(settings: Settings, name: str) -> list[Filter]:
    return [
        RieszSimoncelli(
            name=f"{name}-{level}-{_order_text(order)}",
            boundary=settings["boundary"],
            level=level,
            order=tuple(order),
        )
        for level, order in product(settings["levels"], settings["orders"])
    ]


def _millimetres(what: str, value: float) -> str:
    return f"{what}-{number_text(value)}mm"


def _order_text(order: tuple[int, int, int]) -> str:
    return "order-" + "".join(str(number) for number in order)


_BUILDERS: dict[str, Callable[[Settings, str], list[Filter]]] = {
    Mean.kind: _mean,
    LaplacianOfGaussian.kind: _log,
    Laws.kind: _laws,
    Gabor.kind: _gabor,
    Wavelet.kind: _wavelet,
    Simoncelli.kind: _simoncelli,
    RieszLog.kind: _riesz_log,
    RieszSimoncelli.kind: _riesz_simoncelli,
}
