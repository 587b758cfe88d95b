"""Faults of a study that starts from a table of features."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from ..config_faults import Fault
from ..feature_import import naming
from ..feature_import.settings import FeatureTableSection
from ..tables.outside import OutsideTableError, column_names, require_visible
from ..tables.stacked import column_faults, is_parquet, named, united
from .config import StudyConfig

#: Sections that say how images become features.
OF_IMAGES = (
    "simulation",
    "dicom_roots",
    "ingest",
    "privacy",
    "protocol",
    "agreement",
    "recipes",
    "regions",
    "variants",
    "feature_maps",
    "crosscheck",
)

#: Settings of the table that name one of its columns.
_COLUMNS = (
    "subject_id_column",
    "session_column",
    "reader_column",
    "image_column",
    "region_column",
)


def entry_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Faults between the section and the others, as (key, message)."""
    table = config.feature_table
    if table is None:
        if not config.recipes and config.predictions is None and not config.model:
            yield (
                "recipes",
                "is missing; a study of images needs one per image or modality",
            )
        return
    for section in OF_IMAGES:
        if section in config.model_fields_set and getattr(config, section):
            yield section, "has no effect in a study with a feature_table; remove it"
    own, sheet = ([*map(Path, names)] for names in (table.path, config.sheets.subjects))
    if table.unnamed_subjects == "number" and own != sheet:
        yield (
            "feature_table.unnamed_subjects",
            f"is 'number', but sheets.subjects is {named(config.sheets.subjects)!r} "
            f"and the table {named(table.path)!r}: rows of two files do not name one "
            "subject; give the same files in the same order",
        )
    if len({is_parquet([path]) for path in own}) > 1:
        yield (
            "feature_table.path",
            "lists Parquet files and files of text; write them all in one way",
        )


def file_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Files that are listed twice, as (key, message)."""
    lists = {"sheets.subjects": config.sheets.subjects}
    if config.feature_table is not None:
        lists["feature_table.path"] = config.feature_table.path
    if config.predictions is not None:
        lists["predictions.path"] = config.predictions.path
    for key, names in lists.items():
        for path, count in Counter(map(Path, names)).items():
            if count > 1:
                yield key, f"lists {str(path)!r} {count} times; keep one"


def table_faults(
    config: StudyConfig, paths: Sequence[Path], sheet_columns: Iterable[str] | None
) -> list[Fault]:
    """Faults that the first lines of the files of the table show.

    Parameters
    ----------
    config : StudyConfig
        A configuration with the section `feature_table`.
    paths : sequence of Path
        Files of the table.
    sheet_columns : iterable of str or None
        Columns of the subjects sheet; None if it could not be read, so that nothing is
        compared with it.
    """
    table = config.feature_table
    absent = [path for path in paths if table is None or not path.is_file()]
    if table is None or absent:
        return [Fault(str(path), "", "the file does not exist") for path in absent]
    try:
        by_file = [first_line(path) for path in paths]
    except OutsideTableError as error:
        return error.faults
    chosen = naming.chosen_columns(united(by_file), table.features, table.exclude)
    told = [
        Fault(str(path), *fault)
        for path, own in zip(paths, by_file, strict=True)
        for fault in _column_faults(table, own)
    ]
    told += column_faults(paths, by_file, {*chosen} - {*table.names})
    found = _faults_of_all(config, table, united(by_file), sheet_columns)
    return [*told, *(Fault(named(paths), *fault) for fault in found)]


def _faults_of_all(
    config: StudyConfig,
    table: FeatureTableSection,
    columns: list[str],
    sheet_columns: Iterable[str] | None,
) -> Iterator[tuple[str, str]]:
    """Faults of the columns of all files together."""
    chosen = naming.chosen_columns(columns, table.features, table.exclude)
    names = naming.matrix_columns(chosen, table.name_style, table.names)
    yield from _pattern_faults(table, columns)
    yield from _taken_faults(config, table, chosen)
    if sheet_columns is not None:
        yield from _batch_faults(table, {*columns, *sheet_columns})
    yield from _name_faults(names)
    yield from _use_faults(config, table, list(names.values()))


def first_line(path: Path) -> list[str]:
    """Names of the columns of a table."""
    if path.name.lower().endswith(".parquet"):
        import pyarrow.parquet

        return require_visible(path, list(pyarrow.parquet.read_schema(path).names))
    return column_names(path)


def _column_faults(
    table: FeatureTableSection, columns: list[str]
) -> Iterator[tuple[str, str]]:
    """Columns that are missing, or whose name is not theirs alone."""
    spared = "subject_id_column" if table.unnamed_subjects == "number" else ""
    keys = [key for key in _COLUMNS if key != spared]
    named = [(f"feature_table.{key}", getattr(table, key)) for key in keys]
    named += [("feature_table.names", column) for column in table.names]
    for key, column in named:
        if column is not None and column not in columns:
            yield key, f"the column {column!r} is missing{_nearest(column, columns)}"
    for column in sorted({name for name in columns if columns.count(name) > 1}):
        yield column, f"{columns.count(column)} columns have this name"


def _pattern_faults(
    table: FeatureTableSection, columns: list[str]
) -> Iterator[tuple[str, str]]:
    for pattern in table.features:
        if not any(fnmatchcase(column, pattern) for column in columns):
            yield (
                "feature_table.features",
                f"{pattern!r} fits none of {len(columns)} columns"
                f"{_nearest(pattern.strip('*'), columns)}",
            )


def _taken_faults(
    config: StudyConfig, table: FeatureTableSection, chosen: list[str]
) -> Iterator[tuple[str, str]]:
    """Columns that are known to be something else than a feature."""
    for column, meaning in _meanings(config, table).items():
        if column in chosen:
            yield (
                "feature_table.features",
                f"would take {column!r} as a feature, which is {meaning}; add it to "
                "feature_table.exclude",
            )


def _meanings(config: StudyConfig, table: FeatureTableSection) -> dict[str, str]:
    """Columns of the table or the subjects sheet and what the study says they are."""
    sheets = config.sheets
    pairs: list[tuple[str | None, str]] = [
        *((column, "a batch variable") for column in table.batch_columns),
        *((getattr(table, key), f"the {key}") for key in _COLUMNS),
        (sheets.subject_id_column, "the subject"),
        (sheets.site_column, "the site"),
        *((f.column, f"the factor {name}") for name, f in config.factors.items()),
        *((c.column, f"the covariate {name}") for name, c in config.covariates.items()),
    ]
    for name, endpoint in config.endpoints.items():
        pairs += [(p, f"a proxy of the endpoint {name}") for p in endpoint.proxies]
        outcome = f"an outcome of the endpoint {name}"
        pairs += [(column, outcome) for column in endpoint.columns.values()]
        if endpoint.treatment is not None:
            given = f"the treatment of the endpoint {name}"
            pairs.append((endpoint.treatment.column, given))
    return {column: meaning for column, meaning in pairs if column is not None}


def _batch_faults(
    table: FeatureTableSection, columns: set[str]
) -> Iterator[tuple[str, str]]:
    for column in table.batch_columns:
        if column not in columns:
            yield (
                "feature_table.batch_columns",
                f"the column {column!r} is neither here nor in the subjects sheet"
                f"{_nearest(column, columns)}",
            )


def _name_faults(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, columns in naming.collisions(names).items():
        yield (
            "feature_table.names",
            f"the columns {columns} would all become {name!r}; give them other names",
        )


def _use_faults(
    config: StudyConfig, table: FeatureTableSection, columns: list[str]
) -> Iterator[tuple[str, str]]:
    """Patterns that fit no feature; only if image and region are fixed."""
    if not (table.image and table.region):
        return
    full = [f"{table.image}.{table.region}.{column}" for column in columns]
    used = [(f"arms.{name}.features", a.features) for name, a in config.arms.items()]
    for name, endpoint in config.endpoints.items():
        used.append((f"endpoints.{name}.markers", endpoint.marker_patterns))
    for key, patterns in used:
        for pattern in patterns:
            if not any(fnmatchcase(feature, pattern) for feature in full):
                yield (
                    key,
                    f"{pattern!r} fits none of {len(full)} features such as {full[:2]}"
                    f"{_nearest(pattern, full)}",
                )


def _nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the nearest name, without listing a thousand of them."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
