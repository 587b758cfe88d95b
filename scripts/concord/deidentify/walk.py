"""Walk over the elements of a header, at every depth."""

from collections.abc import Iterator

from pydicom import DataElement, Dataset

from ..errors import reraise_run_fault


def readable_elements(header: Dataset) -> Iterator[DataElement]:
    """Elements without items whose values can be read, in a header and its items."""
    for tag in list(header.keys()):
        try:
            element = header[tag]
        except Exception as error:  # values are parsed here, from arbitrary bytes
            reraise_run_fault(error)
            continue
        if element.VR == "SQ":
            for item in element.value:
                yield from readable_elements(item)
        else:
            yield element
