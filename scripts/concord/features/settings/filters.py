"""The sections `filters.<name>` of a recipe: images that features also come from."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ...fields import Name, Section
from ...methods_clauses import written

Kind = Literal[
    "mean",
    "log",
    "laws",
    "gabor",
    "wavelet",
    "simoncelli",
    "riesz_log",
    "riesz_simoncelli",
]
Subband = Literal["LLL", "LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH"]

#: What each kind must be given, and what it takes besides kind and boundary.
_NEEDED: dict[str, tuple[str, ...]] = {
    "mean": ("support_voxels",),
    "log": ("sigma_mm",),
    "laws": ("kernels",),
    "gabor": ("sigma_mm", "wavelength_mm"),
    "wavelet": ("wavelet",),
    "simoncelli": (),
    "riesz_log": ("sigma_mm", "orders"),
    "riesz_simoncelli": ("orders",),
}
_TAKEN: dict[str, tuple[str, ...]] = {
    "mean": (),
    "log": ("truncate",),
    "laws": ("energy_distance_voxels", "rotation_invariant", "pooling"),
    "gabor": (
        "aspect_ratio",
        "theta_degrees",
        "theta_step_degrees",
        "planes",
        "rotation_invariant",
        "pooling",
    ),
    "wavelet": ("subbands", "levels", "rotation_invariant", "pooling"),
    "simoncelli": ("levels",),
    "riesz_log": ("truncate",),
    "riesz_simoncelli": ("levels",),
}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) or value is None else [value]


def _order_listed(value: Any) -> Any:
    one = isinstance(value, list | tuple) and value and not _nested(value)
    return [value] if one else value


def _nested(value: list[Any] | tuple[Any, ...]) -> bool:
    return any(isinstance(part, list | tuple) for part in value)


def _distinct(values: list[Any]) -> list[Any]:
    # As they stand in the names of responses.
    names = {f"{value:g}" if isinstance(value, float) else value for value in values}
    if len(names) != len(values):
        raise ValueError("each value may be named once")
    return values


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError(f"is {value}, expected an odd number, so that it has a centre")
    return value


def _derivative(order: tuple[int, int, int]) -> tuple[int, int, int]:
    if not 1 <= sum(order) <= 4:
        raise ValueError(f"the total order is {sum(order)}, expected 1 to 4")
    return order


def _filtered(name: str) -> str:
    if name == "original":
        raise ValueError("'original' is the unfiltered image; choose another name")
    return name


_One = BeforeValidator(_listed)
_Some = Field(min_length=1)
_Each = AfterValidator(_distinct)
Odd = Annotated[int, Field(ge=3, le=51), AfterValidator(_odd)]
Scale = Annotated[float, Field(ge=0.1, le=50)]
Angle = Annotated[float, Field(ge=0, lt=360)]
Level = Annotated[int, Field(ge=1, le=5)]
Kernels = Annotated[str, Field(pattern="^((L|E|S)(3|5)|(W|R)5){3}$")]
Degree = Annotated[int, Field(ge=0, le=4)]
Order = Annotated[tuple[Degree, Degree, Degree], AfterValidator(_derivative)]


_NAMES = {"log": "Laplacian of Gaussian", "laws": "Laws kernels", "gabor": "Gabor"}
_UNITS = ("mm", "voxels", "degrees")


def _setting(key: str, value: Any) -> str:
    """One setting in words, with the unit that ends its name."""
    if isinstance(value, bool):
        return ("" if value else "not ") + key.replace("_", " ")
    name, _, unit = key.rpartition("_")
    if unit not in _UNITS:
        return f"{key.replace('_', ' ')} {written(value)}"
    return f"{name.replace('_', ' ')} {written(value)} {unit}"


class FilterSection(Section):
    """One image filter; a list gives one response map for each of its values."""

    kind: Kind = Field(
        description="What the filter computes. All run in 3D, gabor in slices, and "
        "need equal spacing along the axes they run along. simoncelli and riesz read "
        "the whole image, the others a margin around the region. Source: IBSI 2, "
        "doi:10.1148/radiol.231319; definitions: arXiv:2006.05470.",
    )
    boundary: Literal["mirror", "nearest", "zero", "periodic"] = Field(
        default="mirror",
        description="What lies beyond the image; mirror repeats the voxel at the edge. "
        "Source: IBSI 2, arXiv:2006.05470.",
    )
    support_voxels: Annotated[list[Odd], _One, _Some, _Each] | None = Field(
        default=None,
        description="mean: side of the cube in voxels, odd, 3 to 51. Source: "
        "arXiv:2006.05470.",
    )
    sigma_mm: Annotated[list[Scale], _One, _Some, _Each] | None = Field(
        default=None,
        description="log, gabor, riesz_log: standard deviation of the Gaussian in mm, "
        "0.1 to 50. Source: arXiv:2006.05470.",
    )
    truncate: float = Field(
        default=4.0,
        ge=2,
        le=10,
        description="log, riesz_log: reach of the kernel in standard deviations. "
        "Source: arXiv:2006.05470.",
    )
    kernels: Annotated[list[Kernels], _One, _Some, _Each] | None = Field(
        default=None,
        description="laws: the kernels of the axes x, y, z in one word, such as "
        "L5E5E5; L3, E3, S3, L5, E5, S5, W5 or R5 each. Source: arXiv:2006.05470.",
    )
    energy_distance_voxels: int | None = Field(
        default=None,
        ge=1,
        le=25,
        description="laws: the response becomes the mean of its size within so many "
        "voxels (texture energy); null keeps the response. Source: arXiv:2006.05470.",
    )
    wavelength_mm: Annotated[list[Scale], _One, _Some, _Each] | None = Field(
        default=None,
        description="gabor: length of the wave in mm, 0.1 to 50. Source: "
        "arXiv:2006.05470.",
    )
    aspect_ratio: float = Field(
        default=1.0,
        ge=0.1,
        le=10,
        description="gabor: width of the Gaussian along the wave over that across it. "
        "Source: arXiv:2006.05470.",
    )
    theta_degrees: Annotated[list[Angle], _One, _Some, _Each] | None = Field(
        default=None,
        description="gabor: direction of the wave, from the first axis of the slice "
        "towards the second (x towards y in axial slices), in degrees; needed unless "
        "rotation_invariant. Source: arXiv:2006.05470.",
    )
    theta_step_degrees: float = Field(
        default=45.0,
        ge=1,
        le=180,
        description="gabor, if rotation_invariant: step between directions, a whole "
        "part of 360 degrees. Source: arXiv:2006.05470.",
    )
    planes: Literal["orthogonal", "axial"] = Field(
        default="orthogonal",
        description="gabor: slices of all three orientations, averaged, or axial ones "
        "only. Source: arXiv:2006.05470.",
    )
    wavelet: Literal["haar", "db2", "db3", "coif1"] | None = Field(
        default=None,
        description="wavelet: its family. Source: arXiv:2006.05470.",
    )
    subbands: Annotated[list[Subband], _One, _Some, _Each] | None = Field(
        default=None,
        description="wavelet: L (low-pass) or H (high-pass) of the axes x, y, z; null "
        "takes all eight, or, if rotation_invariant, the four that differ. Source: "
        "arXiv:2006.05470.",
    )
    levels: Annotated[list[Level], _One, _Some, _Each] = Field(
        default=[1],
        description="wavelet, simoncelli, riesz_simoncelli: level of the "
        "decomposition, 1 (finest) to 5. Source: arXiv:2006.05470.",
    )
    orders: (
        Annotated[list[Order], BeforeValidator(_order_listed), _Some, _Each] | None
    ) = Field(
        default=None,
        description="riesz_log, riesz_simoncelli: order of the derivative along x, y, "
        "z, such as [1, 0, 0], 1 to 4 in total. Source: arXiv:2006.05470.",
    )
    rotation_invariant: bool = Field(
        default=False,
        description="laws, gabor, wavelet: join the responses to the rotated filter "
        "(24 right-angle rotations; gabor: all directions). Source: arXiv:2006.05470.",
    )
    pooling: Literal["average", "max", "min"] = Field(
        default="average",
        description="If rotation_invariant: how the responses are joined. Source: "
        "arXiv:2006.05470.",
    )

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Self:
        needed, taken = _NEEDED[self.kind], _TAKEN[self.kind]
        for key in needed:
            if getattr(self, key) is None:
                raise ValueError(f"kind {self.kind} needs {key}")
        for key in self._changed():
            if key not in ("kind", "boundary", *needed, *taken):
                raise ValueError(f"{key} has no effect with kind {self.kind}")
        return self

    @model_validator(mode="after")
    def _rotations_are_complete(self) -> Self:
        if self.pooling != "average" and not self.rotation_invariant:
            raise ValueError(f"pooling {self.pooling} needs rotation_invariant: true")
        if self.kind == "gabor":
            self._check_directions()
        if self.kind == "wavelet" and self.rotation_invariant:
            self._check_subbands()
        if self.kind == "laws" and self.rotation_invariant:
            self._check_pooling()
        return self

    def _check_directions(self) -> None:
        if self.rotation_invariant == (self.theta_degrees is not None):
            raise ValueError(
                "kind gabor needs either theta_degrees or rotation_invariant: true"
            )
        default = type(self).model_fields["theta_step_degrees"].default
        if not self.rotation_invariant and self.theta_step_degrees != default:
            raise ValueError("theta_step_degrees needs rotation_invariant: true")
        turns = 360 / self.theta_step_degrees
        if abs(turns - round(turns)) > 1e-6:
            raise ValueError(
                f"theta_step_degrees is {self.theta_step_degrees:g}, expected a whole "
                "part of 360, such as 45 or 22.5"
            )

    def _check_subbands(self) -> None:
        seen: dict[str, str] = {}
        for subband in self.subbands or []:
            letters = "".join(sorted(subband))
            if letters in seen:
                raise ValueError(
                    f"subbands {seen[letters]} and {subband} are one map if "
                    "rotation_invariant; name one of them"
                )
            seen[letters] = subband

    def _check_pooling(self) -> None:
        odd = [word for word in self.kernels or [] if set(word) & set("EW")]
        if odd and self.pooling == "average":
            raise ValueError(
                f"the average over rotations of kernels with E or W, such as {odd[0]}, "
                "is 0 everywhere; set pooling: max"
            )

    def words(self) -> str:
        """The filter with every setting that its kind uses, for the methods."""
        used = ("boundary", *_NEEDED[self.kind], *_TAKEN[self.kind])
        idle = () if self.rotation_invariant else ("pooling", "theta_step_degrees")
        parts = [
            _setting(key, getattr(self, key))
            for key in type(self).model_fields
            if key in used and key not in idle and getattr(self, key) is not None
        ]
        return ", ".join([_NAMES.get(self.kind, self.kind.replace("_", " ")), *parts])

    def _changed(self) -> Iterator[str]:
        """Keys that differ from their default."""
        for key, field in type(self).model_fields.items():
            if getattr(self, key) != field.default:
                yield key


#: Filters of a recipe by name; the name begins the names of their response maps.
FilterName = Annotated[Name, AfterValidator(_filtered)]
Filters = dict[FilterName, FilterSection]
