"""Words for predictors, as a reader knows them."""

from ..development import ColumnSummary
from ..document import FrozenModel


def predictor_words(column: str, document: FrozenModel) -> tuple[str, str]:
    """Name and unit of a predictor, as a reader knows them."""
    if column in document.features:
        return column, document.features[column].unit
    name, is_level, level = column.removeprefix("covariate.").partition("=")
    if name in document.covariates:
        own = document.covariates[name]
        label = own.label or name
        text = f"{label} is {level}" if is_level else label
        return text, "1 if so, else 0" if is_level else own.unit
    return (f"{name} is {level}", "1 if so, else 0") if is_level else (name, "")


def words_of_range(known: ColumnSummary | None, digits: int) -> str:
    """Range in development, empty as far as it is not known."""
    if known is None:
        return ""
    return f"{known.lowest:.{digits}g} to {known.highest:.{digits}g}"
