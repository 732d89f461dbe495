"""A document that keeps PDF/UA-2 (ISO 14289-2), which no producer here exports: by hand, a heading and a paragraph in the namespace of
PDF 2.0. Takes a path, writes the document. Whether it keeps what it claims is for veraPDF to say."""

from pathlib import Path

FONT = Path(__file__).resolve().parents[2] / "src/appearance/font/bundled/wide.ttf"
LINES = (("H1", 16, "Loan agreement"), ("P", 11, "The borrower repays each instalment on the fifth day of the month."))
CODES = range(32, 127)
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Latin def
/CMapType 2 def
1 begincodespacerange
<20> <7E>
endcodespacerange
1 beginbfrange
<20> <7E> <0020>
endbfrange
endcmap
end
end"""
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Loan agreement</rdf:li>
</rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>2</pdfuaid:part><pdfuaid:rev>2024</pdfuaid:rev>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def write(path):
    import pikepdf as pk
    from reportlab.pdfbase.ttfonts import TTFontFile

    pdf = pk.new()
    held = pdf.make_indirect

    def element(kind, parent, **more):
        return held(pk.Dictionary(Type=pk.Name.StructElem, S=pk.Name("/" + kind), P=parent, NS=space, **more))

    face, program = TTFontFile(str(FONT)), pdf.make_stream(FONT.read_bytes())
    program.Length1 = FONT.stat().st_size
    name = pk.Name("/WIDEAA+Wide")
    widths = pk.Array([round(face.charWidths.get(code, face.defaultWidth)) for code in CODES])
    descriptor = held(pk.Dictionary(
        Type=pk.Name.FontDescriptor, FontName=name, Flags=32, FontBBox=pk.Array([round(edge) for edge in face.bbox]), ItalicAngle=0,
        Ascent=round(face.ascent), Descent=round(face.descent), CapHeight=700, StemV=80, FontFile2=program))
    font = held(pk.Dictionary(
        Type=pk.Name.Font, Subtype=pk.Name.TrueType, BaseFont=name, FirstChar=CODES[0], LastChar=CODES[-1], Widths=widths,
        Encoding=pk.Name.WinAnsiEncoding, FontDescriptor=descriptor, ToUnicode=pdf.make_stream(TO_UNICODE)))
    text = [f"/{kind} <</MCID {n}>> BDC\nBT /F1 {size} Tf 72 {760 - 30 * n} Td ({line}) Tj ET\nEMC\n" for n, (kind, size, line) in enumerate(LINES)]
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Contents, page.Resources = pdf.make_stream("".join(text).encode()), pk.Dictionary(Font=pk.Dictionary(F1=font))
    page.StructParents, page.Tabs = 0, pk.Name.S

    space = held(pk.Dictionary(Type=pk.Name.Namespace, NS=pk.String("http://iso.org/pdf2/ssn")))
    tree = held(pk.Dictionary(Type=pk.Name.StructTreeRoot, Namespaces=pk.Array([space])))
    document = element("Document", tree)
    kids = [element(kind, document, Pg=page, K=n) for n, (kind, _, _) in enumerate(LINES)]
    document.K, tree.K = pk.Array(kids), pk.Array([document])
    tree.ParentTree, tree.ParentTreeNextKey = held(pk.Dictionary(Nums=pk.Array([0, pk.Array(kids)]))), 1

    metadata = pdf.make_stream(XMP.encode("utf-8"))
    metadata.Type, metadata.Subtype = pk.Name.Metadata, pk.Name.XML
    root = pdf.Root
    root.StructTreeRoot, root.Metadata, root.Lang = tree, metadata, pk.String("en-GB")
    root.MarkInfo, root.ViewerPreferences = pk.Dictionary(Marked=True), pk.Dictionary(DisplayDocTitle=True)
    pdf.save(path, deterministic_id=True, force_version="2.0")
