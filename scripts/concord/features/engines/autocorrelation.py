"""Spatial autocorrelation of the intensities of a region: Moran's I and Geary's C.

Both weight every pair of voxels by its inverse distance. The sums over pairs are sums
over the spectrum: the weights have a real one, and that of a region in a twofold
larger box is mostly made of transforms of empty rows, which are left out.
"""

import numpy as np
from scipy import fft


def autocorrelation(
    values: np.ndarray, mask: np.ndarray, spacing_mm: tuple[float, ...]
) -> tuple[float, float]:
    """Moran's I and Geary's C, without unit.

    Parameters
    ----------
    values : ndarray of float, shape (k, j, i)
        Intensities.
    mask : ndarray of bool, shape (k, j, i)
        Region.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).

    Returns
    -------
    tuple of float
        NaN for a region of fewer than two voxels or of one intensity.

    References
    ----------
    Moran PAP. Biometrika 1950;37:17. doi:10.2307/2332142
    Geary RC. The Incorporated Statistician 1954;5:115. doi:10.2307/2986645
    """
    box = _box(mask)
    inside = values[mask].astype(np.float64)
    if inside.size < 2 or inside.min() == inside.max():
        return np.nan, np.nan
    region = mask[box].astype(np.float64)
    deviations = np.zeros(region.shape)
    deviations[mask[box]] = inside - inside.mean()
    products, squares, weights = _pair_sums(region, deviations, spacing_mm)
    variation = np.sum((inside - inside.mean()) ** 2)
    n = inside.size
    moran = n / weights * products / variation
    geary = (n - 1) / (2 * weights) * (2 * squares - 2 * products) / variation
    return float(moran), float(geary)


def _pair_sums(
    region: np.ndarray, deviations: np.ndarray, spacing_mm: tuple[float, ...]
) -> tuple[float, float, float]:
    """Sums over all pairs (p, q) of weight times d_p d_q, d_p squared, and 1."""
    lengths = [_even_fast_length(2 * n - 1) for n in region.shape]
    kernel = _inverse_distance_spectrum(lengths, spacing_mm)
    # The transforms are what takes memory: no more than two are held at once.
    products = _spectral_sum(kernel, lengths, [deviations], [(0, 0)])
    pairs = [(0, 1), (0, 0)]
    both = [region, np.square(deviations, out=deviations)]
    squares, weights = _spectral_sum(kernel, lengths, both, pairs)
    return products[0], squares, weights


def _spectral_sum(
    kernel: np.ndarray,
    lengths: list[int],
    arrays: list[np.ndarray],
    pairs: list[tuple[int, int]],
) -> list[float]:
    """Sums over all pairs of voxels of weight times the product of two arrays."""
    rows = [_transformed_rows(array, lengths) for array in arrays]
    sums = np.zeros(len(pairs))
    for j in range(lengths[1]):
        spectra = [fft.fft(array[:, j], lengths[0], axis=0) for array in rows]
        weight = kernel[:, min(j, lengths[1] - j)]
        weight = np.concatenate([weight, weight[-2:0:-1]])
        powers = [_power(spectra[one], spectra[other]) for one, other in pairs]
        sums += [np.sum(weight * power) for power in powers]
    found: list[float] = (sums / np.prod(lengths)).tolist()
    return found


def _even_fast_length(least: int) -> int:
    length = fft.next_fast_len(least, real=True)
    while length % 2:
        length = fft.next_fast_len(length + 1, real=True)
    return length


def _inverse_distance_spectrum(
    lengths: list[int], spacing_mm: tuple[float, ...]
) -> np.ndarray:
    """Spectrum of 1 / distance (0 at 0) for half of each even length.

    The bins of the last axis that stand for a conjugate too count twice.
    """
    squares = [
        (np.arange(length // 2 + 1) * size) ** 2
        for length, size in zip(lengths, spacing_mm, strict=True)
    ]
    distance = np.sqrt(
        squares[0][:, None, None] + squares[1][:, None] + squares[2], dtype=np.float64
    )
    distance[0, 0, 0] = np.inf
    spectrum = fft.dctn(1 / distance, type=1, overwrite_x=True)
    spectrum[:, :, 1:-1] *= 2
    return spectrum


def _transformed_rows(array: np.ndarray, lengths: list[int]) -> np.ndarray:
    """Transform along the last two axes; the first is left for each column."""
    padded = np.zeros((len(array), lengths[1], lengths[2] // 2 + 1), complex)
    padded[:, : array.shape[1]] = fft.rfft(array, lengths[2], axis=2)
    return fft.fft(padded, axis=1, overwrite_x=True)


def _power(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return first.real * second.real + first.imag * second.imag


def _box(mask: np.ndarray) -> tuple[slice, ...]:
    places = [
        np.flatnonzero(mask.any(axis=others)) for others in ((1, 2), (0, 2), (0, 1))
    ]
    return tuple(slice(p[0], p[-1] + 1) if p.size else slice(0, 0) for p in places)
