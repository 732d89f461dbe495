"""A hybrid-reference file (ISO 32000-2 7.5.8.4): a table for old readers, a stream that /XRefStm names for new ones.

No producer at hand writes this form, so it is written here: outlines and an AcroForm sit in an object stream, and their
numbers are free in the table and in use in the stream, which is the normal form of such a file. Two styles: the trailer
of the one table names the stream, as in the standard's example; or an empty second section does, as word processors
write it.
"""

import zlib

import agreement


def _pack(entries):
    return b"".join(kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in entries)


def _file(with_form, empty_section):
    content = ["BT /F1 9 Tf 12 TL 57 790 Td"]
    escapes = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
    content += [f"({line.translate(escapes)}) '" for line in agreement.as_lines()[:38]]
    stream = zlib.compress("\n".join(content + ["ET"]).encode("latin-1"), 9)
    hidden = {7: b"<< /Type /Outlines /First 8 0 R /Last 8 0 R /Count 1 >>", 8: b"<< /Title (Agreement) /Parent 7 0 R /Dest [3 0 R /Fit] >>"}
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    if with_form:
        hidden[9] = b"<< /Fields [10 0 R] /DA (/Helv 9 Tf 0 g) /DR << /Font << /Helv 5 0 R >> >> >>"
        hidden[10] = (b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (income) /V (2850.00) /Rect [400 800 540 818] /F 4 /P 3 0 R"
                      b" /DA (/Helv 9 Tf 0 g) /AP << /N 6 0 R >> >>")
        catalog += b" /AcroForm 9 0 R"
        page += b" /Annots [10 0 R]"
    look = b"/Tx BMC BT /Helv 9 Tf 2 5 Td (2850.00) Tj ET EMC"
    plain = {
        1: catalog + b" >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", 3: page + b" >>",
        4: b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        6: b"<< /Type /XObject /Subtype /Form /BBox [0 0 140 18] /Resources << /Font << /Helv 5 0 R >> >> /Length %d >>\nstream\n" % len(look)
           + look + b"\nendstream",
    }
    out, at = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), {}

    def put(number, body):
        at[number] = len(out)
        out.extend(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    for number, body in plain.items():
        put(number, body)
    index, bodies = [], b""
    for number, body in hidden.items():
        index.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b" "
    head = b" ".join(index) + b" "
    container, xref_stream = 11, 12
    put(container, b"<< /Type /ObjStm /N %d /First %d /Length %d >>\nstream\n" % (len(hidden), len(head), len(head + bodies)) + head + bodies
        + b"\nendstream")
    entries = _pack([(2, container, place) for place in range(len(hidden))] + [(1, at[container], 0)])
    ranges = b"[7 %d %d 1]" % (len(hidden), container)
    put(xref_stream, b"<< /Type /XRef /Size 13 /W [1 4 2] /Index %s /Root 1 0 R /Length %d >>\nstream\n" % (ranges, len(entries)) + entries
        + b"\nendstream")
    table = len(out)
    out += b"xref\n0 13\n"
    free = [0] + [n for n in range(1, 13) if n not in at]
    for number in range(13):
        if number in free:
            following = free[(free.index(number) + 1) % len(free)]
            out += b"%010d 65535 f \n" % following
        else:
            out += b"%010d 00000 n \n" % at[number]
    ident = zlib.crc32(bytes(out)).to_bytes(4, "big").hex().encode() * 4
    common = b"/Size 13 /Root 1 0 R /ID [<%s> <%s>]" % (ident, ident)
    if not empty_section:
        return bytes(out + b"trailer\n<< %s /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n" % (common, at[xref_stream], table))
    out += b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (common, table)
    second = len(out)
    out += b"xref\n0 0\ntrailer\n<< %s /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n" % (common, table, at[xref_stream], second)
    return bytes(out)


def make(out):
    (out / "hybrid-outlines.pdf").write_bytes(_file(with_form=False, empty_section=False))
    (out / "hybrid-form.pdf").write_bytes(_file(with_form=True, empty_section=True))
    return [("hybrid-outlines", "by hand"), ("hybrid-form", "by hand")]
