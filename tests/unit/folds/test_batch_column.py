"""Names of batch columns."""

import pytest

from concord.folds.batch_column import BatchColumn


@pytest.mark.parametrize("text", ["batch.CT.site", "batch.T1.kernel.detail"])
def test_a_column_is_written_as_it_is_read(text):
    assert str(BatchColumn.parse(text)) == text
    assert BatchColumn.names(text)


@pytest.mark.parametrize("text", ["site", "batch.CT", "covariate.a.b", "batches.CT.x"])
def test_other_columns_are_no_batches(text):
    assert not BatchColumn.names(text)
    assert BatchColumn.variable_of(text) == text


def test_no_batch_column_is_refused():
    with pytest.raises(ValueError, match=r"'covariate\.a\.b' is no batch column"):
        BatchColumn.parse("covariate.a.b")


def test_images_whose_names_begin_alike_are_told_apart():
    columns = ["batch.T1.site", "batch.T1c.site", "group", "batch.T1.kernel"]
    assert BatchColumn.of_image(columns, "T1") == ["batch.T1.site", "batch.T1.kernel"]
    assert BatchColumn.variable_of("batch.T1c.site") == "site"
