"""The checked study, its wildcards, its targets, and the specs of the rules."""

from concord.config import specs
from concord.config.consensus import outlines_of
from concord.config.specs import (
    aggregated_spec,
    arm_spec,
    biology_spec,
    cohort_spec,
    crosscheck_features_spec,
    crosscheck_spec,
    components_spec,
    evaluation_spec,
    features_spec,
    figure_spec,
    folds_spec,
    held_out_spec,
    import_spec,
    map_figure_spec,
    maps_spec,
    null_spec,
    prediction_agreement_spec,
    proof_spec,
    reader_spec,
    report_spec,
    variants_spec,
)
from concord.config.study import Study
from concord.provenance import code_fingerprint
from concord.readers import CONSENSUS

STUDY = Study(
    config,
    Path((workflow.config_settings.configfiles or ["config/config.yaml"])[0]),
    check_sources=workflow.is_main_process,
)
TABLE = STUDY.starts_from_table
REPEATS = STUDY.repeats_measurements
VARIANTS = ["results/features/variants.parquet"] if STUDY.variant_modalities else []
READERS = STUDY.has_readers
REVIEW = STUDY.config.agreement.review is not None and not TABLE
MAPS = STUDY.config.feature_maps is not None
AGGREGATED = STUDY.aggregated_modalities
DEMO = STUDY.config.simulation is not None
SITES = sorted(STUDY.config.simulation.sites) if DEMO else []
ENDPOINTS = list(STUDY.config.endpoints)
BINARY = [n for n, e in STUDY.config.endpoints.items() if e.kind == "binary"]
SURVIVAL = [n for n, e in STUDY.config.endpoints.items() if e.kind == "survival"]
PARTS = STUDY.config.validation.parts()
AGREED = outlines_of(STUDY.config, STUDY.masks, CONSENSUS)


HEADLINE = STUDY.config.evaluation.headline_arm
FEATURE_ARMS = [n for n, a in STUDY.config.arms.items() if a.features]
PREDICTED_BY_READERS = READERS and bool(FEATURE_ARMS)
GROUP_ARMS = [n for n, a in STUDY.config.arms.items() if a.predicts_by_group_alone]


wildcard_constraints:
    site=r"[A-Za-z0-9_-]+",
    root=r"[A-Za-z0-9_]+",
    chunk=r"[A-Za-z0-9]+-[01]+",
    modality="CT|MR|PT",
    endpoint="|".join(ENDPOINTS),
    arm="|".join(STUDY.config.arms),
    part=r"cv-\d+-\d+|loso",


def chunk_files(*patterns):
    """Files per chunk and modality; asked for late, when the sheets must be there."""

    def files(wildcards):
        STUDY.require_sheets()
        pairs = STUDY.chunk_modalities
        return [p.format(chunk=c, modality=m) for p in patterns for c, m in pairs]

    return files


def variant_files(pattern):
    """Files per chunk and modality whose scans are measured again."""

    def files(wildcards):
        STUDY.require_sheets()
        return [
            pattern.format(chunk=chunk, modality=modality)
            for chunk, modality in STUDY.chunk_modalities
            if modality in STUDY.variant_modalities and STUDY.varied_subjects(chunk)
        ]

    return files


def map_files(pattern):
    """Files per chunk and modality with scans whose features are mapped."""

    def files(wildcards):
        STUDY.require_sheets()
        return [
            pattern.format(chunk=chunk, modality=modality)
            for chunk, modality in STUDY.chunk_modalities
            if modality in STUDY.config.feature_maps.features
            and STUDY.mapped_subjects(chunk)
        ]

    return files


def aggregated_files(pattern):
    """Files per chunk and modality with a recipe of the second engine."""

    def files(wildcards):
        STUDY.require_sheets()
        return [
            pattern.format(chunk=chunk, modality=modality)
            for chunk, modality in STUDY.chunk_modalities
            if modality in AGGREGATED
        ]

    return files


def all_files(*functions):
    """What several functions of the wildcards give."""
    return lambda wildcards: [path for files in functions for path in files(wildcards)]


def of_images(*files):
    """Files that only a study of images has; none if it starts from features."""
    return [] if TABLE else list(files)


def of_consensus(*files):
    """Files that there are only if some region has a consensus of its readers."""
    return list(files) if AGREED else []


def sources(rows):
    """What the rows of a sheet are read from; in the demo, what simulates it."""
    if DEMO:
        return sorted({f"results/demo/dicom/{row['site']}" for row in rows})
    return sorted({row["source"] for row in rows})


def feature_crosscheck():
    """The check by the second feature engine, if it is asked for."""
    asked = STUDY.config.crosscheck.cases_per_site > 0 and not TABLE
    return ["results/features/crosscheck.tsv"] if asked else []


def image_sources(wildcards):
    """Folders or files of the images of one chunk."""
    return sources(STUDY.image_rows(wildcards.chunk, wildcards.modality))


def mask_sources(wildcards):
    """Files of the outlines of one chunk."""
    return sources(STUDY.mask_rows(wildcards.chunk, wildcards.modality))


def root_folder(wildcards):
    """The DICOM root of one site."""
    return STUDY.source(STUDY.config.dicom_roots[wildcards.root])


def index_drafts():
    """Drafts of the sheets, if the study names DICOM roots."""
    if not STUDY.config.dicom_roots:
        return []
    names = ["images", "masks", "unlisted"]
    drafts = [f"private/index/{name}.tsv" for name in names]
    return [*drafts, "private/linkage.tsv", "results/index/summary.tsv"]


def index_spec(wildcards):
    """A root; asked for by name, `index` looks at all of its files again."""
    asked = "index" in workflow.dag_settings.targets or not workflow.is_main_process
    return specs.index_spec(STUDY, wildcards.root, rescan=asked and not DEMO)


def model_files(name):
    """One file per arm and part of the folds, of the endpoint of a wildcard."""
    return expand(
        f"results/models/{{{{endpoint}}}}/{{arm}}/{{part}}_{name}.tsv",
        arm=STUDY.config.arms,
        part=PARTS,
    )


def predictions(cross_validation=False):
    """One file per part of the folds, of the endpoint of a wildcard."""
    parts = [part for part in PARTS if part != "loso" or not cross_validation]
    return expand("results/models/{{endpoint}}/{part}_predictions.tsv", part=parts)


def nulls(endpoints):
    """What every arm reaches by chance, for some endpoints."""
    return expand(
        "results/models/{endpoint}/{arm}/null.tsv",
        endpoint=endpoints,
        arm=STUDY.config.arms,
    )


def phantom_table(arm):
    """The table that teaches an arm the batch effects, if the patients do not."""
    return STUDY.phantom_table if STUDY.config.arms[arm].harmonizes else []


#: Figures of a study in which several readers have outlined the regions.
OF_READERS = ["agreement_volumes", "agreement_matrix", "gallery"]


def figures():
    """Every figure of the study, as SVG."""
    endpoints = {"performance": ENDPOINTS, "selection": ENDPOINTS}
    endpoints |= {"roc": BINARY, "kaplan_meier": SURVIVAL}
    endpoints |= {"prediction_agreement": ENDPOINTS if PREDICTED_BY_READERS else []}
    names = [] if TABLE else ["protocol", "agreement"]
    names += OF_READERS if READERS and not TABLE else []
    names += ["stability"] if REPEATS else []
    names += ["feature_maps"] if MAPS else []
    names += ["site_effect"]
    names += ["batch_estimates", "components", "biology"]
    names += [f"{figure}_{e}" for figure, known in endpoints.items() for e in known]
    return [f"results/figures/{name}.svg" for name in names]


def evaluations(table):
    """One table of the evaluation of every endpoint."""
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=ENDPOINTS)


def image_spec(wildcards):
    """Settings and rows that convert_image uses."""
    return specs.image_spec(STUDY, wildcards.chunk, wildcards.modality)


def mask_spec(wildcards):
    """Settings and rows that convert_mask uses."""
    return specs.mask_spec(STUDY, wildcards.chunk, wildcards.modality)


def deidentify_spec(wildcards):
    """Rows that deidentify_dicom copies, and where its key comes from."""
    return specs.deidentify_spec(STUDY, wildcards.chunk, wildcards.modality)


def all_sources(wildcards):
    """Sources of the images and the outlines of one chunk."""
    return sorted({*image_sources(wildcards), *mask_sources(wildcards)})
