"""Given predictions as the workflow sees them: faults of columns, names of models."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...config_faults import Fault, nearest
from ...errors import StudyError, quoted
from ...evaluation.given.columns import column_faults
from ...evaluation.given.settings import PredictionsSection, foreign_endpoints
from ...feature_import.cells import text_of
from ...fields import key_fault
from ...models.settings.arm import ArmSection
from ...planned import Frozen
from ...tables import read_feature_table
from ...tables.outside import OutsideTableError
from ...tables.stacked import column_faults as file_faults
from ...tables.stacked import is_parquet, named, united
from ..config import StudyConfig
from ..entry.named_files import NamesFiles
from ..feature_table_checks import first_line

#: Models more than these are told by their number.
_MAX_SHOWN = 5
#: More models than these are taken for a column that holds something else.
_MOST_MODELS = 50


def model_names(section: PredictionsSection, paths: Sequence[Path]) -> list[str]:
    """Names of the models, in the order of the configuration or of the table.

    Empty if the table has no column of models. Raises StudyError if it cannot be read.
    """
    if section.models:
        return list(section.models)
    column = section.columns.model
    if is_parquet(paths):
        import pyarrow.parquet

        having = [path for path in paths if column in first_line(path)]
        read = (pyarrow.parquet.read_table(path, columns=[column]) for path in having)
        parts = [text_of(table.to_pandas()[column]) for table in read]
        cells = [cell for part in parts for cell in part]
    else:
        table = read_feature_table(paths, section.missing)
        cells = text_of(table[column]) if column in table else []
    return [name for name in dict.fromkeys(cells) if name]


def with_models(config: StudyConfig, names: Sequence[str]) -> StudyConfig:
    """The configuration with the models of the table as its arms.

    Nothing is known of their predictors, so that they have none.
    """
    section = config.predictions
    labels = section.models if section is not None else {}
    arms = {
        name: ArmSection(label=labels.get(name, ""))
        for name in names or [config.evaluation.headline_arm]
    }
    return config.model_copy(update={"arms": arms})


def names_of(study: NamesFiles, frozen: Frozen | None) -> tuple[str, list[str]]:
    """Models of the table, and what they are kept under in the record of a run.

    In a job of a run, they are those that the run read.
    """
    section, files = study.config.predictions, study.prediction_tables
    place = f"models of {named(files)}"
    kept = frozen.sheets.get(place) if frozen else None
    if kept is None and section is not None:
        kept = model_names(section, [*map(Path, files)])
    return place, list(kept or [])


def table_faults(config: StudyConfig, files: Sequence[str]) -> list[Fault]:
    """Faults of the columns and the models of the table."""
    section, paths = config.predictions, [*map(Path, files)]
    absent = [path for path in paths if section is None or not path.is_file()]
    if section is None or absent:
        return [Fault(str(path), "", "the file does not exist") for path in absent]
    try:
        by_file = [first_line(path) for path in paths]
        columns = united(by_file)
        found = [*file_faults(paths, by_file, {section.columns.subject_id})]
        endpoints = foreign_endpoints(config.endpoints)
        required = section.columns.model_fields_set
        told = [*column_faults(columns, section, endpoints, required)]
        again = [*_repeated_columns(by_file)]
        told += again or _model_faults(config, section, columns, paths)
    except OutsideTableError as error:
        return error.faults
    except StudyError as error:
        return [Fault(named(paths), "", str(error))]
    return [*found, *(Fault(named(paths), *one) for one in told)]


def _repeated_columns(by_file: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Columns that one file has twice."""
    for columns in by_file:
        for name in sorted({name for name in columns if columns.count(name) > 1}):
            yield name, f"{columns.count(name)} columns have this name; rename them"


def _model_faults(
    config: StudyConfig,
    section: PredictionsSection,
    columns: Sequence[str],
    paths: Sequence[Path],
) -> Iterator[tuple[str, str]]:
    """Models that cannot be told, or that the evaluation names and nobody gives."""
    column, judged = section.columns.model, config.evaluation
    if column not in columns:
        if len(section.models) > 1:
            yield (
                "predictions.columns.model",
                f"the column {column!r} is missing{nearest(column, columns)}, but "
                f"predictions.models names {', '.join(section.models)}",
            )
        known = [*section.models] or [judged.headline_arm]
    else:
        known = model_names(section, paths)
        yield from _name_faults(known, column)
    for key in ("headline_arm", "reference_arm"):
        name = getattr(judged, key)
        if name not in known:
            hint = nearest(name, known[:_MOST_MODELS])
            yield f"evaluation.{key}", f"{name!r} is no model of the table{hint}"


def _name_faults(names: Sequence[str], column: str) -> Iterator[tuple[str, str]]:
    """Models whose names cannot stand in files, and too many of them."""
    wrong = [(name, told) for name in names if (told := key_fault(name))]
    for name, told in wrong[:_MAX_SHOWN]:
        yield column, f"the model {quoted(name, column)} {told}; rename it there"
    if len(names) > _MOST_MODELS:
        yield (
            column,
            f"holds {len(names)} different models, expected {_MOST_MODELS} at most; is "
            "this the column of the model?",
        )
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.lower(), name)
        if other != name:
            yield column, f"{other!r} and {name!r} would be one file; rename one"
