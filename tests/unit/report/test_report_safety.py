"""The page and hostile names: nothing runs, nothing loads, nothing is markup."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from concord.provenance import canonical_json, embeddable
from concord.report import page

from ... import synthetic_results as synthetic
from ...plotting import HOSTILE, make_hostile


class Tags(HTMLParser):
    """Tags of a page with their attributes, and its words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def built(folder, hostile=False):
    paths = synthetic.write_results(folder)
    if hostile:
        for table in Path(folder).glob("*.tsv"):
            make_hostile(str(table))
        # What controls a terminal never gets past the reader of sheets.
        sheet = Path(folder, "cohort.tsv")
        sheet.write_text(re.sub("[\x07\u202e]", "", sheet.read_text("utf-8")), "utf-8")
    return page.build(paths | {"figures": []}, synthetic.SETTINGS)


def test_the_policy_allows_the_style_of_the_page_and_no_more(tmp_path):
    html = built(tmp_path)

    metas = [attrs for tag, attrs in Tags(html).tags if tag == "meta"]
    policy = next(m["content"] for m in metas if "http-equiv" in m)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert html.index("Content-Security-Policy") < html.index("<style>")
    assert not [attrs for _, attrs in Tags(html).tags if "style" in attrs]


def test_hostile_names_are_words_of_the_page(tmp_path):
    (tmp_path / "plain").mkdir()
    plain = built(tmp_path / "plain")
    html = built(tmp_path, hostile=True)

    found = Tags(html)
    assert {tag for tag, _ in found.tags} == {tag for tag, _ in Tags(plain).tags}
    assert not [a for _, attrs in found.tags for a in attrs if a.startswith("on")]
    words = " ".join(found.words)
    shown = [name for name in HOSTILE if name in words]
    assert {"$\\frac{1}{", "_$x_$"} <= set(shown)


def test_no_text_of_a_setting_can_end_the_element_that_holds_its_json():
    hostile = {"title": "</script><!--<script>alert(1)//\u2028\u2029"}

    text = embeddable(canonical_json(hostile))

    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == hostile
