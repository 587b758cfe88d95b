"""Page of the rules, read from the text of the workflow's rule files."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..figures.lookup import declared

#: First line of a rule, and first line of a part of it such as `input:`.
_RULE = re.compile(r"^( *)(?:rule|checkpoint)(?: (\w+))?:$")
_PART = re.compile(r"^ +(\w+):(.*)$")
_CONDITION = re.compile(r"^(?:if|elif) (.+):$")

PAGE = """\
# Rules

A rule is one step of the study: it reads files, runs the script of its own name in
`scripts/`, and writes files. Its log is `logs/<rule>…`, its time and memory are in
`results/benchmarks/<rule>/`. Words in braces, such as `{{endpoint}}`, stand for each
value that the study has. Where the files that a rule reads depend on the study, the
expression of the rule file is shown. [Tables](tables.md) explains the columns.

This page is made from `workflow/rules/` by `make docs`.
{stages}"""


@dataclass(frozen=True)
class Rule:
    """One rule of a rule file; `inputs` and `outputs` by their names there."""

    name: str
    docstring: str
    condition: str
    inputs: dict[str, ast.expr]
    outputs: dict[str, ast.expr]
    environment: str

    def output_files(self) -> dict[str, list[str]]:
        """Paths that the rule writes, by the name of the output."""
        return {name: paths(value) for name, value in self.outputs.items()}


def rules_of(path: Path) -> list[Rule]:
    """All rules of a rule file that write files, in their order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if _RULE.match(line)]
    blocks = pairwise([*starts, len(lines)])
    return [
        _rule(lines[start:end], _condition(lines, start))
        for start, end in blocks
        if any(line.strip() == "output:" for line in lines[start:end])
    ]


def _condition(lines: list[str], start: int) -> str:
    """Condition of the `if` that an indented rule stands in; empty if none."""
    if not lines[start].startswith(" "):
        return ""
    conditions = (_CONDITION.match(line) for line in reversed(lines[:start]))
    return next((found[1] for found in conditions if found), "")


def _rule(lines: list[str], condition: str) -> Rule:
    head = lines[0]
    parts = _parts(lines[1:], len(head) - len(head.lstrip()) + 4)
    environment = re.search(r"envs/(\w+)\.yaml", parts.get("conda", ""))
    # A rule that a loop makes has its name, without the number, in a part of it.
    named = re.match(r" *\w+ (\w+)", head) or re.search(r'"(\w+)', parts["name"])
    return Rule(
        name=named[1] if named else "",
        docstring=lines[1].strip().strip('"'),
        condition=condition,
        inputs=_named(parts.get("input", "")),
        outputs=_named(parts.get("output", "")),
        environment=environment[1] if environment else "",
    )


def _parts(lines: list[str], indent: int) -> dict[str, str]:
    """Text of each part of a rule, such as `input`, by its name."""
    parts: dict[str, str] = {}
    name = ""
    for line in lines:
        found = _PART.match(line)
        if found and len(line) - len(line.lstrip()) == indent:
            name = found[1]
            parts[name] = found[2]
        elif name and line.startswith(" " * (indent + 1)):
            parts[name] += "\n" + line
    return parts


def _named(text: str) -> dict[str, ast.expr]:
    """Files of an input or output, which is written like arguments of a call."""
    call: Any = ast.parse(f"files({text})", mode="eval").body
    found = {str(number): value for number, value in enumerate(call.args)}
    return found | {keyword.arg or "": keyword.value for keyword in call.keywords}


def paths(value: ast.expr) -> list[str]:
    """Paths of what rules make that an expression names."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "figure":
        return declared(ast.literal_eval(value.args[0])).paths
    texts = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
    places = ("results/", "private/", "registered/")
    return [
        text.replace("{{", "{").replace("}}", "}")
        for text in texts
        if isinstance(text, str) and text.startswith(places)
    ]


def rule_page(workflow: Path) -> str:
    """Markdown page of every rule, by rule file, in the order of the Snakefile."""
    snakefile = (workflow.parent / "Snakefile").read_text(encoding="utf-8")
    files = re.findall(r'include: "workflow/(rules/\w+\.smk)"', snakefile)
    stages = (_stage(workflow / file) for file in dict.fromkeys(files))
    return PAGE.format(stages="".join(stages))


def _stage(path: Path) -> str:
    rules = rules_of(path)
    if not rules:
        return ""
    docstring = path.read_text(encoding="utf-8").splitlines()[0].strip('"')
    title = path.stem.capitalize()
    entries = "\n".join(line for rule in rules for line in _entry(rule))
    return f"\n## {title}\n\n{docstring} (`{path.name}`)\n{entries}\n"


def _entry(rule: Rule) -> Iterator[str]:
    yield f"\n### `{rule.name}`\n\n{rule.docstring}\n"
    if rule.condition:
        yield f"- only if: `{rule.condition}`"
    yield f"- reads: {_listed(rule.inputs)}"
    yield f"- writes: {_listed(rule.outputs)}"
    yield f"- runs: `scripts/{rule.name}.py` in `envs/{rule.environment}.yaml`"


def _listed(files: dict[str, ast.expr]) -> str:
    """Files on one line: their paths, or the expression that tells them."""
    shown = [
        f"`{text}`"
        for value in files.values()
        for text in (paths(value) or [_expression(value)])
    ]
    return ", ".join(dict.fromkeys(shown)) or "nothing"


def _expression(value: ast.expr) -> str:
    return " ".join(ast.unparse(value).split())
