"""Kinds of tables about the run itself."""

from ..columns import Column, text

KINDS: dict[str, dict[str, Column]] = {
    "verification": {
        "file": text("result that is not as the records tell", required=True),
        "result": text("what a rule makes: the file or its folder", required=True),
        "rule": text("rule that wrote it; empty if none recorded it"),
        "state": text("changed, missing, other_input or unrecorded", required=True),
        "text": text("what was recorded, and what is there", required=True),
    },
}
