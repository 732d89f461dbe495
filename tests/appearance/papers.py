"""Plain documents and pictures for the appearance sheet. Takes nothing, gives PDF, PNG, JPEG and JSON files made on the spot."""

import io
import json
import math

from PIL import Image, ImageDraw


def pdf(rotate=0, unit=None, crop=None, media=(0, 0, 420, 260), field=None, claim=None):
    """One page with a line of text; `field`: the box of an empty signature field; `claim`: the part of PDF/A that it says it is."""
    x0, y0, x1, y1 = crop or media
    text = f"BT /F 9 Tf {x0 + 14} {y1 - 20} Td (Loan agreement 4711: the parties agree as follows.) Tj ET".encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    box = lambda corners: "[" + " ".join(str(n) for n in corners) + "]"
    page = f"<</Type/Page/Parent 2 0 R/MediaBox{box(media)}/Rotate {rotate}/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
    page += f"/UserUnit {unit}" if unit else ""
    page += f"/CropBox{box(crop)}" if crop else ""
    page += "/Annots[6 0 R]" if field else ""
    catalog = "<</Type/Catalog/Pages 2 0 R" + ("/AcroForm<</Fields[6 0 R]/SigFlags 3>>" if field else "") + ("/Metadata 7 0 R" if claim else "")
    objects = [f"{catalog}>>".encode(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>", f"{page}>>".encode(),
               b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text), font]
    widget = f"<</Type/Annot/Subtype/Widget/FT/Sig/T(approval)/F 4/P 3 0 R/Rect{box(field)}>>" if field else "null"
    objects.append(widget.encode())
    if claim:
        packet = (f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                  f'<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>{claim}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>'
                  '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>').encode()
        objects.append(b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(packet), packet))
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    xref = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer\n<</Size %d/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\nstartxref\n%d\n%%%%EOF\n"
              % (len(objects) + 1, xref))
    return out.getvalue()


def seal(size=320):
    """A round seal whose paper is transparent and whose colour fades."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for ring, alpha in ((0.02, 255), (0.08, 140), (0.30, 90)):
        inset = int(size * ring)
        draw.ellipse((inset, inset, size - inset, size - inset), outline=(20, 70, 150, alpha), width=max(2, size // 30))
    points = [(size / 2 + size * r * math.sin(i * math.pi / 5), size / 2 - size * r * math.cos(i * math.pi / 5)) for i, r in enumerate([0.28, 0.12] * 5)]
    draw.polygon(points, fill=(20, 70, 150, 200))
    return image


def photograph(mode):
    """A sky over a field, with a sun."""
    image = Image.new("RGB", (240, 160))
    image.putdata([(90 + x // 4, 140 + y // 3, 230 - y // 2) if y < 100 else (60 + y // 3, 150 - x // 8, 60) for y in range(160) for x in range(240)])
    ImageDraw.Draw(image).ellipse((170, 20, 210, 60), fill=(250, 220, 80))
    return image.convert(mode)


def handwriting():
    """A name with a flourish, as a pad of 300 x 100 would tell it."""
    first = [(20 + i * 2.6 + 6 * math.sin(i / 2.1), 55 - 28 * math.sin(i / 3.3) * (1 - i / 70)) for i in range(48)]
    second = [(150 + i * 2.2, 52 + 14 * math.sin(i / 1.6) * (1 - i / 90)) for i in range(58)]
    flourish = [(18 + i * 6, 84 + 7 * math.sin(i / 7)) for i in range(44)]
    return {"width": 300, "height": 100, "pen": 3, "strokes": [first, second, flourish, [[285, 40]]]}


def write(folder):
    seal().save(folder / "seal.png")
    seal().convert("LA").save(folder / "grey-seal.png")
    for mode, name in (("L", "grey"), ("RGB", "colour"), ("CMYK", "cmyk")):
        photograph(mode).save(folder / f"{name}.jpg", quality=80)
    photograph("RGB").save(folder / "progressive.jpg", quality=80, progressive=True)
    photograph("P").save(folder / "palette.png")
    (folder / "ink.json").write_text(json.dumps(handwriting()))
