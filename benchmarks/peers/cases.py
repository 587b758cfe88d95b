"""Images and regions to be measured, as NIfTI files."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage

from concord import images
from concord.ingest import image as convert
from concord.ingest import mask as masks
from concord.ingest.segmentation import rois
from concord.ingest.settings import IngestSection

FOLDERS = {"CT": "CT", "PT": "PET", "MR": "MR_T1"}


@dataclass(frozen=True)
class Case:
    """One image and one region, and the grid to measure them on (None: their own)."""

    label: str
    modality: str
    image: Path
    mask: Path
    spacing_mm: float | None


def patient(shared: Path, subject: str, modality: str, folder: Path) -> dict:
    """Image and mask of a sarcoma patient of the shared data, made from DICOM."""
    with tarfile.open(shared / "sts" / "patients" / f"{subject}.tar.xz") as content:
        content.extractall(folder, filter="data")
    source = folder / subject / FOLDERS[modality]
    row = {"subject_id": subject, "site": "STS", "session": "baseline"}
    row |= {"image": modality, "modality": modality, "region": "tumour"}
    row["reader"] = "A"
    image = convert.write_image(row | {"source": str(source / "image")}, folder, folder)
    (contours,) = (source / "mask").iterdir()
    mask = masks.write_mask(
        row | {"source": str(contours), "roi": None},
        converted={masks.image_key(row): image},
        settings=IngestSection(),
        folder=folder,
        final=folder,
        listing=rois.Listing(),
    )
    return {"image": Path(image["path"]), "mask": Path(mask["path"])}


def large_scan(folder: Path) -> dict:
    """A CT of 512 x 512 x 300 voxels of 0.7 x 0.7 x 1 mm with a lesion of 82 ml."""
    generator = np.random.default_rng(1)
    shape, spacing_mm = (300, 512, 512), (1.0, 0.7, 0.7)
    noise = generator.normal(0, 40, (50, 64, 64))
    texture = np.kron(noise, np.ones((6, 8, 8)))
    image = (texture + generator.integers(-20, 21, shape)).astype(np.int16)
    centre = np.array(shape) / [2.2, 1.9, 2.1]
    steps = np.ogrid[tuple(map(slice, shape))]
    squares = [
        ((step - middle) * size) ** 2
        for step, middle, size in zip(steps, centre, spacing_mm, strict=True)
    ]
    mask = sum(squares) <= 27**2
    wobble = ndimage.zoom(noise, (6, 8, 8), order=1)
    paths = {"image": folder / "large_image.nii.gz", "mask": folder / "large.nii.gz"}
    for name, array in (("image", image), ("mask", mask & (wobble > -60))):
        volume = images.Volume(array, spacing_mm, (0.0, 0.0, 0.0), np.eye(3))
        images.write(volume, paths[name])
    return paths
