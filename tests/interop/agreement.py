"""The loan agreement that every producer sets in type, and its forms for each of them.

Takes nothing, gives text. Every form leaves the lowest 75 mm of each page empty: that is where the tests put visible
signatures, and the corpus is refused if a page is not blank there.
"""

import html
import textwrap

TITLE = "Personal Loan Agreement"
NUMBER = "PLA-2026-004711"
LENDER = "Meridian Commerce Bank, 14 Harbour Road, Port Louis"
BORROWER = "Amina Rivière-Joseph, 3 Rue des Flamboyants, Curepipe"
PRINCIPAL = 24_000_00  # cents
RATE = 0.0675  # a year
MONTHS = 24
BOTTOM_MM = 75

CLAUSES = [
    ("The loan", [
        "The Lender agrees to lend to the Borrower the sum of EUR 24,000.00 (the \"Principal\"), to be paid in one amount to the "
        "account named in Schedule B within three business days after both parties have signed this agreement.",
        "The Borrower shall use the Principal for the renovation of the residence named above and for nothing else.",
    ]),
    ("Interest", [
        "Interest accrues on the outstanding Principal at a fixed rate of 6.75 % a year, counted on a 30/360 basis from the day of payment.",
        "If an instalment is more than ten days late, default interest of 2.00 percentage points above the rate named here is due on the late amount.",
    ]),
    ("Repayment", [
        "The Borrower repays the loan in 24 equal monthly instalments, each due on the fifth day of the month, as listed in Schedule A.",
        "The Borrower may repay the whole loan or a part of at least EUR 500.00 ahead of time without a fee, by notice of thirty days.",
    ]),
    ("Representations of the Borrower", [
        "The Borrower declares that the particulars of income and of other debts given in the application are true and complete.",
        "No proceedings are pending against the Borrower that could have a material effect on the ability to repay.",
    ]),
    ("Events of default", [
        "The Lender may declare the outstanding Principal due at once if two instalments in a row remain unpaid for thirty days, if a "
        "representation made here turns out to be false, or if insolvency proceedings are opened over the Borrower's assets.",
    ]),
    ("Electronic form", [
        "The parties agree that this agreement is concluded in electronic form and signed with electronic signatures made by keys that "
        "are under the sole control of each signatory. A printed copy is for information only.",
    ]),
    ("Law and venue", [
        "This agreement is governed by the law of the Lender's seat. The courts of that place have jurisdiction, mandatory consumer "
        "protection law of the Borrower's residence notwithstanding.",
    ]),
]


def schedule():
    """Rows of the repayment plan: month, instalment, interest, principal, remaining debt; amounts in cents, exact to the last one."""
    monthly = RATE / 12
    instalment = round(PRINCIPAL * monthly / (1 - (1 + monthly) ** -MONTHS))
    rows, debt = [], PRINCIPAL
    for month in range(1, MONTHS + 1):
        interest = round(debt * monthly)
        principal = debt if month == MONTHS else instalment - interest
        debt -= principal
        rows.append((month, interest + principal, interest, principal, debt))
    return rows


def money(cents):
    return f"{cents / 100:,.2f}"


def as_lines(width=86):
    """Plain lines, for producers that set line by line."""
    lines = [TITLE.upper(), f"No. {NUMBER}", "", f"Lender: {LENDER}", f"Borrower: {BORROWER}", ""]
    for number, (title, paragraphs) in enumerate(CLAUSES, 1):
        lines.append(f"{number}. {title}")
        for paragraph in paragraphs:
            lines += textwrap.wrap(paragraph, width) + [""]
    lines.append("Schedule A: repayment plan (EUR)")
    lines += [f"{m:>3}  {money(a):>12}  {money(i):>10}  {money(p):>12}  {money(d):>12}" for m, a, i, p, d in schedule()]
    return lines


def as_html(page="A4", picture=False):
    clauses = "".join(
        f"<h2>{n}. {html.escape(title)}</h2>" + "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
        for n, (title, paragraphs) in enumerate(CLAUSES, 1))
    rows = "".join("<tr>" + "".join(f"<td>{v}</td>" for v in (m, money(a), money(i), money(p), money(d))) + "</tr>"
                   for m, a, i, p, d in schedule())
    drawing = (
        '<svg width="160" height="60"><defs><linearGradient id="g"><stop offset="0" stop-color="#024"/><stop offset="1" '
        'stop-color="#08c" stop-opacity="0.5"/></linearGradient></defs><rect width="160" height="60" rx="9" fill="url(#g)"/>'
        '<circle cx="30" cy="30" r="20" fill="#fff" opacity=".7"/></svg><p><a href="https://example.com/terms">General terms</a></p>'
    ) if picture else ""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title><style>
@page {{ size: {page}; margin: 20mm 20mm {BOTTOM_MM}mm 20mm }}
body {{ font: 10.5pt 'Liberation Serif', serif }} h1, h2 {{ font-family: 'Liberation Sans', sans-serif }} h2 {{ font-size: 11pt }}
table {{ border-collapse: collapse; width: 100% }} td, th {{ border: 0.5pt solid #888; padding: 1pt 4pt; text-align: right }}
</style></head><body>{drawing}<h1>{TITLE}</h1><p>No. {NUMBER}</p><p>{html.escape(LENDER)}<br>{html.escape(BORROWER)}</p>
{clauses}<h2>Schedule A: repayment plan (EUR)</h2><table><tr><th>Month<th>Instalment<th>Interest<th>Principal<th>Remaining</tr>
{rows}</table></body></html>"""


def _latex(text):
    for plain, escaped in (("\\", r"\textbackslash{}"), ("%", r"\%"), ("&", r"\&"), ("#", r"\#"), ("_", r"\_"), ("$", r"\$")):
        text = text.replace(plain, escaped)
    return text.replace(' "', " ``").replace('("', "(``").replace('"', "''")


def as_latex(preamble="", form=False):
    clauses = "\n".join(
        f"\\section{{{_latex(title)}}}\n" + "\n\n".join(_latex(p) for p in paragraphs) for title, paragraphs in CLAUSES)
    rows = "\\\\\n".join(" & ".join(str(v) for v in (m, money(a), money(i), money(p), money(d))) for m, a, i, p, d in schedule())
    # Written with pdfTeX's primitives: hyperref's forms want fonts that a small TeX installation lacks.
    fields = r"""\section{Particulars}
\immediate\pdfobj{<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>}\edef\helv{\the\pdflastobj}
Monthly net income (EUR): \pdfannot width 5cm height 11pt depth 3pt {/Subtype /Widget /FT /Tx /T (income) /V (2850.00) /F 4
/DA (/Helv 9 Tf 0 g)}\edef\income{\the\pdflastannot}\par\bigskip
\noindent Employer: \pdfannot width 5cm height 11pt depth 3pt {/Subtype /Widget /FT /Tx /T (employer) /F 4
/DA (/Helv 9 Tf 0 g)}\edef\employer{\the\pdflastannot}
\pdfcatalog{/AcroForm << /Fields [\income\space 0 R \employer\space 0 R] /DA (/Helv 9 Tf 0 g)
/DR << /Font << /Helv \helv\space 0 R >> >> /NeedAppearances true >>}""" if form else ""
    return rf"""\documentclass[a4paper,10pt]{{article}}
{preamble}
\usepackage[utf8]{{inputenc}}\usepackage{{longtable}}
\usepackage[a4paper,margin=20mm,bottom={BOTTOM_MM}mm,nofoot]{{geometry}}
\usepackage[pdfborder={{0 0 0}}]{{hyperref}}\pagestyle{{empty}}
\title{{{TITLE}}}\author{{{_latex(LENDER)}}}\date{{No. {NUMBER}}}
\begin{{document}}\maketitle\thispagestyle{{empty}}
\noindent Borrower: {_latex(BORROWER)}
{fields}
{clauses}
\section{{Schedule A: repayment plan (EUR)}}
\begin{{longtable}}{{rrrrr}}
{rows}
\end{{longtable}}\end{{document}}"""


_ODF = ('office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
        'table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" form="urn:oasis:names:tc:opendocument:xmlns:form:1.0" '
        'presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" dc="http://purl.org/dc/elements/1.1/" '
        'meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xlink="http://www.w3.org/1999/xlink" ooo="http://openoffice.org/2004/office" ')


def _odf(kind, body, styles="", width="21cm", height="29.7cm", bottom_mm=BOTTOM_MM):
    names = " ".join("xmlns:" + part for part in _ODF.split())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {names} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{kind}">
<office:meta><dc:title>{TITLE}</dc:title><dc:language>en-GB</dc:language></office:meta>
<office:styles><style:default-style style:family="paragraph"><style:text-properties fo:language="en" fo:country="GB"
 style:font-name="Liberation Serif" fo:font-size="10.5pt"/></style:default-style></office:styles>
<office:automatic-styles><style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="{width}" fo:page-height="{height}"
 style:print-orientation="{'landscape' if width > height else 'portrait'}"
 fo:margin-top="2cm" fo:margin-left="2cm" fo:margin-right="2cm" fo:margin-bottom="{bottom_mm}mm"/></style:page-layout>{styles}</office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="pm"><style:header style:display="false"/>
<style:footer style:display="false"/></style:master-page>
<style:master-page style:name="Standard" style:page-layout-name="pm"/></office:master-styles>
<office:body>{body}</office:body></office:document>"""


def as_fodt(form=False):
    paragraphs = [f'<text:h text:outline-level="1">{TITLE}</text:h>', f"<text:p>No. {NUMBER}</text:p>",
                  f"<text:p>{html.escape(LENDER)}</text:p>", f"<text:p>{html.escape(BORROWER)}</text:p>"]
    forms = ""
    if form:
        control = 'form:control-implementation="ooo:com.sun.star.form.component.'
        forms = (
            f'<office:forms><form:form form:name="particulars" {control}Form">'
            f'<form:text form:name="income" {control}TextField" xml:id="c1" form:id="c1" form:value="2850.00"/>'
            f'<form:text form:name="employer" {control}TextField" xml:id="c2" form:id="c2"/>'
            f'<form:checkbox form:name="consent" {control}CheckBox" xml:id="c3" form:id="c3" form:label="Information received" '
            'form:current-state="checked"/></form:form></office:forms>')
        for label, control_id in (("Monthly net income (EUR)", "c1"), ("Employer", "c2"), ("Consent", "c3")):
            paragraphs.append(f'<text:p>{label}: <draw:control text:anchor-type="as-char" svg:width="7cm" svg:height="0.6cm" '
                              f'draw:control="{control_id}"/></text:p>')
    for number, (title, texts) in enumerate(CLAUSES, 1):
        paragraphs.append(f'<text:h text:outline-level="2">{number}. {html.escape(title)}</text:h>')
        paragraphs += [f"<text:p>{html.escape(text)}</text:p>" for text in texts]
    rows = "".join("<table:table-row>" + "".join(f"<table:table-cell><text:p>{v}</text:p></table:table-cell>"
                   for v in (m, money(a), money(i), money(p), money(d))) + "</table:table-row>" for m, a, i, p, d in schedule())
    table = f'<table:table table:name="A"><table:table-column table:number-columns-repeated="5"/>{rows}</table:table>'
    return _odf("text", f"<office:text>{forms}{''.join(paragraphs)}{table}</office:text>")


def as_fods():
    rows = "".join("<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="float" office:value="{v}"><text:p>{v}</text:p></table:table-cell>'
        for v in (m, a / 100, i / 100, p / 100, d / 100)) + "</table:table-row>" for m, a, i, p, d in schedule()[:12])
    table = f'<table:table table:name="Schedule A" table:style-name="ta">{rows}</table:table>'
    styles = '<style:style style:name="ta" style:family="table" style:master-page-name="Default"/>'
    return _odf("spreadsheet", f"<office:spreadsheet>{table}</office:spreadsheet>", styles, "29.7cm", "21cm")


def as_fodp():
    pages = "".join(
        f'<draw:page draw:name="p{n}" draw:master-page-name="Default"><draw:frame svg:x="2cm" svg:y="1.5cm" svg:width="24cm" svg:height="9cm">'
        f"<draw:text-box><text:p>{n}. {html.escape(title)}</text:p>{''.join(f'<text:p>{html.escape(t)}</text:p>' for t in texts)}"
        "</draw:text-box></draw:frame></draw:page>" for n, (title, texts) in enumerate(CLAUSES[:4], 1))
    return _odf("presentation", f"<office:presentation>{pages}</office:presentation>", "", "28cm", "21cm")


def as_postscript():
    def line(text):
        latin = text.encode("latin-1", "replace").decode("latin-1")
        return "".join(f"\\{ord(c):03o}" if c in "()\\" or ord(c) > 126 else c for c in latin)
    top, bottom = 800, BOTTOM_MM * 72 / 25.4
    pages, y = ["%!PS-Adobe-3.0", "/F { /Courier findfont 9 scalefont setfont } def", "F"], top
    for text in as_lines():
        if y < bottom + 12:
            pages.append("showpage F")
            y = top
        pages.append(f"57 {y} moveto ({line(text)}) show")
        y -= 12
    return "\n".join(pages + ["showpage"])
