"""Kinds of tables about the run itself."""

from ..columns import Column, count, text

KINDS: dict[str, dict[str, Column]] = {
    "verification": {
        "file": text("result that is not as the records tell", required=True),
        "result": text("what a rule makes: the file or its folder", required=True),
        "rule": text("rule that wrote it; empty if none recorded it"),
        "state": text(
            "changed, swapped, missing, other_input, unrecorded or manifest",
            required=True,
        ),
        "text": text("what was recorded, and what is there", required=True),
    },
    "manifest": {
        "file": text("file of a result", required=True),
        "result": text("what a rule makes: the file or its folder", required=True),
        "sha256": text("SHA-256 of its content, in hex digits", required=True),
        "size": count("size", "byte"),
        "rule": text("rule that wrote it; empty if it was edited before the listing"),
    },
    "checklist": {
        "checklist": text("name of the checklist", required=True),
        "item": text("number of the item in its publication", required=True),
        "section": text("part of the checklist", required=True),
        "words": text("what the item asks for, in Concord's own words", required=True),
        "status": text("auto, draft or human: how it can be filled", required=True),
        "state": text(
            "from facts, drafted, left to the authors or not evidenced", required=True
        ),
        "value": text("fact, draft, or why nothing is evidenced"),
        "file": text("files that prove it, or the configuration"),
        "place": text("columns or keys in them"),
    },
}
