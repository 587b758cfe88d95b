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

html_theme = "furo"
html_title = "Concord"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"sidebar_hide_name": False}
# No stamp of the time: equal sources give equal pages.
html_last_updated_fmt = None
pygments_style = "friendly"
pygments_dark_style = "monokai"


def number_references(app, what, name, item, options, lines):
    """Footnotes of a docstring, numbered per page: several may have a `[1]`."""
    label = re.sub(r"\W+", "-", name)
    lines[:] = [re.sub(r"\[(\d+)\]", rf"[#{label}-\1]", line) for line in lines]


def setup(app):
    """Register what runs before numpydoc sections are parsed."""
    app.connect("autodoc-process-docstring", number_references, priority=400)
