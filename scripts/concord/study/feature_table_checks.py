"""Faults of a study that starts from a table of features."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from ..config_faults import Fault
from ..feature_import import naming
from ..feature_import.settings import FeatureTableSection
from ..tables.outside import OutsideTableError, column_names, require_visible
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
        if not config.recipes:
            yield (
                "recipes",
                "is missing; a study of images needs one per image or modality",
            )
        return
    for section in OF_IMAGES:
        if section in config.model_fields_set and getattr(config, section):
            yield section, "has no effect in a study with a feature_table; remove it"
    one_file = Path(table.path) == Path(config.sheets.subjects)
    if table.unnamed_subjects == "number" and not one_file:
        yield (
            "feature_table.unnamed_subjects",
            f"is 'number', but sheets.subjects is {config.sheets.subjects!r} and the "
            f"table {table.path!r}: rows of two files do not name one subject",
        )


def table_faults(
    config: StudyConfig, path: Path, sheet_columns: Iterable[str] | None
) -> list[Fault]:
    """Faults that the first line of the table shows.

    Parameters
    ----------
    config : StudyConfig
        A configuration with the section `feature_table`.
    path : Path
        The table.
    sheet_columns : iterable of str or None
        Columns of the subjects sheet; None if it could not be read, so that nothing is
        compared with it.
    """
    table = config.feature_table
    if table is None or not path.is_file():
        return [Fault(str(path), "", "the file does not exist")]
    try:
        columns = first_line(path)
    except OutsideTableError as error:
        return error.faults
    chosen = naming.chosen_columns(columns, table.features, table.exclude)
    names = naming.matrix_columns(chosen, table.name_style, table.names)
    faults = [
        *_column_faults(table, columns),
        *_pattern_faults(table, columns),
        *_taken_faults(config, table, chosen),
        *(
            _batch_faults(table, {*columns, *sheet_columns})
            if sheet_columns is not None
            else ()
        ),
        *_name_faults(names),
        *_use_faults(config, table, list(names.values())),
    ]
    return [Fault(str(path), *fault) for fault in faults]


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
