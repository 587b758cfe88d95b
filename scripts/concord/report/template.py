"""The page's HTML and CSS; Python, so that an edit counts as a change of code."""

import base64
import hashlib


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


STYLE = """
:root { --ink: #1a1a1a; --soft: #555; --line: #d5d5d5; --band: #f4f6f8;
  --accent: #0072b2; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: #fff; padding: 8px; }
header, main, nav, footer { padding: 0 20px; }
header { padding-top: 24px; max-width: 1240px; margin: 0 auto; }
.page { max-width: 1240px; margin: 0 auto; display: grid;
  grid-template-columns: 220px minmax(0, 1fr); }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh;
  overflow-y: auto; padding-top: 20px; font-size: 14px; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 5px 0; color: var(--soft); text-decoration: none; }
nav a:hover, nav a:focus { color: var(--accent); text-decoration: underline; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 21px; margin: 0 0 12px; padding-top: 20px;
  border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 18px 0 6px; }
section { margin: 0 0 36px; }
section:first-of-type h2 { border-top: 0; }
.byline { color: var(--soft); margin: 0 0 16px; }
.banner { border-left: 5px solid #d55e00; background: #fdf3ec; padding: 8px 14px;
  margin: 8px 0; }
.banner strong { display: block; }
.wide { overflow-x: auto; margin: 14px 0; }
pre { overflow-x: auto; font-size: 13px; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums;
  min-width: 50%; }
caption { text-align: left; font-weight: 600; padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 14px 4px 0;
  border-bottom: 1px solid var(--line); }
td { min-width: 3em; }
.short { white-space: nowrap; }
thead th { border-bottom: 1.5px solid var(--ink); }
tbody th { font-weight: 500; }
tbody tr:nth-child(even) { background: var(--band); }
.note { color: var(--soft); font-size: 13.5px; margin: 4px 0 0; max-width: 75ch; }
p, li { max-width: 75ch; }
li { margin: 0 0 6px; }
figure { margin: 18px 0; }
figure img { width: 100%; max-width: 720px; height: auto; display: block; }
figcaption { color: var(--soft); font-size: 14px; margin-top: 6px; max-width: 75ch; }
summary { cursor: pointer; font-weight: 600; font-size: 14px; padding: 6px 0;
  color: var(--accent); }
details caption { display: none; }
a { color: var(--accent); }
footer { max-width: 1240px; margin: 0 auto; padding-bottom: 40px; color: var(--soft);
  font-size: 14px; }
@media (max-width: 860px) {
  body { font-size: 17px; }
  .page { display: block; }
  nav { position: static; max-height: none; border-bottom: 1px solid var(--line);
    padding-bottom: 12px; }
  nav ol { columns: 2; }
  h1 { font-size: 25px; }
}
@media print {
  nav, .skip { display: none; }
  .page { display: block; }
  body { font-size: 10pt; }
  table { font-size: 8pt; }
  .wide { overflow: visible; }
  h2, caption { break-after: avoid; }
  figure, tr, .banner { break-inside: avoid; }
}
"""

#: Colours where the reader's device is set to dark; figures keep their white paper.
DARK = """
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #b0b0b0; --line: #444; --band: #1f2327;
    --accent: #6cb6e8; }
  body, .skip:focus { background: #14171a; }
  .banner { background: #33210f; }
  figure img { background: #fff; padding: 6px; }
}
"""


def policy(style: str) -> str:
    """Permissions of a page: to show its own style and pictures that it holds, no more.

    A name that came through as markup could neither run nor load anything.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{_digest(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


PAGE = """\
{% macro grid(block) %}
<div class="wide" role="region" aria-label="{{ block.caption }}" tabindex="0">
<table>
<caption>{{ block.caption }}</caption>
<thead><tr>
{%- for name in block.columns %}<th scope="col">{{ name }}</th>{% endfor -%}
</tr></thead>
<tbody>
{% for row in block.rows %}
<tr>{% for cell in row %}
{%- set short = ' class="short"' | safe if cell | length < 30 else "" %}
{%- if loop.first %}<th scope="row"{{ short }}>{{ cell }}</th>
{%- else %}<td{{ short }}>{{ cell }}</td>
{%- endif %}{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% if block.note %}
<p class="note">{{ block.note }}</p>
{% endif %}
</div>
{% endmacro %}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1>{{ title }}</h1>
<p class="byline">{{ study }}{% if authors %}. {{ authors | join(", ") }}{% endif %}</p>
{% for banner in banners %}
<div class="banner" role="note"><strong>{{ banner.title }}</strong>
{{ banner.text }}</div>
{% endfor %}
</header>
<div class="page">
<nav aria-label="Contents"><ol>
{% for section in sections %}
<li><a href="#{{ section.anchor }}">{{ section.title }}</a></li>
{% endfor %}
</ol></nav>
<main id="main">
{% for section in sections %}
<section id="{{ section.anchor }}">
<h2>{{ section.title }}</h2>
{% for block in section.blocks %}
{% if block.kind == "text" %}
{% for paragraph in block.paragraphs %}
<p>{{ paragraph }}</p>
{% endfor %}
{% elif block.kind == "items" %}
{% if block.title %}
<h3>{{ block.title }}</h3>
{% endif %}
<ul>
{% for item in block["items"] %}
<li>{{ item }}</li>
{% endfor %}
</ul>
{% elif block.kind == "picture" %}
<figure>
<img src="{{ block.source }}" alt="{{ block.alt }}">
<figcaption>{{ block.caption }}</figcaption>
</figure>
{% elif block.kind == "link" %}
<p><a href="{{ block.href }}">{{ block.words }}</a></p>
{% elif block.kind == "written" %}
<details><summary>{{ block.caption }}</summary>
<pre>{{ block.text }}</pre>
</details>
{% elif block.folded %}
<details><summary>{{ block.caption }}</summary>
{{ grid(block) }}
</details>
{% else %}
{{ grid(block) }}
{% endif %}
{% endfor %}
</section>
{% endfor %}
</main>
</div>
<footer>
<p>Made by Concord on <time id="created">{{ created }}</time>. Every number on this page
comes from a table of the study.</p>
</footer>
</body>
</html>
"""
