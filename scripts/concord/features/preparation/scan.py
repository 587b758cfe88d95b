"""A scan and its segmentations, brought to each grid once for all recipes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ...images import Volume
from ..errors import UnusableRegion, empty_mask
from ..recipe.normalization import Normalization
from ..recipe.recipe import Recipe
from .controls import control_random, noise_around
from .grid import Resampled, resampled
from .normalization import normalize

Row = dict[str, Any]


class Scan:
    """An image, read when first needed, and what is made of it for all its masks.

    Parameters
    ----------
    read : callable
        Reads the image.
    digest : str
        Hash of its voxels.
    seed : int, default=0
        Seed of the study, the start of all random numbers.
    """

    def __init__(
        self, read: Callable[[], Volume], digest: str = "", seed: int = 0
    ) -> None:
        self._read, self.digest, self.seed = read, digest, seed
        self._corrected: dict[Normalization, np.ndarray] = {}

    @cached_property
    def volume(self) -> Volume:
        """The voxels and their place."""
        return self._read()

    def normalized(
        self, wanted: Normalization, mask: np.ndarray, reference: np.ndarray | None
    ) -> np.ndarray:
        """The voxels on the scale of a recipe; the bias field is estimated once."""
        image, spacing_mm = self.volume.array, self.volume.spacing_mm
        if not wanted.changes:
            return image
        if wanted.bias_field != "none":
            alone = wanted.of_bias_field()
            if alone not in self._corrected:
                self._corrected[alone] = normalize(image, mask, spacing_mm, alone)
            image, wanted = self._corrected[alone], replace(wanted, bias_field="none")
        return normalize(image, mask, spacing_mm, wanted, reference=reference)


class Segmentation:
    """One mask of a scan, made by one reader or made of others.

    Parameters
    ----------
    scan : Scan
        What was segmented.
    read : callable
        Gives the mask, bool on the grid of the scan.
    keys : dict, optional
        Keys of its row in a feature matrix.
    names : tuple of str
        What its random numbers depend on, besides the seed of the study.
    digest : str
        Hash of its voxels, or of all that they are made of.
    path : str
        Its file, for messages.
    others : mapping, optional
        Segmentations of the same scan and reader by region, itself among them.
    """

    def __init__(
        self,
        scan: Scan,
        read: Callable[[], np.ndarray],
        *,
        keys: Row | None = None,
        names: tuple[str, ...] = (),
        digest: str = "",
        path: str = "",
        others: "Mapping[str, Segmentation] | None" = None,
    ) -> None:
        self.scan, self._read = scan, read
        self.keys, self.names = keys or {}, names
        self.digest, self.path = digest, path
        self.others = {} if others is None else others
        self._known: dict[object, Resampled | UnusableRegion] = {}

    @cached_property
    def mask(self) -> np.ndarray:
        """The region as bool, on the grid of the scan."""
        return self._read()

    def changed(self, image: np.ndarray, mask: np.ndarray) -> "Segmentation":
        """The same region of a changed image; what sets the scale stays as it was."""
        volume = replace(self.scan.volume, array=image)
        return Segmentation(
            Scan(lambda: volume, seed=self.scan.seed),
            lambda: mask,
            keys=self.keys,
            names=self.names,
            others=self.others,
        )

    def reference(self, recipe: Recipe) -> "Segmentation | None":
        """The segmentation that sets the scale of a recipe, if it has one."""
        region = recipe.normalization.reference_region
        return self.others.get(region) if region else None

    def random(self, recipe: Recipe) -> np.random.Generator:
        """The random numbers of a negative control."""
        return control_random(self.scan.seed, self.names, recipe.control)

    def on_grid(self, recipe: Recipe) -> Resampled:
        """Image and region on the grid of a recipe; UnusableRegion if it cannot be."""
        if recipe.grid not in self._known:
            self._known[recipe.grid] = self._resampled(recipe)
        found = self._known[recipe.grid]
        if isinstance(found, UnusableRegion):
            raise found
        return found

    def _resampled(self, recipe: Recipe) -> Resampled | UnusableRegion:
        reference = self.reference(recipe)
        scale_mask = None if reference is None else reference.mask
        spacing_mm = self.scan.volume.spacing_mm
        try:
            if not self.mask.any():
                raise empty_mask()
            image = self.scan.normalized(recipe.normalization, self.mask, scale_mask)
            if recipe.control == "noise":
                image = noise_around(
                    image,
                    self.mask,
                    spacing_mm,
                    self.random(recipe),
                    mean=recipe.noise_mean,
                    sd=recipe.noise_sd,
                )
            return resampled(image, self.mask, spacing_mm, recipe)
        except UnusableRegion as error:
            return error
