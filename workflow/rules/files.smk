"""Files that rules read, where there are several or sometimes none."""

from concord.evaluation.sealed.settings import judged_arms
from concord.figures.lookup import declared, figure_stems
from concord.frozen.settings import EVERYBODY, scheme_of
from concord.report.card.settings import DESCRIBED
from concord.ingest.settings import IndexDicom
from concord.models.settings.fusion import harmonizes
from concord.provenance import canonical_json


def chunk_files(*patterns, pairs="chunk_images"):
    """Files per chunk and image; asked for late, when the sheets must be there.

    `pairs` names the property of the study that says which ones there are.
    """

    def files(wildcards):
        STUDY.require_sheets()
        found = getattr(STUDY, pairs)
        return [p.format(chunk=c, image=i) for p in patterns for c, i in found]

    return files


def all_files(*functions):
    """What several functions of the wildcards give."""
    return lambda wildcards: [path for files in functions for path in files(wildcards)]


def of_images(*files):
    """Files that only a study of images has."""
    return list(files) if STUDY.has_images else []


def of_models(*files):
    """Files that only a study has that fits models; none of given predictions."""
    return [] if GIVEN else list(files)


def of_given(*files):
    """Files of a study whose predictions are given, or made by frozen models."""
    return list(files) if GIVEN and ENDPOINTS else []


def of_demo(*files):
    """Files that only a study of simulated images has."""
    return list(files) if DEMO and (APPLIED or not GIVEN) else []


def of_applied(*files):
    """Files that only a study has that applies frozen models."""
    return list(files) if APPLIED else []


def of_judged_models(*files):
    """Files of a study that applies frozen models to subjects with outcomes."""
    return of_applied(*files) if ENDPOINTS else []


def external(kind):
    """Tables of a kind that compare frozen models with what was expected of them."""
    file = f"results/evaluation/{{endpoint}}_{kind}.tsv"
    return of_applied(*expand(file, endpoint=ENDPOINTS))


def with_features(*files):
    """Files of all studies that have features, whether or not models are fitted."""
    return [] if STUDY.starts_from_predictions else list(files)


def fusion_table(file):
    """The table of members of an endpoint, if any arm is fused."""
    return [file] if FUSED_ARMS else []


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
    asked = STUDY.config.crosscheck.cases_per_site > 0 and STUDY.has_images
    return ["results/features/crosscheck.tsv"] if asked else []


def image_sources(wildcards):
    """Folders or files of the images of one chunk."""
    return sources(STUDY.image_rows(wildcards.chunk, wildcards.image))


def mask_sources(wildcards):
    """Files of the segmentations of one chunk."""
    return sources(STUDY.mask_rows(wildcards.chunk, wildcards.image))


def outside(files):
    """A function of the wildcards for those of its files that no rule makes."""
    return lambda wildcards: [] if DEMO else files(wildcards)


def segmented_on(pattern):
    """Files of the other images of a chunk that masks of an image were made on."""

    def files(wildcards):
        names = STUDY.lending_images(wildcards.chunk, wildcards.image)
        return [pattern.format(chunk=wildcards.chunk, image=name) for name in names]

    return files


def root_folder(wildcards):
    """The DICOM root of one site."""
    return STUDY.source(STUDY.config.dicom_roots[wildcards.root])


def index_settings(wildcards):
    """A root and the state of its files; that of the demo is made by a rule."""
    state = "" if DEMO else STUDY.source_states.of(root_folder(wildcards))
    return STUDY.settings(IndexDicom, root=wildcards.root, state=state)


def index_drafts():
    """Drafts of the sheets, if the study names DICOM roots."""
    if not STUDY.config.dicom_roots:
        return []
    names = ["images", "masks", "unlisted"]
    drafts = [f"private/index/{name}.tsv" for name in names]
    return [*drafts, "private/linkage.tsv", "results/index/summary.tsv"]


def model_files(name):
    """One file per arm and part of the folds, of the endpoint of a wildcard."""
    if GIVEN:
        return []
    return expand(
        f"results/models/{{{{endpoint}}}}/{{arm}}/{{part}}_{name}.tsv",
        arm=STUDY.config.arms,
        part=PARTS,
    )


def predictions():
    """One file per part of the folds, of the endpoint of a wildcard; or given ones."""
    parts = ["given"] if GIVEN else PARTS
    return expand("results/models/{{endpoint}}/{part}_predictions.tsv", part=parts)


def risks(wildcards):
    """Absolute risks, one file per part of the folds, if the endpoint judges some."""
    name = wildcards.endpoint
    parts = (["given"] if GIVEN else PARTS) if name in WITH_RISKS else []
    return [f"results/models/{name}/{part}_risks.tsv" for part in parts]


def of_risks(*files):
    """Files of the endpoint of a wildcard, if risks of its outcome are judged."""

    def files_of(wildcards):
        named = [file.format(endpoint=wildcards.endpoint) for file in files]
        return named if wildcards.endpoint in JUDGED_BY_RISK else []

    return files_of


def judged_by_risk(table):
    """One table of every endpoint whose risks are judged."""
    names = JUDGED_BY_RISK
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=names)


def tuned(arms):
    """Those of some arms whose options inner folds choose."""
    return [name for name in arms if STUDY.config.arms[name].tuning is not None]


def tuning_files():
    """What was tried, one file per tuned arm and part, of the endpoint of a wildcard."""
    return expand(
        "results/models/{{endpoint}}/{arm}/{part}_tuning.tsv",
        arm=tuned(STUDY.config.arms),
        part=PARTS,
    )


def tuning_table(file):
    """The gathered table of an endpoint, if any arm is tuned."""
    return [file] if tuned(STUDY.config.arms) else []


def nulls(endpoints):
    """What every arm reaches by chance, for some endpoints."""
    if GIVEN:
        return expand("results/models/{endpoint}/given_null.tsv", endpoint=endpoints)
    return expand(
        "results/models/{endpoint}/{arm}/null.tsv",
        endpoint=endpoints,
        arm=STUDY.config.arms,
    )


def made_by_all():
    """What the target `all` makes: what it asks for, and the manifest of all of it."""
    return [*asked_by_all(), "results/MANIFEST.tsv"]


def asked_by_all():
    """What the target `all` asks for."""
    return [
        "results/report/report.html",
        *figures(),
        *final_models(),
        *frozen_models(),
        *described_models(),
        *index_drafts(),
        *imported_models(),
        *described_updates(),
    ]


def imported_models():
    """Frozen models of published equations, if some are applied."""
    return list(IMPORTED.values())


def updated_models():
    """Folders of models that the outcomes of this study updated, by endpoint."""
    return expand("results/updated/{endpoint}", endpoint=ENDPOINTS) if UPDATED else []


def described_updates():
    """What updated and imported models have for their readers."""
    return [DESCRIBED_UPDATES] if updated_models() or imported_models() else []


def frozen_models():
    """Models of all endpoints that are written for use elsewhere."""
    name = "results/frozen/{{endpoint}}/{{arm}}/{development}/model.json"
    return of_arms(expand(name, development=DEVELOPMENTS), FROZEN)


def described_models():
    """Folder of each frozen model for its readers, beside it."""
    return [path.replace("model.json", DESCRIBED) for path in frozen_models()]


def fits_to_freeze(wildcards):
    """Fitted models of all arms to freeze, to all subjects or without a group."""
    part = scheme_of(wildcards.development).name
    return of_arms(f"results/models/{{endpoint}}/{{arm}}/{part}_estimates.json", FROZEN)


def rows_to_freeze(side):
    """Function of the wildcards for the folders of one side of what was fitted to."""

    def folders(wildcards):
        part = scheme_of(wildcards.development).name
        return in_fold_sets(f"results/folds/{{fold_set}}/{part}_{side}")

    return folders


def segmented_sizes():
    """Sizes of all segmentations, those of a consensus included."""
    masks = "results/masks/{chunk}_{image}.tsv"
    return chunk_files(masks, *of_consensus("results/consensus/{chunk}_{image}.tsv"))


def validated(table):
    """Tables of the evaluation of all endpoints, for models of all subjects alone.

    What was found in a group must not be known to a model that was fitted without it.
    """

    def tables(wildcards):
        return evaluations(table) if wildcards.development == EVERYBODY else []

    return tables


def final_models():
    """Every arm, fitted to all development subjects of every endpoint."""
    if GIVEN:
        return []
    name = f"results/models/{{endpoint}}/{{arm}}/{FINAL.name}_estimates.json"
    return of_arms(name, STUDY.config.arms)


def fold_tables(*arms):
    """What the folds of some arms are split from: no phantom if none harmonizes."""
    harmonizing = any(harmonizes(STUDY.config.arms, arm) for arm in arms)
    return FOLD_TABLES if harmonizing else FOLD_TABLES | {"phantom": []}


def phantom_folds(*arms):
    """What arms estimate batch effects from, fold by fold, if not from the patients."""
    given = fold_tables(*arms)["phantom"]
    return in_fold_sets("results/folds/{fold_set}/{{part}}_phantom") if given else []


def folds_of(wildcards):
    """The folds that the endpoint of a wildcard is judged by."""
    name = STUDY.config.validation.fold_set(wildcards.endpoint)
    return f"results/folds/{name}/folds.tsv"


def in_fold_sets(pattern):
    """One file per endpoint, in the set of its folds; endpoints may share one."""
    return [
        pattern.format(fold_set=STUDY.config.validation.fold_set(endpoint))
        for endpoint in ENDPOINTS
    ]


def of_arms(pattern, arms):
    """One file per endpoint and arm, endpoint by endpoint."""
    return expand(pattern, endpoint=ENDPOINTS, arm=arms)


def figures():
    """Every figure of the study, as SVG."""
    return [f"results/figures/{stem}.svg" for stem in figure_stems(STUDY)]


def is_drawn(name):
    """Whether the study has what a declared figure needs."""
    return bool(declared(name).stems(STUDY))


def figure(name):
    """SVG of a declared figure, with legend and labels for Snakemake's report; PDF, PNG.

    None where the study lacks what the figure needs: its rule draws the others.
    """
    one = declared(name)
    if not is_drawn(name):
        return []
    svg, *others = one.paths
    explained = report(
        svg,
        caption=f"../report/{name}.rst",
        category=one.category,
        labels=one.labels,
    )
    return [explained, *others]


def endpoints_of(kind):
    """Pattern of the names of all endpoints of a kind; of none, it matches nothing."""
    return "|".join(names_of_endpoints(kind)) or "(?!)"


def names_of_endpoints(kind):
    """Endpoints with a kind of outcome, or a question such as competing."""
    questions = STUDY.endpoint_questions
    outcomes = STUDY.endpoint_kinds.items()
    return [name for name, one in outcomes if kind in {one} | questions[name]]


def asked_markers(wildcards):
    """What an endpoint with a treatment asks for: markers, and what to adjust for."""
    return STUDY.config.endpoints[wildcards.endpoint]


def marker_features(wildcards):
    """The feature table, if a feature is a marker."""
    asked = asked_markers(wildcards).marker_patterns
    return ["results/features/features.parquet"] if asked else []


def marker_scores(wildcards):
    """Predictions by models that a subject was no part of, if a score is a marker."""
    asked = asked_markers(wildcards).marker_arms
    return expand(predictions(), endpoint=wildcards.endpoint) if asked else []


def predictive(table):
    """One table of every endpoint that asks for whom a treatment works."""
    asking = names_of_endpoints("predictive")
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=asking)


def by_readers(file):
    """A file, one per part of the folds, if models score what every reader segmented."""
    files = [file.replace("{part}", part) for part in PARTS]
    return list(dict.fromkeys(files)) if PREDICTED_BY_READERS else []


def planned_folds():
    """Tables of folds that see no outcome."""
    return [BY_GROUP, *SAMPLES]


def with_codes(kind):
    """Settings with the fingerprints of all scripts, which are known late."""
    return lambda wildcards: STUDY.settings(kind, codes=canonical_json(CODES))


def judged_on_sealed():
    """Final models that are judged on the sealed subjects, by endpoint and arm."""
    name = f"results/models/{{endpoint}}/{{arm}}/{FINAL.name}_estimates.json"
    return of_arms(name, judged_arms(STUDY.config, bool(REGISTERED)))


def of_plan(name):
    """A table on plan and looks, if a plan was registered or somebody looked."""
    return [f"results/plan/{name}.tsv"] if REGISTERED or LOOKED else []


def evaluations(table):
    """One table of the evaluation of every endpoint."""
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=ENDPOINTS)


def with_times(table):
    """One table of every endpoint with times."""
    names = names_of_endpoints("survival")
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=names)


def instability(table):
    """One table of every endpoint, if the instability of arms is asked for."""
    return evaluations(table) if INSTABILITY_ARMS else []


def by_subgroups(table):
    """One table of every endpoint, if subgroups are declared."""
    return evaluations(table) if SUBGROUPS else []


def instability_of(table):
    """One table of the endpoint of a wildcard, if instability is asked for."""
    return [f"results/evaluation/{{endpoint}}_{table}.tsv"] if INSTABILITY_ARMS else []


def subgroups_of(table):
    """One table of the endpoint of a wildcard, if subgroups are declared."""
    return [f"results/evaluation/{{endpoint}}_{table}.tsv"] if SUBGROUPS else []


def of_samples(table):
    """What the models of all samples give, of the endpoint of a wildcard."""
    return expand(
        f"results/models/{{{{endpoint}}}}/{{arm}}/{{part}}_{table}.tsv",
        arm=INSTABILITY_ARMS,
        part=SAMPLE_PARTS,
    )


def multiverse(table, endpoints="{endpoint}"):
    """One table of all analyses of some endpoints, if the study has a multiverse."""
    pattern = f"results/evaluation/{{endpoint}}_{table}.tsv"
    return expand(pattern, endpoint=endpoints) if MULTIVERSE_CHUNKS else []


def competing(table):
    """One table of every endpoint with competing causes."""
    names = names_of_endpoints("competing")
    return expand(f"results/evaluation/{{endpoint}}_{table}.tsv", endpoint=names)


def all_sources(wildcards):
    """Sources of the images and the segmentations of one chunk."""
    return sorted({*image_sources(wildcards), *mask_sources(wildcards)})
