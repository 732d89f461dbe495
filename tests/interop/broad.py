#!/usr/bin/env python3
"""Makes the broad corpus: the documents of the corpus rewritten, laid out, restructured, encrypted and updated in every way at hand.

Takes the corpus folder, gives a folder beside it whose path is the last line printed, made once: unsigned files and `manifest.json`
with, for each, what it was made from and how, its password, a field to sign if there is an empty one, and two boxes without a mark on its
first page. Nothing is left out because it is hard to sign: a file that qpdf itself finds unsound is marked so, and counted.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
MADE_FROM = ("broad.py", "layouts.py", "structures.py")
LAID_OUT = ("rl-form", "gs-17", "tex-form", "lo-pdfa2b-tagged")
RESTRUCTURED = ("rl-flowing", "lo-form", "cr-letter")
ENCRYPTED = ("lo-agreement", "rl-form", "tex-15-object-streams", "cr-picture")
AT_LEAST = 250

QPDF = {
    "packed": ["--object-streams=generate"],
    "unpacked": ["--object-streams=disable", "--compress-streams=n"],
    "linearised-packed": ["--linearize", "--object-streams=generate"],
    "linearised": ["--linearize", "--object-streams=disable"],
    "qdf": ["--qdf", "--object-streams=preserve"],
    "qdf-packed": ["--qdf", "--object-streams=generate"],
    "coalesced": ["--coalesce-contents", "--newline-before-endstream", "--force-version=1.7"],
    "inherited": ["--pages", ".", "1", "--", "--recompress-flate"],
    "hex-streams": ["--force-version=1.2", "--normalize-content=y", "--stream-data=uncompress"],
}
MUTOOL = {"clean": [], "garbage": ["-gggg", "-z"], "plain": ["-d", "-a"], "sane": ["-ggg", "-s", "-i", "-f"]}
GHOSTSCRIPT = {"13": ["-dCompatibilityLevel=1.3"], "a2": ["-dPDFA=2", "-sColorConversionStrategy=RGB", "-dPDFACompatibilityPolicy=1"]}
#: name, arguments of qpdf's --encrypt, password to open with
ENCRYPTIONS = (
    ("rc4-40", ["", "owner", "40"], ""),
    ("rc4-40-user", ["user", "owner", "40"], "user"),
    ("rc4-128", ["", "owner", "128", "--use-aes=n"], ""),
    ("rc4-128-owner", ["user", "owner", "128", "--use-aes=n"], "owner"),
    ("rc4-128-crypt-filter", ["", "owner", "128", "--use-aes=n", "--force-V4"], ""),
    ("aes-128-user", ["user", "owner", "128", "--use-aes=y"], "user"),
    ("aes-128-clear-metadata", ["", "owner", "128", "--use-aes=y", "--cleartext-metadata"], ""),
    ("aes-128-restricted", ["", "owner", "128", "--use-aes=y", "--modify=none", "--print=low"], "owner"),
    ("aes-256-r5", ["user", "owner", "256", "--force-R5"], "user"),
    ("aes-256-owner", ["user", "owner", "256"], "owner"),
    ("aes-256-clear-metadata", ["", "owner", "256", "--cleartext-metadata"], ""),
    ("aes-256-restricted", ["user", "owner", "256", "--annotate=n", "--form=n", "--modify-other=n"], "owner"),
)


def run(*command, allowed=(0,)):
    done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    if done.returncode not in allowed:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout.decode(errors='replace')[-800:]}")


class Maker:
    def __init__(self, corpus, folder):
        import pikepdf

        self.corpus, self.folder, self.pk = corpus, folder, pikepdf
        self.bases = {entry["file"].removesuffix(".pdf"): entry for entry in json.loads((corpus / "manifest.json").read_text())}
        derived = ("qpdf", "pikepdf", "pypdf", "pyHanko")
        self.originals = [name for name, e in self.bases.items() if e["producer"] not in derived and "encrypted" not in e["features"]]

    def source(self, base):
        return self.corpus / f"{base}.pdf"

    def jobs(self):
        """(name, how, base, function that writes the file and gives what the manifest must know)."""
        found = []

        def job(tool, base, how, work):
            name = f"{tool}-{base}-{how}"
            found.append((name, tool, base, lambda: work(self.source(base), self.folder / f"{name}.pdf") or {}))

        for place, base in enumerate(self.originals):
            # Every tool on every document in a third of its ways: all ways are met by documents of many producers.
            for turn, (how, options) in enumerate(QPDF.items()):
                if (place + turn) % 3 == 0:
                    job("qpdf", base, how, lambda a, b, o=options: run("qpdf", "--deterministic-id", "--warning-exit-0", a, *o, b))
            how, options = list(MUTOOL.items())[place % len(MUTOOL)]
            job("mutool", base, how, lambda a, b, o=options: run("mutool", "clean", *o, a, b))
            how, options = list(GHOSTSCRIPT.items())[place % len(GHOSTSCRIPT)]
            job("gs", base, how, lambda a, b, o=options: run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", *o, f"-sOutputFile={b}", a))
        for place, base in enumerate(self.originals[::3]):
            job("poppler", base, "unite", lambda a, b: run("pdfunite", a, a, b))
            job("pypdf", base, "copy", self.pypdf_copy)
        import layouts
        import structures

        for turn, how in enumerate(layouts.LAYOUTS):
            for place, base in enumerate(LAID_OUT):
                if (place + turn) % 2 == 0:
                    job("layout", base, how, lambda a, b, h=how: self.laid_out(layouts, h, a, b))
        for how, change in structures.CHANGES.items():
            for place, base in enumerate(RESTRUCTURED):
                packed = (place + len(how)) % 2 == 0
                job("structure", base, how, lambda a, b, c=change, p=packed: self.restructured(c, p, a, b))
        for how, options, password in ENCRYPTIONS:
            for place, base in enumerate(ENCRYPTED):
                if (place + len(how)) % 2 == 0:
                    pack = ["--object-streams=generate"] if place == 1 else []
                    job("encrypted", base, how, lambda a, b, o=options, w=password, p=pack: self.encrypted(o, w, p, a, b))
        return found

    def pypdf_copy(self, source, target):
        from pypdf import PdfWriter

        PdfWriter(clone_from=source).write(target)

    def laid_out(self, layouts, how, source, target):
        with self.pk.open(source, inherit_page_attributes=False) as pdf:
            target.write_bytes(layouts.laid_out(pdf, how))

    def restructured(self, change, packed, source, target):
        with self.pk.open(source, inherit_page_attributes=False) as pdf:
            told = change(pdf) or {}
            mode = self.pk.ObjectStreamMode.generate if packed else self.pk.ObjectStreamMode.disable
            pdf.save(target, deterministic_id=True, object_stream_mode=mode, fix_metadata_version=False)
        return told

    def encrypted(self, options, password, more, source, target):
        run("qpdf", "--warning-exit-0", "--allow-weak-crypto", *more, "--encrypt", *options, "--", source, target)
        return dict(password=password)


def sound(path, password):
    done = subprocess.run(["qpdf", f"--password={password}", "--check", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def build(corpus, folder):
    import corpus as plain

    maker, started = Maker(corpus, folder), time.monotonic()

    def one(job):
        name, tool, base, work = job
        try:
            told = work()
        except Exception as error:
            raise RuntimeError(f"{name}: {type(error).__name__}: {error}") from error
        path, password = folder / f"{name}.pdf", told.get("password", "")
        # The same page, so the same boxes; what changes pages is looked at again.
        blank = maker.bases[base]["blank"]
        if tool in ("gs", "poppler", "pypdf", "structure"):
            try:
                blank = plain.blank_boxes(path, password)
            except RuntimeError:  # no room: signed invisibly
                blank = None
        return dict(file=path.name, producer=tool, base=base, password=password, field=told.get("field"), sound=sound(path, password),
                    features=["encrypted"] if tool == "encrypted" else [], blank=blank)

    with ThreadPoolExecutor(2) as pool:
        made = sorted(pool.map(one, maker.jobs()), key=lambda entry: entry["file"])
    if len(made) < AT_LEAST:
        raise RuntimeError(f"the broad corpus has only {len(made)} documents")
    (folder / "manifest.json").write_text(json.dumps(made, indent=1) + "\n")
    unsound = [entry["file"] for entry in made if not entry["sound"]]
    print(f"  {len(made)} documents in {time.monotonic() - started:.1f} s; qpdf finds fault with {len(unsound)}: {unsound}")


def main():
    sys.path.insert(0, str(HERE))
    corpus = Path(sys.argv[1])
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in MADE_FROM) + corpus.name.encode())
    for program in ("qpdf", "mutool", "gs", "pdfunite"):
        path = shutil.which(program)
        if path is None:
            sys.exit(f"broad: {program} is not installed; `cargo xtask test` installs it on Debian as root")
        real = os.stat(os.path.realpath(path))
        digest.update(f"{program} {real.st_size} {int(real.st_mtime)}".encode())
    target = corpus.parent / f"broad-{digest.hexdigest()[:16]}"
    if not (target / "manifest.json").is_file():
        with tempfile.TemporaryDirectory(dir=corpus.parent) as scratch:
            build(corpus, Path(scratch))
            try:
                os.rename(shutil.copytree(scratch, f"{scratch}-done"), target)
            except OSError:  # another run was faster; its corpus is as good
                shutil.rmtree(f"{scratch}-done", ignore_errors=True)
    print(target)


if __name__ == "__main__":
    main()
