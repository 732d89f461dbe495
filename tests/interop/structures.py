"""Changes to the structure of a real document that leave it legal and unusual: page trees, forms, annotations, boxes, catalogs, updates.

Each takes a document that pikepdf has opened and changes it; it may give what the manifest must know, as the name of an empty field.
"""

import pikepdf as pk
from pikepdf import Array, Dictionary, Name, String

CHANGES = {}


def change(work):
    CHANGES[work.__name__.replace("_", "-")] = work
    return work


def pages(pdf):
    return [page.obj for page in pdf.pages]


def node(pdf, kids, count, **more):
    made = pdf.make_indirect(Dictionary(Type=Name.Pages, Count=count, Kids=Array(kids), **more))
    for kid in kids:
        kid.Parent = made
    return made


def form(pdf):
    if "/AcroForm" not in pdf.Root:
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array()))
    return pdf.Root.AcroForm


def widget(pdf, page, name=None, rect=(0, 0, 0, 0), **more):
    titled = {} if name is None else {"T": String(name)}
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(list(rect)), F=4, P=page, **titled, **more))
    page.Annots = Array([*page.get("/Annots", []), made])
    return made


@change
def deep_tree(pdf):
    """Forty levels above every page; the resources are inherited from the highest."""
    leaves = pages(pdf)
    above = []
    for page in leaves:
        inner = page
        for _ in range(40):
            inner = node(pdf, [inner], 1)
        above.append(inner)
    pdf.Root.Pages = node(pdf, above, len(leaves))


@change
def wide_tree(pdf):
    """Six hundred pages in one node."""
    first = pages(pdf)
    box = first[0].get("/MediaBox", Array([0, 0, 595, 842]))
    blank = [pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=box, Resources=Dictionary())) for _ in range(600)]
    pdf.Root.Pages = node(pdf, [*first, *blank], len(first) + len(blank))


@change
def uneven_tree(pdf):
    """Empty nodes, a page beside nodes, boxes and rotation from above, whole turns."""
    first, *rest = pages(pdf)
    empty = node(pdf, [], 0)
    inner = node(pdf, [*rest, empty] if rest else [empty], len(rest), Rotate=360)
    first.Rotate = -360
    pdf.Root.Pages = node(pdf, [node(pdf, [], 0), first, inner], 1 + len(rest), Rotate=90)


@change
def user_unit(pdf):
    for page in pages(pdf):
        page.UserUnit = 1.5
    pdf.Root.Version = Name("/1.6")


@change
def odd_boxes(pdf):
    """Corners the wrong way round, a crop box beyond the media box, reals."""
    for page in pages(pdf):
        x0, y0, x1, y1 = (float(v) for v in page.MediaBox)
        page.MediaBox = Array([x1 + 0.5, y1 + 0.25, x0 - 7.125, y0 - 3.5])
        page.CropBox = Array([x0 - 100, y0 - 100, x1, y1])


@change
def rotated_crop_box(pdf):
    for page in pages(pdf):
        page.CropBox = Array([float(v) + d for v, d in zip(page.MediaBox, (11, 17, -5, -3))])
        page.Rotate = 270


@change
def shared_annotations(pdf):
    """One indirect /Annots array for all pages."""
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 40, 20]), Border=Array([0, 0, 0]),
                                        Dest=Array([pages(pdf)[0], Name.Fit])))
    shared = pdf.make_indirect(Array([made]))
    for page in pages(pdf):
        page.Annots = shared


@change
def indirect_form(pdf):
    """/AcroForm, /Fields, /Annots, /DR and /DA each in an object of its own."""
    held = form(pdf)
    held.Fields = pdf.make_indirect(held.Fields)
    held.DA = pdf.make_indirect(String("/Helv 0 Tf 0 g"))
    for page in pages(pdf):
        page.Annots = pdf.make_indirect(Array(list(page.get("/Annots", []))))


@change
def direct_form(pdf):
    held = Dictionary({key: value for key, value in form(pdf).items()})
    pdf.Root.AcroForm = held


@change
def empty_form(pdf):
    """A form without fields and an /Annots without annotations."""
    if not len(form(pdf).get("/Fields", [])):
        pdf.Root.AcroForm = Dictionary()
    for page in pages(pdf):
        if "/Annots" not in page:
            page.Annots = Array()


@change
def widgets_shared_and_unnamed(pdf):
    """One field with a widget on each page, kids without names, a widget that no field knows, an unnamed field."""
    held, kids = form(pdf), []
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("initials"), V=String("ARJ")))
    for page in pages(pdf):
        kids.append(widget(pdf, page, rect=(0, 0, 0, 0), Parent=field))
    field.Kids = Array(kids)
    held.Fields = Array([*held.get("/Fields", []), field])
    widget(pdf, pages(pdf)[0], FT=Name.Tx)


@change
def hierarchy(pdf):
    """Names over four levels, one of them with a dot's neighbour in Unicode; the type is inherited."""
    top = pdf.make_indirect(Dictionary(T=String("contrat"), FT=Name.Tx))
    part = pdf.make_indirect(Dictionary(T=String("emprunteur·é"), Parent=top))
    leaf = widget(pdf, pages(pdf)[0], "名前", Parent=part, V=String("Amina"))
    top.Kids, part.Kids = Array([part]), Array([leaf])
    held = form(pdf)
    held.Fields = Array([*held.get("/Fields", []), top])


@change
def empty_field(pdf):
    page = pages(pdf)[0]
    held = form(pdf)
    held.Fields = Array([*held.get("/Fields", []), widget(pdf, page, "Borrower", FT=Name.Sig)])
    return dict(field="Borrower")


@change
def empty_field_in_hierarchy(pdf):
    page = pages(pdf)[-1]
    top = pdf.make_indirect(Dictionary(T=String("parties"), FT=Name.Sig))
    top.Kids = Array([widget(pdf, page, "lender", Parent=top), widget(pdf, page, "borrower", Parent=top)])
    held = form(pdf)
    held.Fields = Array([*held.get("/Fields", []), top])
    held.SigFlags = 0
    return dict(field="parties.borrower")


@change
def empty_field_with_lock(pdf):
    page = pages(pdf)[0]
    lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String("initials")])))
    seed = Dictionary(Type=Name.SV, SubFilter=Array([Name("/ETSI.CAdES.detached"), Name("/adbe.pkcs7.detached")]),
                      DigestMethod=Array([String("SHA256"), String("SHA512")]), Ff=1)
    field = widget(pdf, page, "Guarantor", FT=Name.Sig, Lock=lock, SV=pdf.make_indirect(seed), MK=Dictionary(BC=Array([0, 0, 1])))
    held = form(pdf)
    held.Fields = Array([*held.get("/Fields", []), field])
    return dict(field="Guarantor")


@change
def empty_field_apart(pdf):
    """The field and its one widget are two objects; the widget is named nowhere else than in /Annots and /Kids."""
    page = pages(pdf)[0]
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("Witness"), Ff=0))
    field.Kids = Array([widget(pdf, page, Parent=field)])
    held = form(pdf)
    held.Fields = Array([*held.get("/Fields", []), field])
    return dict(field="Witness")


@change
def versions_and_extensions(pdf):
    pdf.Root.Version = Name("/1.7")
    pdf.Root.Extensions = Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=8))
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Lang = String("fr-MU")


@change
def without_information(pdf):
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]


@change
def layers(pdf):
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft mark")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(Order=Array([group]), ON=Array([group])))


@change
def attachments(pdf):
    pdf.attachments["terms.txt"] = pk.AttachedFileSpec(pdf, b"General terms and conditions", mime_type="text/plain",
                                                       creation_date="D:20260101000000Z", mod_date="D:20260101000000Z")


@change
def page_labels_and_outline(pdf):
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 1, Dictionary(S=Name.D, St=1)]))
    with pdf.open_outline() as outline:
        outline.root.append(pk.OutlineItem("Agreement", 0))


@change
def contents_in_pieces(pdf):
    """The page's content in many streams, one of them empty, the array an object of its own."""
    for page in pages(pdf):
        held = page.get("/Contents")
        parts = list(held) if isinstance(held, Array) else [held] if held is not None else []
        page.Contents = pdf.make_indirect(Array([pdf.make_stream(b""), *parts, pdf.make_stream(b"\n")]))
