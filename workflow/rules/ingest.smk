"""DICOM folders to NIfTI images, masks and acquisition facts."""

from concord.deidentify.settings import DeidentifyDicom
from concord.ingest.acquisition.settings import Drift, Protocol
from concord.ingest.settings import (
    ConvertImage,
    ConvertMask,
    GatherIngest,
    ProposeBatches,
)
from concord.settings import NoSettings


rule convert_image:
    """Convert the images of a chunk from DICOM to NIfTI with a JSON sidecar."""
    input:
        sources=image_sources,
    output:
        folder=directory("results/images/{chunk}_{image}"),
        images="results/images/{chunk}_{image}.tsv",
        exclusions="results/images/{chunk}_{image}_exclusions.tsv",
        dates="private/dates/{chunk}_{image}.tsv",
    log:
        "logs/convert_image/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/convert_image/{chunk}_{image}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings_of(ConvertImage, outside(image_sources)),
        code=code_fingerprint("convert_image.py"),
    script:
        "../../scripts/convert_image.py"


rule convert_mask:
    """Convert the segmentations of a chunk to masks on the grids of their images."""
    input:
        sources=mask_sources,
        images="results/images/{chunk}_{image}.tsv",
        folder="results/images/{chunk}_{image}",
        segmented_on=segmented_on("results/images/{chunk}_{image}.tsv"),
        segmented_on_folders=segmented_on("results/images/{chunk}_{image}"),
    output:
        folder=directory("results/masks/{chunk}_{image}"),
        masks="results/masks/{chunk}_{image}.tsv",
        exclusions="results/masks/{chunk}_{image}_exclusions.tsv",
        rois="private/rois/{chunk}_{image}.tsv",
    log:
        "logs/convert_mask/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/convert_mask/{chunk}_{image}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings_of(ConvertMask, outside(mask_sources)),
        code=code_fingerprint("convert_mask.py"),
    script:
        "../../scripts/convert_mask.py"


rule gather_ingest:
    """Gather the acquisition facts of all images and every fault and note so far."""
    input:
        images=chunk_files("results/images/{chunk}_{image}.tsv"),
        dates=chunk_files("private/dates/{chunk}_{image}.tsv"),
        masks=chunk_files("results/masks/{chunk}_{image}.tsv"),
        exclusions=chunk_files(
            "results/images/{chunk}_{image}_exclusions.tsv",
            "results/masks/{chunk}_{image}_exclusions.tsv",
        ),
    output:
        acquisition="results/ingest/acquisition.tsv",
        exclusions="results/ingest/exclusions.tsv",
        report="results/ingest/ingest_report.tsv",
    log:
        "logs/gather_ingest.log",
    benchmark:
        "results/benchmarks/gather_ingest/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(GatherIngest),
        code=code_fingerprint("gather_ingest.py"),
    script:
        "../../scripts/gather_ingest.py"


rule protocol:
    """Compare every image with the protocol that the study declares."""
    input:
        acquisition="results/ingest/acquisition.tsv",
    output:
        protocol="results/ingest/protocol.tsv",
        summary="results/ingest/protocol_summary.tsv",
    log:
        "logs/protocol.log",
    benchmark:
        "results/benchmarks/protocol/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(Protocol),
        code=code_fingerprint("protocol.py"),
    script:
        "../../scripts/protocol.py"


rule drift:
    """Follow the acquisition facts of each site over the order of its scans."""
    input:
        acquisition="results/ingest/acquisition.tsv",
        dates=chunk_files("private/dates/{chunk}_{image}.tsv"),
    output:
        drift="results/ingest/drift.tsv",
    log:
        "logs/drift.log",
    benchmark:
        "results/benchmarks/drift/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(Drift),
        code=code_fingerprint("drift.py"),
    script:
        "../../scripts/drift.py"


rule propose_batches:
    """Propose batches for the harmonization by the facts of the headers."""
    input:
        acquisition="results/ingest/acquisition.tsv",
    output:
        batches="results/ingest/batches.tsv",
        members="results/ingest/batch_members.tsv",
    log:
        "logs/propose_batches.log",
    benchmark:
        "results/benchmarks/propose_batches/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(ProposeBatches),
        code=code_fingerprint("propose_batches.py"),
    script:
        "../../scripts/propose_batches.py"


rule deidentify_dicom:
    """Copy the DICOM of a chunk by the Basic Profile of PS3.15, keyed."""
    input:
        sources=all_sources,
        images="results/images/{chunk}_{image}.tsv",
        masks="results/masks/{chunk}_{image}.tsv",
    output:
        folder=directory("results/deidentified/{chunk}_{image}"),
        exported="results/deidentified/{chunk}_{image}.tsv",
        values="private/deidentified/{chunk}_{image}.tsv",
    log:
        "logs/deidentify_dicom/{chunk}_{image}.log",
    benchmark:
        "results/benchmarks/deidentify_dicom/{chunk}_{image}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        spec=STUDY.settings_of(DeidentifyDicom, outside(all_sources)),
        code=code_fingerprint("deidentify_dicom.py"),
    script:
        "../../scripts/deidentify_dicom.py"


rule gather_deidentified:
    """List what all copies without identifiers hold, to be looked through."""
    input:
        exported=chunk_files("results/deidentified/{chunk}_{image}.tsv"),
        values=chunk_files("private/deidentified/{chunk}_{image}.tsv"),
    output:
        exported="results/deidentified/exported.tsv",
        elements="results/deidentified/elements.tsv",
        values="private/deidentified/values.tsv",
    log:
        "logs/gather_deidentified.log",
    benchmark:
        "results/benchmarks/gather_deidentified/all.tsv"
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=STUDY.settings(NoSettings),
        code=code_fingerprint("gather_deidentified.py"),
    script:
        "../../scripts/gather_deidentified.py"
