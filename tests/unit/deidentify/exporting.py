"""Runs of the rule that copies DICOM without identifiers, on rows made up here."""

from pathlib import Path
from types import SimpleNamespace

from deidentify_dicom import main

from concord import tables
from concord.deidentify.settings import DeidentifyDicom
from concord.privacy.settings import Privacy

KEYS = {"subject_id": "P1", "site": "A", "session": "baseline"}


def image_row(source: Path, modality: str, **more) -> dict:
    keys = KEYS | {"image": modality, "modality": modality}
    return keys | {"source": str(source)} | more


def exported(folder: Path, images: list, masks: list, reviewed=()) -> Path:
    """Run the rule on rows that all could be converted."""
    lists = SimpleNamespace(images=folder / "images.tsv", masks=folder / "masks.tsv")
    done = [{**_only(row, "site", "modality"), **_no_files("images")} for row in images]
    tables.write(done, lists.images, "images")
    done = [
        {**_only(row, "site", "region", "reader"), **_no_files("masks")}
        for row in masks
    ]
    tables.write(done, lists.masks, "masks")
    output = SimpleNamespace(
        folder=str(folder / "deidentified" / "A-0_CT"),
        exported=str(folder / "deidentified" / "A-0_CT.tsv"),
        values=str(folder / "private" / "A-0_CT.tsv"),
    )
    (folder / "private").mkdir(exist_ok=True)
    settings = DeidentifyDicom(
        privacy=Privacy(data="simulated", seed=1),
        merge_rois=False,
        reviewed_images=reviewed,
        images=images,
        masks=masks,
    )
    spec = settings.model_dump_json()
    main(SimpleNamespace(input=lists, output=output, params=SimpleNamespace(spec=spec)))
    return Path(output.folder)


def _only(row: dict, *more: str) -> dict:
    return {key: row[key] for key in ("subject_id", "session", "image", *more)}


def _no_files(kind: str) -> dict:
    if kind == "images":
        return {"path": "x", "sidecar": "x", "digest": "x"}
    numbers = {"voxels": 1, "volume_mm3": 1.0, "n_components": 1}
    return numbers | {"path": "x", "digest": "x", "touches_border": False, "notes": ""}
