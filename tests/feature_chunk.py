"""A chunk of two segmented CT scans as files, for the rules that measure features."""

from types import SimpleNamespace

import numpy as np

from concord import images, tables
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.settings import RuleSettings

RECIPE = RecipeSection(
    resample_spacing_mm=(2, 2, 2),
    intensity_range=(-150, 250),
    bin_width=20,
    families=["morphology", "statistics", "glcm"],
)
KEYS = {"site": "A", "session": "baseline", "image": "CT"}
#: Values of the settings that rules of one image share.
MEASURED = {"image": "CT", "recipes": complete({"CT": RECIPE}), "seed": 1}
#: The same of rules that take some scans of a chunk.
SCOPED = MEASURED | {
    "baseline_session": "baseline",
    "reference_reader": "A",
    "subjects": ["p1"],
}


def write_chunk() -> None:
    """images.tsv and masks.tsv of the subjects p1 and p2, in this folder."""
    found, masks = [], []
    for number, name in enumerate(("p1", "p2")):
        rng = np.random.default_rng(number)
        array = rng.normal(40, 30, (12, 40, 40)).astype(np.int16)
        image = images.Volume(array, (3.0, 1.0, 1.0), (5.0, -7.0, 9.0), np.eye(3))
        mask = np.zeros(array.shape, bool)
        mask[3:9, 10:28, 12:28] = True
        mask_volume = images.Volume(mask, image.spacing_mm, image.origin_mm, np.eye(3))
        images.write(image, f"{name}.nii.gz")
        images.write(mask_volume, f"{name}_mask.nii.gz")
        row = {"subject_id": name, **KEYS}
        digest = images.volume_digest(image)
        found.append(
            row
            | {
                "modality": "CT",
                "path": f"{name}.nii.gz",
                "sidecar": "none",
                "digest": digest,
            }
        )
        masks.append(
            row
            | {"region": "tumour", "reader": "A", "path": f"{name}_mask.nii.gz"}
            | {"digest": images.volume_digest(mask_volume), "voxels": int(mask.sum())}
            | {"volume_mm3": 3.0 * mask.sum(), "notes": ""}
            | {"n_components": 1, "touches_border": False}
        )
    tables.write(found, "images.tsv", "images")
    tables.write(masks, "masks.tsv", "masks")


def make_job(outputs: dict[str, str], settings: RuleSettings) -> SimpleNamespace:
    """What Snakemake hands to a script that measures this chunk."""
    return SimpleNamespace(
        input=SimpleNamespace(
            images="images.tsv", masks="masks.tsv", consensus=[], primed="-"
        ),
        output=SimpleNamespace(**outputs),
        params=SimpleNamespace(spec=settings.model_dump_json(), code="c0de"),
    )
