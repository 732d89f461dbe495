"""A writer with every liberty that ISO 32000-2 7.5 gives one: the objects of a real document, laid out anew in an unusual but legal way.

Takes a document that pikepdf has opened and the name of a layout, gives bytes. Objects keep their numbers, streams their stored data.
"""

import zlib

import pikepdf as pk

DELIMITERS = b"()<>[]{}/%#"


class Layout:
    """How the file is put together. The defaults are those of a plain writer."""

    def __init__(self, **options):
        self.version, self.eol, self.head, self.tail = "1.7", b"\n", b"%\xe2\xe3\xcf\xd3", b"\n"
        self.escaped = self.indirect = self.backwards = self.comments = self.from_header = self.nulls = False
        self.generation, self.stride, self.holes, self.updates, self.sections = 0, 1, "", 0, 1
        self.style, self.widths, self.filter, self.runs, self.packed = "table", (1, 4, 2), "flate", "whole", False
        self.junk, self.before_xref = b"", b""
        self.__dict__.update(options)


LAYOUTS = {
    "cr": Layout(eol=b"\r", tail=b"\r"),
    "crlf": Layout(eol=b"\r\n", tail=b"\r\n"),
    "no-eol-at-end": Layout(tail=b""),
    "blank-at-end": Layout(tail=b" \r\n\r\n\n"),
    "junk-from-zero": Layout(junk=b"queue: loans\r\n" * 12),
    "junk-from-header": Layout(junk=b"@PJL SET COPIES=1\r\n" * 12, from_header=True),
    "pdf-10": Layout(version="1.0", head=b""),
    "pdf-11": Layout(version="1.1"),
    "pdf-20-stream": Layout(version="2.0", style="stream"),
    "escaped-names": Layout(escaped=True),
    "escaped-names-packed": Layout(escaped=True, style="stream", packed=True),
    "indirect": Layout(indirect=True),
    "indirect-packed": Layout(indirect=True, style="stream", packed=True),
    "generations": Layout(generation=3),
    "generations-stream": Layout(generation=7, style="stream"),
    "nulls": Layout(nulls=True),
    "backwards": Layout(backwards=True),
    "commented": Layout(comments=True),
    "free-listed": Layout(stride=3, holes="list"),
    "free-to-zero": Layout(stride=2, holes="zero"),
    "free-retired": Layout(stride=2, holes="retired"),
    "free-stream": Layout(stride=3, holes="list", style="stream"),
    "holes-in-runs": Layout(stride=4, runs="gaps"),
    "stream-runs": Layout(stride=4, runs="gaps", style="stream"),
    "stream-unfiltered": Layout(style="stream", filter=""),
    "stream-predictor": Layout(style="stream", filter="predictor", packed=True),
    "stream-hex": Layout(style="stream", filter="hex"),
    "stream-wide": Layout(style="stream", widths=(2, 8, 3)),
    "stream-typeless": Layout(style="stream", widths=(0, 4, 1)),
    "stream-no-third": Layout(style="stream", widths=(1, 3, 0)),
    "hybrid": Layout(style="hybrid", packed=True, version="1.5"),
    "two-sections": Layout(sections=2),
    "two-sections-stream": Layout(sections=2, style="stream", packed=True),
    "updated-30": Layout(updates=30),
    "updated-30-stream": Layout(updates=30, style="stream"),
    "spaced": Layout(before_xref=b"% the table follows\n\n", tail=b"\n% made by a printer\n"),
}


class Writer:
    def __init__(self, pdf, layout):
        self.pdf, self.layout, self.more = pdf, layout, []
        # Numbers, which pikepdf gives as Python's own, are written where they are used; how the file was packed is not carried over.
        objects = [o for o in pdf.objects if isinstance(o, pk.Object) and o.objgen[0]]
        numbers = sorted({o.objgen[0] for o in objects if not (isinstance(o, pk.Stream) and o.get("/Type") in ("/XRef", "/ObjStm"))})
        self.number = {n: 1 + place * layout.stride for place, n in enumerate(numbers)}
        self.next = 2 + (len(numbers) - 1) * layout.stride
        self.container_of, self.containers = {}, []

    def name(self, text, value=True):
        raw = text.encode("utf-8", "surrogateescape")[1:]
        # In values and in names of the writer's own (/F1, /Im2). A standard key behind an escape is what attackers write, and is refused.
        hide = self.layout.escaped and len(raw) > 1 and (value or raw[-1:].isdigit())
        out = b"/"
        for place, c in enumerate(raw):
            plain = 33 <= c <= 126 and c not in DELIMITERS and not (hide and place == 1)
            out += bytes([c]) if plain else b"#%02x" % c
        return out

    def reference(self, objgen):
        return b"%d %d R" % (self.number[objgen[0]], 0 if self.number[objgen[0]] in self.container_of else self.layout.generation)

    def value(self, o, top=False):
        """An object as text; what is indirect in the document is a reference unless it is the one being written."""
        if isinstance(o, (bool, int, float)) or o is None or not isinstance(o, pk.Object):
            return {True: b"true", False: b"false", None: b"null"}.get(o) if o is None or isinstance(o, bool) else str(o).encode()
        if o.is_indirect and not top:
            # A reference to an object that is not there is null.
            return self.reference(o.objgen) if o.objgen[0] in self.number else b"null"
        if isinstance(o, (pk.Dictionary, pk.Stream)):
            return self.dictionary(o)
        if isinstance(o, pk.Array):
            return b"[" + b" ".join(self.value(item) for item in o) + b"]"
        if isinstance(o, pk.Name):
            return self.name(str(o))
        if isinstance(o, pk.String):
            return b"<" + bytes(o).hex().encode() + b">"
        return o.unparse()

    def dictionary(self, o, extra=b""):
        entries = []
        for key in o.keys():
            if isinstance(o, pk.Stream) and key == "/Length":
                continue
            text = self.value(o.get(key))
            # A value may stand in an object of its own everywhere but in what the file is found by.
            if self.layout.indirect and key not in ("/Type", "/Length") and not text.endswith(b" R"):
                text = self.apart(text)
            entries.append(self.name(key, value=False) + b" " + text)
        if self.layout.nulls and isinstance(o, pk.Dictionary) and o.get("/Type") in ("/Page", "/Catalog"):
            entries += [b"/AA 8000000 0 R", b"/Annots null" if "/Annots" not in o else b"/Thumb null", b"/Extensions 8000001 0 R"]
        return b"<<" + self.layout.eol.join(entries) + extra + b">>"

    def apart(self, text):
        number, self.next = self.next, self.next + self.layout.stride
        self.more.append((number, text))
        return b"%d %d R" % (number, self.layout.generation)

    def body(self, o):
        eol = self.layout.eol
        if not isinstance(o, pk.Stream):
            return self.value(o, top=True)
        data = o.read_raw_bytes()
        length = self.apart(b"%d" % len(data)) if self.layout.indirect else b"%d" % len(data)
        # CR alone may not stand behind `stream` (7.3.8.1).
        return self.dictionary(o, b"/Length " + length) + eol + b"stream" + (b"\n" if eol == b"\r" else eol) + data + eol + b"endstream"

    def write(self):
        layout = self.layout
        if layout.packed:
            movable = [n for n in self.number if not isinstance(self.pdf.get_object(n, 0), pk.Stream)]
            if layout.style == "hybrid":  # old readers must find the pages
                needed = {self.pdf.Root.objgen[0]} | {n for n in movable if self.pages_and_more(self.pdf.get_object(n, 0))}
                movable = [n for n in movable if n not in needed]
            for start in range(0, len(movable), 40):
                members = movable[start:start + 40]
                number, self.next = self.next, self.next + layout.stride
                self.containers.append((number, members))
                self.container_of |= {self.number[n]: (number, place) for place, n in enumerate(members)}
        plain = [(self.number[n], self.body(self.pdf.get_object(n, 0))) for n in self.number if self.number[n] not in self.container_of]
        for number, members in self.containers:
            texts = [self.value(self.pdf.get_object(n, 0), top=True) + b" " for n in members]
            head, at = b"", 0
            for n, text in zip(members, texts):
                head, at = head + b"%d %d " % (self.number[n], at), at + len(text)
            data = zlib.compress(head + b"".join(texts))
            plain.append((number, b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (len(members), len(head), len(data))
                          + data + b"\nendstream"))
        plain += self.more
        if layout.backwards:
            plain.reverse()
        self.out = bytearray(layout.junk + b"%PDF-" + layout.version.encode() + layout.eol)
        self.out += layout.head + layout.eol if layout.head else b""
        self.shift = len(layout.junk) if layout.from_header else 0
        trailer = b"/Root " + self.reference(self.pdf.Root.objgen)
        if "/Info" in self.pdf.trailer:
            trailer += b"/Info " + self.value(self.pdf.trailer.Info)
        trailer += b"/ID[<%s><%s>]" % ((b"5468726976" * 3 + b"01",) * 2)
        previous, parts = None, layout.sections
        self.top = max([number for number, _ in plain] + list(self.container_of))
        for part in range(parts):
            piece = plain[part * len(plain) // parts:(part + 1) * len(plain) // parts]
            # Members of object streams come with the last section: their containers are there.
            members = self.container_of if part + 1 == parts else {}
            previous = self.section(piece, members, trailer, previous)
        info = self.pdf.trailer.get("/Info")
        for turn in range(layout.updates):
            number = self.number[info.objgen[0]] if info is not None and info.is_indirect else self.top + (turn == 0)
            update = trailer if info is not None else trailer + b"/Info %d %d R" % (number, layout.generation)
            previous = self.section([(number, b"<</Subject(Turn %d)>>" % turn)], {}, update, previous)
        return bytes(self.out)

    def pages_and_more(self, o):
        return isinstance(o, pk.Dictionary) and o.get("/Type") in ("/Pages", "/Page", "/Font", "/FontDescriptor") or not isinstance(o, pk.Dictionary)

    def section(self, objects, members, trailer, previous):
        """Objects, their cross-reference section and the way to it; gives the section's offset as the next must name it."""
        layout, eol, at = self.layout, self.layout.eol, {}
        for number, text in objects:
            if layout.comments:
                self.out += b"% object " + str(number).encode() + b" 0 obj ends with endobj" + eol
            at[number] = len(self.out) - self.shift
            self.out += b"%d %d obj" % (number, layout.generation) + eol + text + eol + b"endobj" + eol
        self.out += layout.before_xref
        start, first = len(self.out) - self.shift, previous is None
        rows = {n: (1, offset, layout.generation) for n, offset in at.items()}
        hidden = {n: (2, *place) for n, place in members.items()}
        self.top = max(self.top, *rows, *hidden)
        end = self.top + 1
        if first:
            rows[0] = (0, 0, 65535)
            free = [n for n in range(1, end) if n not in rows and n not in hidden]
            if layout.holes:
                for place, n in enumerate(free):
                    following = free[place + 1] if place + 1 < len(free) else 0
                    rows[n] = (0, following if layout.holes == "list" else 0, 65535 if layout.holes == "retired" else 1)
                rows[0] = (0, free[0] if layout.holes == "list" and free else 0, 65535)
        prev = b"" if first else b"/Prev %d" % previous
        if layout.style == "stream":
            own, end = end, end + 1
            rows[own] = (1, start, 0)
            self.stream(own, {**rows, **hidden}, b"/Size %d" % end + trailer + prev)
            self.top = own
        else:
            if layout.style == "hybrid" and hidden:
                own, end = end, end + 1
                position = start
                self.stream(own, {**hidden, own: (1, position, 0)}, b"/Size %d" % end + trailer)
                prev += b"/XRefStm %d" % position
                start = len(self.out) - self.shift
                rows |= {n: (0, 0, 65535) for n in [*hidden, own]}
                self.top = own
            self.table(rows, first)
            self.out += b"trailer" + eol + b"<</Size %d" % end + trailer + prev + b">>" + eol
        self.out += b"startxref" + eol + b"%d" % start + eol + b"%%EOF" + layout.tail
        return start

    def runs(self, rows):
        numbers, found = sorted(rows), []
        for n in numbers:
            if found and found[-1][-1] + 1 == n:
                found[-1].append(n)
            else:
                found.append([n])
        return found

    def table(self, rows, first):
        eol = self.layout.eol
        if first and self.layout.runs == "whole":  # one run from 0: what is not there is free
            rows = {n: rows.get(n, (0, 0, 0)) for n in range(max(rows) + 1)}
        self.out += b"xref" + eol
        ending = eol if len(eol) == 2 else b" " + eol
        for run in self.runs(rows):
            self.out += b"%d %d" % (run[0], len(run)) + eol
            for n in run:
                kind, a, b = rows[n]
                self.out += b"%010d %05d %s" % (a, b, b"n" if kind else b"f") + ending

    def stream(self, number, rows, trailer):
        layout = self.layout
        widths = layout.widths
        if not widths[0]:  # without types everything is at an offset: nothing can be free
            rows = {n: row for n, row in rows.items() if row[0] == 1}
        if layout.runs == "whole" and 0 in rows and widths[0]:
            rows = {n: rows.get(n, (0, 0, 0)) for n in range(max(rows) + 1)}
        clip = lambda value, width: min(value, 256 ** width - 1).to_bytes(width, "big")
        packed = [b"".join(clip(v, w) for v, w in zip(rows[n], widths)) for n in sorted(rows)]
        index = b" ".join(b"%d %d" % (run[0], len(run)) for run in self.runs(rows))
        data, how = b"".join(packed), b""
        if layout.filter == "flate":
            data, how = zlib.compress(data), b"/Filter/FlateDecode"
        elif layout.filter == "hex":
            data, how = data.hex().encode() + b">", b"/Filter[/ASCIIHexDecode]"
        elif layout.filter == "predictor":
            width = sum(widths)
            lines = [bytes(width), *packed]
            data = b"".join(b"\x02" + bytes((a - b) & 255 for a, b in zip(line, above)) for above, line in zip(lines, lines[1:]))
            data, how = zlib.compress(data), b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns %d>>" % width
        kinds = b" ".join(b"%d" % w for w in widths)
        self.out += b"%d 0 obj\n<</Type/XRef/W[%s]/Index[%s]%s%s/Length %d>>\nstream\n" % (number, kinds, index, how, trailer, len(data))
        self.out += data + b"\nendstream\nendobj\n"


def laid_out(pdf, name):
    return Writer(pdf, LAYOUTS[name]).write()
