#!/usr/bin/env python3
"""Makes documents that keep a standard: PDF/A-1 to -4 and PDF/UA, from LibreOffice, Ghostscript and pdfTeX.

Takes the programs of the machine, gives a folder in the cache, named by what it was made from; a second run finds it and does
nothing. The last line printed is the folder. `manifest.json` says what each document claims; whether it is true is for veraPDF to
say. A level that no producer here exports is one of their documents with the claim raised by pikepdf, and with what it then needs.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import agreement
import corpus
import universal
from producers import run

HERE = Path(__file__).resolve().parent
MADE_FROM = ("conformant.py", "universal.py", "corpus.py", "producers.py", "agreement.py", "requirements.txt")
PROFILE = "/usr/share/color/icc/ghostscript/srgb.icc"


def fingerprint():
    digest = hashlib.sha256(corpus.fingerprint().encode())
    for name in MADE_FROM:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:16]


def libreoffice(out):
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for name, flavours, options in (
            ("lo-1", ["1a"], dict(SelectPdfVersion=1)),
            ("lo-2", ["2b"], dict(SelectPdfVersion=2, UseTaggedPDF=False)),
            ("lo-3-tagged", ["3b"], dict(SelectPdfVersion=3, UseTaggedPDF=True)),
            ("lo-ua", ["ua1"], dict(PDFUACompliance=True, SelectPdfVersion=17)),
            # PDF/A-2 but for its metadata, which do not describe the PDF/UA schema.
            ("lo-2-ua", ["ua1"], dict(PDFUACompliance=True, SelectPdfVersion=2)),
        ):
            (scratch / f"{name}.fodt").write_text(agreement.as_fodt(), encoding="utf-8")
            typed = {k: {"type": "boolean" if isinstance(v, bool) else "long", "value": str(v).lower()} for k, v in options.items()}
            run("soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--norestore", "--nolockcheck", "--convert-to",
                f"pdf:writer_pdf_Export:{json.dumps(typed)}", "--outdir", out, scratch / f"{name}.fodt", env={"HOME": str(scratch)})
            made.append((name, "LibreOffice", flavours))
    return made


def ghostscript(out):
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        (scratch / "agreement.ps").write_text(agreement.as_postscript(), encoding="latin-1")
        (scratch / "definitions.ps").write_text(f"""%!
[ /Title ({agreement.TITLE}) /DOCINFO pdfmark
[/_objdef {{icc}} /type /stream /OBJ pdfmark
[{{icc}} << /N 3 >> /PUT pdfmark
[{{icc}} ({PROFILE}) (r) file /PUT pdfmark
[/_objdef {{intent}} /type /dict /OBJ pdfmark
[{{intent}} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {{icc}} /OutputConditionIdentifier (sRGB) >> /PUT pdfmark
[{{Catalog}} << /OutputIntents [ {{intent}} ] >> /PUT pdfmark
""", encoding="latin-1")
        for part in (1, 2, 3):
            name = f"gs-{part}"
            run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", f"--permit-file-read={PROFILE}", "-sDEVICE=pdfwrite", "-sPAPERSIZE=a4",
                f"-dPDFA={part}", "-dPDFACompatibilityPolicy=2", "-sColorConversionStrategy=RGB", f"-sOutputFile={out / name}.pdf",
                scratch / "definitions.ps", scratch / "agreement.ps")
            made.append((name, "Ghostscript", [f"{part}b"]))
    return made


def xmp(part, level):
    """Metadata for a document that brings none."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="{part}" pdfaid:conformance="{level}"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="pdfTeX" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="TeX"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def pdftex(out):
    """pdfTeX has no PDF/A of its own: its primitives bring the metadata and the output intent."""
    made = []
    for name, part, level, head in (
        ("tex-1", 1, "B", r"\pdfmajorversion=1\pdfminorversion=4\pdfobjcompresslevel=0"),
        ("tex-2-packed", 2, "U", r"\pdfmajorversion=1\pdfminorversion=7\pdfobjcompresslevel=3"),
    ):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            (scratch / "claim.xmp").write_text(xmp(part, level), encoding="utf-8")
            shutil.copy(PROFILE, scratch / "srgb.icc")
            preamble = head + r"""\pdfgentounicode=1\input{glyphtounicode}\pdfinfoomitdate=1\pdfsuppressptexinfo=-1
\pdfinfo{/Producer (pdfTeX) /Creator (TeX)}
\AtBeginDocument{\immediate\pdfobj stream attr{/N 3} file{srgb.icc}\edef\icc{\the\pdflastobj}
\pdfcatalog{/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile \icc\space 0 R >>]}
\pdfcompresslevel=0 \immediate\pdfobj stream attr{/Type /Metadata /Subtype /XML} file{claim.xmp}
\pdfcatalog{/Metadata \the\pdflastobj\space 0 R}\pdfcompresslevel=9 }"""
            text = agreement.as_latex(preamble).replace(r"\usepackage[pdfborder={0 0 0}]{hyperref}", "")
            (scratch / f"{name}.tex").write_text(text, encoding="utf-8")
            run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex", cwd=scratch, env={"HOME": str(scratch)})
            shutil.copy(scratch / f"{name}.pdf", out)
            made.append((name, "pdfTeX", [f"{part}{level.lower()}"]))
    return made


UA_SCHEMA = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>
</pdfaExtension:schemas></rdf:Description>"""


def raised(out):
    """The claim of a producer's document raised to what it keeps as well."""
    import pikepdf as pk

    made = []

    def claim(pdf, part, level, revision=None, described=False):
        data = pdf.Root.Metadata.read_bytes().decode("utf-8")
        data = re.sub(r"<pdfaid:part>\d</pdfaid:part>", f"<pdfaid:part>{part}</pdfaid:part>", data)
        new = f"<pdfaid:conformance>{level}</pdfaid:conformance>" if level else f"<pdfaid:rev>{revision}</pdfaid:rev>"
        data = re.sub(r"<pdfaid:conformance>\w</pdfaid:conformance>", new, data)
        if described:
            data = data.replace("</rdf:RDF>", UA_SCHEMA + "</rdf:RDF>")
        stream = pdf.make_stream(data.encode("utf-8"))
        stream.Type, stream.Subtype = pk.Name.Metadata, pk.Name.XML
        pdf.Root.Metadata = stream

    def save(pdf, name, flavours, **options):
        pdf.save(out / f"{name}.pdf", deterministic_id=True, **options)
        made.append((name, "pikepdf", flavours))

    generate = pk.ObjectStreamMode.generate
    with pk.open(out / "lo-3-tagged.pdf") as pdf:
        claim(pdf, 2, "A")
        save(pdf, "pike-2a", ["2a"], object_stream_mode=generate)
        claim(pdf, 2, "U")
        save(pdf, "pike-2u", ["2u"])
        claim(pdf, 3, "A")
        save(pdf, "pike-3a", ["3a"])
    with pk.open(out / "lo-2-ua.pdf") as pdf:
        claim(pdf, 2, "A", described=True)
        save(pdf, "pike-2a-ua", ["2a", "ua1"], object_stream_mode=generate)
    with pk.open(out / "lo-ua.pdf") as pdf:  # an empty signature field for each signer, with its tags
        page, tree = pdf.pages[0].obj, pdf.Root.StructTreeRoot
        document = tree.K[0] if isinstance(tree.K, pk.Array) else tree.K
        fields = []
        for number, (x, y, width, height) in enumerate(corpus.blank_boxes(out / "lo-ua.pdf", ""), 1):
            key = int(tree.ParentTreeNextKey) if "/ParentTreeNextKey" in tree else max(int(n) for n in tree.ParentTree.Nums[::2]) + 1
            field = pdf.make_indirect(pk.Dictionary(
                Type=pk.Name.Annot, Subtype=pk.Name.Widget, FT=pk.Name.Sig, T=f"Signature{number}", TU=f"Signature {number}", F=4, P=page,
                Rect=pk.Array([x, y, x + width, y + height]), StructParent=key))
            element = pdf.make_indirect(pk.Dictionary(
                Type=pk.Name.StructElem, S=pk.Name.Form, P=document, Pg=page, K=pk.Dictionary(Type=pk.Name.OBJR, Obj=field, Pg=page)))
            document.K.append(element)
            tree.ParentTree.Nums.extend([key, element])
            tree.ParentTreeNextKey = key + 1
            fields.append(field)
        page.Annots = pk.Array(list(page.get("/Annots", [])) + fields)
        page.Tabs = pk.Name.S
        pdf.Root.AcroForm = pk.Dictionary(Fields=pk.Array(fields))
        save(pdf, "pike-ua-prepared", ["ua1"])
    with pk.open(out / "lo-3-tagged.pdf") as pdf:  # ISO 19005-4: no /Info, PDF 2.0
        claim(pdf, 4, None, 2020)
        del pdf.trailer["/Info"]
        save(pdf, "pike-4", ["4"], force_version="2.0", object_stream_mode=generate)
    universal.write(out / "hand-ua2.pdf")
    made.append(("hand-ua2", "by hand", ["ua2"]))
    return made


def build(folder):
    with ThreadPoolExecutor(2) as pool:
        made = [entry for entries in pool.map(lambda job: job(folder), (libreoffice, ghostscript, pdftex)) for entry in entries]
    made += raised(folder)
    documents = [dict(file=f"{name}.pdf", producer=producer, keeps=keeps, password="", features=[],
                      blank=corpus.blank_boxes(folder / f"{name}.pdf", "")) for name, producer, keeps in made]
    (folder / "manifest.json").write_text(json.dumps(documents, indent=1) + "\n")


def main():
    target = corpus.cache() / "interop" / f"conformant-{fingerprint()}"
    if not (target / "manifest.json").is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            build(Path(scratch))
            try:
                os.rename(shutil.copytree(scratch, f"{scratch}-done"), target)
            except OSError:  # another run was faster
                shutil.rmtree(f"{scratch}-done", ignore_errors=True)
    print(target)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
