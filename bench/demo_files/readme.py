"""The README of the demonstration files, with the list of lines that are wrong on purpose."""

from __future__ import annotations

from pathlib import Path

from demo_files.scope import Faults

_HEAD = """\
# Demonstration files

Three départements' files as prevention offices keep them, imported by `prevention-app demo` and by
`./run` into a workspace of the three. **All of it is fictional and was made for this program**:
people, staff numbers, towns, sites, collèges, companies, figures, dates, accidents and observations are
invented; no town bears the name of a commune of the three départements and no collège that of one
of their public collèges. The wording of risks is that of our starting library.

The product names and authorisation numbers in `stock_phyto.xlsx` are real: they come from the
E-Phy catalogue of Anses (data.gouv.fr, Licence Ouverte / Open Licence of Etalab), editions of
23 September 2025 and February 2026. Where they lie, how much, and in what state is invented.

| file | import kind | department | what |
|---|---|---|---|
| `organigramme.xlsx` | organisation | all | a sheet for each employer: directorate, service, site, work unit, women and men |
| `agents_41.csv` | people | 41 | HR extract, Windows-1252 |
| `agents_45.csv` | people | 45 | HR extract, UTF-8 with a byte-order mark, headings in capitals |
| `agents_28.csv` | people | 28 | HR extract, UTF-8, ISO dates, year of birth only |
| `duerp_41.xlsx` | duerp | 41 | document unique, a sheet for each work unit, merged cells, colours |
| `duerp_45.xlsx` | duerp | 45 | document unique, one table |
| `duerp_28.xlsx` | duerp | 28 | document unique, scales in words, several actions in a cell |
| `habilitations.xlsx` | credentials | all | matrix of people and titles, Certiphyto among them |
| `verifications.xlsx` | inspections | all | a sheet for each kind of site |
| `accidents.xlsx` | accidents | all | a sheet a year, 2022 to 2026 |
| `stock_phyto.xlsx` | phyto-stock | all | inventory of the store rooms |
| `rsst.csv` | health_safety_entry | all | transcription of the health and safety registers |

The files pretend to have been put together on 24 November 2026. `python bench/make_demo_files.py`
makes them again, the same each time; this page is made with them.

## Lines that are wrong on purpose

So that the account of an import shows what it refuses or questions, and why. Rows count from 1, as
spreadsheets show them; in a CSV file row 1 is the heading.

| file | sheet | row | what is wrong |
|---|---|---|---|
"""


def write(folder: Path, faults: Faults) -> None:
    """Write README.md beside the files."""
    lines = [
        f"| `{fault.file}` | {fault.sheet or '–'} | {fault.row} | {fault.what} |\n"
        for fault in faults.found
    ]
    (folder / "README.md").write_text(_HEAD + "".join(lines), encoding="utf-8", newline="\n")
