"""Settings of Sphinx for the documentation site; `build.py` beside it calls Sphinx."""

import re

project = "Concord"
project_copyright = "the Concord authors, Apache-2.0"
root_doc = "index"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
default_role = "code"
nitpicky = False
# A type in a docstring, such as Plan or shape, may be the name of several things.
suppress_warnings = ["ref.python"]

# Links to headings of other pages, as GitHub makes them.
myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "Concord"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"sidebar_hide_name": False}
# No stamp of the time: equal sources give equal pages.
html_last_updated_fmt = None
pygments_style = "friendly"
pygments_dark_style = "monokai"


def plain_references(app, what, name, item, options, lines):
    """References of a docstring as a list; docutils would number them per page."""
    if what == "module":
        # The page says in its own words what a module is for.
        lines.clear()
    inside = 0
    for place, line in enumerate(lines):
        found = re.match(r"( *)\.\. \[(\d+)\] (.*)", line)
        if found:
            inside = len(found[1]) + 3
            lines[place] = f"{found[1]}{found[2]}. {found[3]}"
        elif inside and line.strip():
            lines[place] = " " * inside + line.strip()
        else:
            inside = 0
            line = re.sub(r"\[(\d+)\]_", r"[\1]", line)
            # Bars are the absolute value here, never a substitution.
            lines[place] = line if "`" in line else line.replace("|", "\\|")


def with_fields(app, what, name, item, options, lines):
    """Settings with the sentence of each field, as the page of keys has it."""
    fields = getattr(item, "model_fields", {}) if what == "class" else {}
    described = {n: f.description for n, f in fields.items() if f.description}
    for field, sentence in described.items():
        plain = re.sub(r"([*_`|\\])", r"\\\1", sentence)
        lines += ["", f":ivar {field}: {plain}"]


def is_foreign(app, what, name, item, skip, options):
    """Leave out what a module has imported from another package."""
    home = getattr(item, "__module__", None) or "concord"
    if name == "model_config":
        return True
    return True if not str(home).startswith("concord") else None


def setup(app):
    """Register what runs before numpydoc sections are parsed."""
    app.connect("autodoc-process-docstring", plain_references, priority=400)
    app.connect("autodoc-process-docstring", with_fields, priority=900)
    app.connect("autodoc-skip-member", is_foreign)
