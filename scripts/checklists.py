"""Rule checklists: fill the reporting checklists, and write the data card.

Reads   the cohort and every table and document of the report, the final models.
Writes  each checklist (HTML, Markdown, table kind "checklist"), the data card (HTML,
        Markdown).
"""

from concord import files, jobs, tables
from concord.report.checklists import filling, pages
from concord.report.checklists.facts import Facts, paths_of
from concord.report.checklists.items import FILES, checklist
from concord.report.checklists.settings import FillChecklists
from concord.report.sharing import card


def main(job) -> None:
    settings = jobs.settings(job, FillChecklists)
    given = paths_of(job.input)
    smallest = settings.report.smallest_cell
    facts = Facts(given, settings.values, smallest)

    for number, name in enumerate(FILES):
        asked = checklist(name)
        filled = filling.fill(name, asked, facts)
        html, markdown = (getattr(job.output, kind)[number] for kind in ("html", "md"))
        files.write_text(pages.page(settings.study, asked, filled), html)
        files.write_text(pages.markdown(settings.study, asked, filled), markdown)
        tables.write(
            [vars(one) for one in filled], job.output.checklist[number], "checklist"
        )

    found = card.card(given, settings.report.data_licence, settings.demonstration)
    html, markdown = job.output.card
    files.write_text(card.as_html(settings.study, found, smallest), html)
    files.write_text(card.as_markdown(settings.study, found, smallest), markdown)


if __name__ == "__main__":
    jobs.run(main, snakemake)
