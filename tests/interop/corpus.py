#!/usr/bin/env python3
"""Makes the corpus: loan agreements from many producers, with a manifest of what each file really is.

Takes the programs of the machine, gives a folder in the cache, named by what it was made from; a second run finds it and
does nothing. The last line printed is the folder. Features are read off the finished files, blank boxes off their
rendering, and the corpus is refused if it covers less than `check_coverage` asks for.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
MADE_FROM = ("corpus.py", "producers.py", "hybrid.py", "agreement.py", "requirements.txt")
PROGRAMS = {"soffice": "--version", "chromium": "--version", "pdflatex": "--version", "gs": "--version", "pdftocairo": "-v", "qpdf": "--version"}
BOX = (190, 65)  # points, room for a visible signature


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "thrivosign"


def fingerprint():
    digest = hashlib.sha256()
    for name in MADE_FROM:
        digest.update((HERE / name).read_bytes())
    for program, option in PROGRAMS.items():
        path = shutil.which(program)
        if path is None:
            sys.exit(f"corpus: {program} is not installed; `cargo xtask test` installs it on Debian as root")
        # Starting LibreOffice for its version costs a second; the file's own size and time tell as much.
        real = os.stat(os.path.realpath(path))
        digest.update(f"{program} {real.st_size} {int(real.st_mtime)}".encode())
    return digest.hexdigest()[:16]


def structure(path, password):
    """What the file is, read off it."""
    import pikepdf

    data = path.read_bytes()
    starts = [int(m) for m in re.findall(rb"startxref\s+(\d+)\s+%%EOF", data)]
    last = data[starts[-1]:starts[-1] + 4]
    with pikepdf.open(path, password=password, inherit_page_attributes=False) as pdf:
        features = set()
        node, inherited = pdf.Root.Pages, {}
        while "/Kids" in node:
            inherited |= {key: node[key] for key in ("/MediaBox", "/Resources", "/Rotate") if key in node}
            node = node.Kids[0]
        if any(key in inherited and key not in node for key in ("/MediaBox", "/Resources")):
            features.add("inherited")
        rotation = int(node.get("/Rotate", inherited.get("/Rotate", 0))) % 360
        # The first half of a linearised file closes with `startxref 0`.
        revisions = len([start for start in starts if start])
        features |= {"linearised"} if pdf.is_linearized else set()
        features |= {"xref-table"} if last == b"xref" else {"xref-stream"}
        features |= {"object-streams"} if re.search(rb"/Type\s*/ObjStm", data) else set()
        features |= {"hybrid"} if b"/XRefStm" in data else set()
        features |= {"updated"} if revisions > 1 else set()
        features |= {"form"} if "/AcroForm" in pdf.Root and len(pdf.Root.AcroForm.get("/Fields", [])) else set()
        features |= {"tagged"} if "/StructTreeRoot" in pdf.Root else set()
        features |= {"encrypted"} if pdf.is_encrypted else set()
        metadata = pdf.Root.get("/Metadata")
        text = metadata.read_bytes() if metadata is not None else b""
        features |= {"pdfa"} if b"pdfaid:part" in text else set()
        features |= {"pdfua"} if b"pdfuaid:part" in text else set()
        first = pdf.pages[0]
        if rotation:
            features.add("rotated")
        crop = [float(v) for v in first.cropbox]
        version = str(pdf.Root.get("/Version", "/" + pdf.pdf_version))[1:]
        return dict(version=max(version, pdf.pdf_version), revisions=revisions, pages=len(pdf.pages), rotate=rotation, crop_box=crop,
                    fields=sorted(features))


def blank_boxes(path, password):
    """Two boxes on the displayed first page without a mark, in points from the lower left corner of what is displayed."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as scratch:
        words = ["pdftoppm", "-r", "36", "-f", "1", "-l", "1", "-gray", "-singlefile", "-cropbox"]
        words += ["-upw", password] if password else []
        subprocess.run([*words, str(path), f"{scratch}/page"], check=True, stderr=subprocess.DEVNULL)
        image = Image.open(f"{scratch}/page.pgm").point(lambda value: 255 if value < 252 else 0)
    scale, margin = 0.5, 24
    width, height = image.width / scale, image.height / scale

    def blank(x, y):
        around = (x - 4, height - (y + BOX[1] + 4), x + BOX[0] + 4, height - (y - 4))
        return image.crop(tuple(int(v * scale) for v in around)).getbbox() is None

    found = []
    for y in range(margin, int(height - BOX[1] - margin), 6):
        for x in range(int(width - BOX[0] - margin), margin - 1, -24):
            apart = all(abs(x - a) > BOX[0] + 8 or abs(y - b) > BOX[1] + 8 for a, b in found)
            if apart and blank(x, y):
                found.append((x, y))
            if len(found) == 2:
                return [[*place, *BOX] for place in found]
    raise RuntimeError(f"{path.name}: no two blank boxes on the first page")


def check_coverage(documents):
    plain = [d for d in documents if "encrypted" not in d["features"]]
    producers = {}
    for document in plain:
        producers.setdefault(document["producer"], []).append(document["file"])
    enough = [p for p, files in producers.items() if len(files) >= 3]
    lacking = []
    if len(plain) < 40:
        lacking.append(f"only {len(plain)} documents that are not encrypted")
    if len(enough) < 6:
        lacking.append(f"only {len(enough)} producers with three documents")
    everything = {f for d in plain for f in d["features"]}
    wanted = {"linearised", "object-streams", "xref-stream", "xref-table", "updated", "form", "rotated", "inherited", "tagged", "pdfa", "hybrid"}
    lacking += [f"no document is {f}" for f in sorted(wanted - everything)]
    lacking += [f"no PDF {v}" for v in ("1.4", "1.5", "1.6", "1.7", "2.0") if v not in {d["version"] for d in plain}]
    if lacking:
        raise RuntimeError("the corpus covers too little: " + "; ".join(lacking))


def build(folder):
    import hybrid
    import producers

    by_name, made, started = {}, [], time.monotonic()

    def one(job):
        start = time.monotonic()
        pairs = job()
        return pairs, time.monotonic() - start

    stages = [
        [lambda: producers.libreoffice(folder), lambda: producers.chromium(folder), lambda: producers.pdftex(folder),
         lambda: producers.ghostscript(folder), lambda: producers.cairo(folder), lambda: producers.reportlab(folder)],
        [lambda: producers.ghostscript(folder, by_name["lo-agreement"], by_name["cr-agreement"]),
         lambda: producers.pdftocairo(folder, by_name["lo-agreement"], by_name["gs-17"]),
         lambda: producers.qpdf(folder, by_name), lambda: producers.pikepdf(folder, by_name), lambda: hybrid.make(folder)],
        [lambda: producers.incremental(folder, by_name)],
    ]
    with ThreadPoolExecutor(2) as pool:
        for stage in stages:
            for pairs, took in pool.map(one, stage):
                print(f"  {took:5.1f} s  {pairs[0][1]}: {', '.join(name for name, _ in pairs)}", flush=True)
                for name, producer in pairs:
                    by_name[name] = folder / f"{name}.pdf"
                    made.append((name, producer))
    with ThreadPoolExecutor(2) as pool:
        def describe(pair):
            name, producer = pair
            password = "user" if name == "qpdf-encrypted-aes256-object-streams" else ""
            facts = structure(by_name[name], password)
            return dict(file=f"{name}.pdf", producer=producer, version=facts["version"], features=facts["fields"], pages=facts["pages"],
                        revisions=facts["revisions"], rotate=facts["rotate"], crop_box=facts["crop_box"], password=password,
                        blank=blank_boxes(by_name[name], password))
        documents = sorted(pool.map(describe, made), key=lambda d: d["file"])
    check_coverage(documents)
    (folder / "manifest.json").write_text(json.dumps(documents, indent=1) + "\n")
    print(f"  {len(documents)} documents in {time.monotonic() - started:.1f} s")


def main():
    sys.path.insert(0, str(HERE))
    target = cache() / "interop" / f"corpus-{fingerprint()}"
    if not (target / "manifest.json").is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            build(Path(scratch))
            try:
                os.rename(shutil.copytree(scratch, f"{scratch}-done"), target)
            except OSError:  # another run was faster; its corpus is as good
                shutil.rmtree(f"{scratch}-done", ignore_errors=True)
    print(target)


if __name__ == "__main__":
    main()
