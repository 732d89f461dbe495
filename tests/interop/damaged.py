#!/usr/bin/env python3
"""Makes damaged documents out of the corpus: each sound before, with one thing wrong that happens to files on their way.

Takes the corpus folder, gives a folder beside it whose path is the last line printed, made once: one file a case and `listing.json`
with what is to come of it: `appended` (its intent is beyond doubt), `rewritten` (only where that is asked for) or `refused` (either way),
and for the last two a word of the reason.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

TABLES = ["rl-plain", "rl-form", "lo-agreement", "lo-form", "gs-14", "gs-17", "cr-agreement", "cairo-14", "tex-14", "qpdf-no-object-streams"]
STREAMS = ["tex-15-object-streams", "tex-17-everything-packed", "qpdf-object-streams", "lo-pdf15", "pike-form-17"]
UPDATED = ["pypdf-updated-table", "hanko-updated-table", "hanko-updated-stream"]
LINEARISED = ["qpdf-linearised", "gs-fast-web-view", "qpdf-linearised-object-streams"]


def last(data, word):
    at = data.rfind(word)
    assert at >= 0, word
    return at


def startxref(data, change):
    """Another number behind the last startxref."""
    at = last(data, b"startxref")
    number = re.match(rb"startxref\s+(\d+)", data[at:])
    value = max(0, change(int(number[1])))
    return data[:at] + data[at:].replace(number[1], b"%d" % value, 1)


def table(data):
    """The last table, up to its trailer, and where it stands."""
    at = last(data, b"\nxref") + 1
    return at, data[at:data.index(b"trailer", at)]


def entries(data, change):
    """Every entry in use of the last table with another offset."""
    at, text = table(data)
    count = iter(range(10 ** 6))
    new = re.sub(rb"(\d{10}) (\d{5}) n", lambda m: b"%010d %s n" % (change(int(m[1]), next(count)), m[2]), text)
    return data[:at] + new + data[at + len(text):]


def comment_behind_header(data):
    """A line that somebody's gateway put in: everything behind it is shifted."""
    at = data.index(b"\n") + 1 if data.index(b"\n") < 20 else data.index(b"\r") + 1
    return data[:at] + b"% scanned by the gateway\n" + data[at:]


def stream_length(data, change):
    """The first stream whose direct /Length is at least 20 says another."""
    for found in re.finditer(rb"/Length (\d+)(?= *[/>\r\n])", data):
        if int(found[1]) >= 20 and data[found.start():found.start() + 400].count(b"stream") and b"/XRef" not in data[found.start() - 200:found.end() + 200]:
            new = b"/Length %d" % change(int(found[1]))
            new = new.ljust(found.end() - found.start()) if len(new) <= found.end() - found.start() else None
            if new is not None:
                return data[:found.start()] + new + data[found.end():]
    raise AssertionError("no such stream")


def without_table(data):
    return data[:table(data)[0]]


def without_xref_stream(data):
    at = [m.start() for m in re.finditer(rb"\d+ 0 obj", data)]
    at = [start for start in at if b"/XRef" in data[start:start + 600].split(b"stream")[0]]
    return data[:at[-1]] if at else None


def cases(corpus):
    def read(name):
        return (corpus / f"{name}.pdf").read_bytes()

    for name in TABLES:
        data = read(name)
        at, text = table(data)
        yield f"{name}-startxref", startxref(data, lambda n: n + 7), "appended", ""
        yield f"{name}-line-behind-the-header", comment_behind_header(data), "appended", ""
        yield f"{name}-no-table", without_table(data), "appended", ""
        yield f"{name}-cut-in-the-table", data[:at + len(text) // 2], "appended", ""
        yield f"{name}-offsets", entries(data, lambda n, i: n + 3), "appended", ""
        yield f"{name}-no-eof", data[:last(data, b"%%EOF")], "none", ""
    for name in TABLES[:4]:
        data = read(name)
        at, text = table(data)
        yield f"{name}-no-startxref", data[:last(data, b"startxref")], "appended", ""
        yield f"{name}-startxref-0", startxref(data, lambda n: 0), "appended", ""
        yield f"{name}-startxref-beyond", startxref(data, lambda n: n + 10 ** 9), "appended", ""
        yield f"{name}-one-offset", entries(data, lambda n, i: n + 1 if i == 4 else n), "appended", ""
        yield f"{name}-cut-in-the-trailer", data[:at + len(text) + 20], "appended", ""
        yield f"{name}-junk-and-offsets", b"HTTP/1.0 200 OK\r\n\r\n" + startxref(data, lambda n: n + 19), "appended", ""
        # The last object of LibreOffice's is the information, which nothing but the lost trailer leads to.
        yield f"{name}-cut-in-an-object", data[:data.rindex(b"endobj", 0, at) - 10], "rewritten" if name == "lo-agreement" else "refused", "cannot be read"
    for name in ["gs-14", "gs-17", "lo-agreement", "qpdf-no-object-streams", "cairo-14", "rl-plain"]:
        data = read(name)
        try:
            longer, shorter = stream_length(data, lambda n: n + 30), stream_length(data, lambda n: n - 11)
        except AssertionError:
            continue
        yield f"{name}-length-too-long", longer, "appended", ""
        yield f"{name}-length-too-short", shorter, "appended", ""
        yield f"{name}-length-and-offsets", comment_behind_header(shorter), "appended", ""
    for name in STREAMS:
        data = read(name)
        yield f"{name}-startxref", startxref(data, lambda n: n + 7), "appended", ""
        yield f"{name}-line-behind-the-header", comment_behind_header(data), "appended", ""
        if without_xref_stream(data):
            yield f"{name}-no-xref-stream", without_xref_stream(data), "appended", ""
    for name in UPDATED:
        data = read(name)
        yield f"{name}-startxref", startxref(data, lambda n: n + 7), "appended", ""
        yield f"{name}-line-behind-the-header", comment_behind_header(data), "appended", ""
        yield f"{name}-last-section-cut", data[:last(data, b"startxref") - 60], "rewritten" if name == "hanko-updated-table" else "refused", ""
    for name in LINEARISED:
        data = read(name)
        yield f"{name}-startxref", startxref(data, lambda n: n + 7), "appended", ""
        yield f"{name}-line-behind-the-header", comment_behind_header(data), "appended", ""
    plain = read("rl-plain")
    yield "line-ends-converted", plain.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), "appended", ""
    encrypted = read("qpdf-encrypted-aes128")
    yield "encrypted-startxref", startxref(encrypted, lambda n: n + 7), "appended", ""
    yield "encrypted-line-behind-the-header", comment_behind_header(encrypted), "appended", ""
    longer, shorter = stream_length(encrypted, lambda n: n + 30), stream_length(encrypted, lambda n: n - 11)
    yield "encrypted-length-too-long", longer, "appended", ""
    yield "encrypted-length-too-short", shorter, "appended", ""
    yield "encrypted-length-and-offsets", comment_behind_header(shorter), "appended", ""
    yield "encrypted-no-table", encrypted[:last(encrypted, b"xref\n", ) if b"\nxref" in encrypted else last(encrypted, b"startxref")], "refused", ""

    # What is in doubt.
    bare = without_table(plain)
    first = re.search(rb"\d+ 0 obj.*?endobj\s", bare, re.S)[0]
    yield "doubt-twice", bare + first, "rewritten", "twice"
    yield "doubt-words-between", bare.replace(first, first + b"to be continued\n", 1), "rewritten", "between"
    yield "doubt-added-behind", startxref(plain, lambda n: n + 7) + b"99 0 obj\n(added)\nendobj\n", "rewritten", "behind"
    yield "doubt-two-catalogs", bare + b"98 0 obj\n<</Type/Catalog/Pages 97 0 R>>\nendobj\n", "refused", "catalog"
    yield "doubt-hidden-stream", re.sub(rb"/Length \d+", b"/Length 1", bare, count=1) + \
        b"97 0 obj\n<</Length 3>>\nstream\n96 0 obj\n(x)\nendobj\nendstream\nendobj\n", "rewritten", "stream"
    yield "signed", startxref(plain, lambda n: n + 7).replace(b"trailer", b"% /ByteRange\ntrailer"), "refused", "signed"


def main():
    corpus = Path(sys.argv[1])
    print_of = hashlib.sha256(Path(__file__).read_bytes() + corpus.name.encode()).hexdigest()[:16]
    target = corpus.parent / f"damaged-{print_of}"
    if not (target / "listing.json").is_file():
        passwords = {Path(entry["file"]).stem: entry["password"] for entry in json.loads((corpus / "manifest.json").read_text())}
        with tempfile.TemporaryDirectory(dir=corpus.parent) as scratch:
            folder = Path(scratch) / "made"
            folder.mkdir()
            listing = []
            for name, data, outcome, reason in cases(corpus):
                (folder / f"{name}.pdf").write_bytes(data)
                password = passwords["qpdf-encrypted-aes128"] if name.startswith("encrypted") else ""
                stem = max((s for s in passwords if name.startswith(s)), key=len, default="qpdf-encrypted-aes128" if name.startswith("encrypted") else "rl-plain")
                listing.append(dict(original=f"{stem}.pdf", file=f"{name}.pdf", password=password, outcome=outcome, reason=reason))
            (folder / "listing.json").write_text(json.dumps(listing, indent=1) + "\n")
            try:
                os.rename(shutil.copytree(folder, f"{scratch}-done"), target)
            except OSError:  # another run was faster
                shutil.rmtree(f"{scratch}-done", ignore_errors=True)
    print(target)


if __name__ == "__main__":
    main()
