"""The producers: each function makes a few documents with a program nobody here wrote.

Takes the folder to write to and, for those that rewrite, the documents of an earlier stage. Gives (name, producer) pairs.
Features are not claimed here: `corpus.py` reads them off the finished files.
"""

import io
import json
import logging
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import agreement

A4 = (595.276, 841.89)
BOTTOM = agreement.BOTTOM_MM * 72 / 25.4
EPOCH = "1767225600"  # a fixed date for those producers that take one


def run(*command, cwd=None, allowed=(0,), env=None):
    done = subprocess.run([str(c) for c in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **(env or {})}, timeout=240, check=False)
    if done.returncode not in allowed:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout.decode(errors='replace')[-1500:]}")
    return done.stdout


def libreoffice(out):
    """Writer, Calc and Impress; one call for each set of export options."""
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)

        def export(sources, family, **options):
            for name, text in sources:
                (scratch / name).write_text(text, encoding="utf-8")
            typed = {k: {"type": "boolean" if isinstance(v, bool) else "long", "value": str(v).lower()} for k, v in options.items()}
            run("soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--norestore", "--nolockcheck", "--convert-to",
                f"pdf:{family}_pdf_Export:{json.dumps(typed)}", "--outdir", out, *[scratch / name for name, _ in sources],
                env={"HOME": str(scratch)})
            made.extend((Path(name).stem, "LibreOffice") for name, _ in sources)

        plain, form = agreement.as_fodt(), agreement.as_fodt(form=True)
        export([("lo-agreement.fodt", plain), ("lo-form.fodt", form)], "writer", ExportFormFields=True)
        export([("lo-pdfa1b.fodt", plain)], "writer", SelectPdfVersion=1)
        export([("lo-pdfa2b-tagged.fodt", plain)], "writer", SelectPdfVersion=2, UseTaggedPDF=True)
        export([("lo-pdfua.fodt", plain)], "writer", PDFUACompliance=True, SelectPdfVersion=17)
        export([("lo-pdf15.fodt", plain)], "writer", SelectPdfVersion=15, UseTaggedPDF=False)
        export([("lo-schedule.fods", agreement.as_fods())], "calc")
        export([("lo-slides.fodp", agreement.as_fodp())], "impress")
    return made


def chromium(out):
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, text, more in (
            ("cr-agreement", agreement.as_html(), []),
            ("cr-landscape", agreement.as_html("A4 landscape"), []),
            ("cr-picture", agreement.as_html(picture=True), ["--generate-pdf-document-outline"]),
            ("cr-letter", agreement.as_html("Letter"), []),
        ):
            source = Path(scratch) / f"{name}.html"
            source.write_text(text, encoding="utf-8")
            run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={scratch}/{name}",
                "--no-pdf-header-footer", *more, f"--print-to-pdf={out / name}.pdf", source.as_uri(), env={"HOME": scratch})
            made.append((name, "Chromium"))
    return made


def pdftex(out):
    made = []
    for name, version, preamble, form in (
        ("tex-14", (1, 4), r"\pdfobjcompresslevel=0", False),
        ("tex-15-object-streams", (1, 5), r"\pdfobjcompresslevel=2", False),
        ("tex-17-everything-packed", (1, 7), r"\pdfobjcompresslevel=3", False),
        ("tex-form", (1, 5), r"\pdfobjcompresslevel=0", True),
        ("tex-20", (2, 0), r"\pdfobjcompresslevel=2", False),
    ):
        with tempfile.TemporaryDirectory() as scratch:
            major, minor = version
            head = f"\\pdfmajorversion={major}\\pdfminorversion={minor}{preamble}"
            (Path(scratch) / f"{name}.tex").write_text(agreement.as_latex(head, form), encoding="utf-8")
            run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex", cwd=scratch, env={"HOME": scratch})
            shutil.copy(Path(scratch) / f"{name}.pdf", out)
            made.append((name, "pdfTeX"))
    return made


def ghostscript(out, *sources):
    """From PostScript, or re-distilled from another producer's PDF."""
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        postscript = Path(scratch) / "agreement.ps"
        postscript.write_text(agreement.as_postscript(), encoding="latin-1")
        if sources:
            jobs = [(f"gs-again-{source.stem}", source, ["-dCompatibilityLevel=1.5"]) for source in sources]
        else:
            jobs = [("gs-14", postscript, ["-dCompatibilityLevel=1.4"]), ("gs-17", postscript, ["-dCompatibilityLevel=1.7"]),
                    ("gs-20", postscript, ["-dCompatibilityLevel=2.0"]),
                    ("gs-fast-web-view", postscript, ["-dCompatibilityLevel=1.6", "-dFastWebView=true"])]
        for name, source, options in jobs:
            run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", "-sPAPERSIZE=a4", *options,
                f"-sOutputFile={out / name}.pdf", source)
            made.append((name, "Ghostscript"))
    return made


def cairo(out):
    import cairocffi

    made = []
    for name, version, sizes in (("cairo-14", cairocffi.PDF_VERSION_1_4, [A4]), ("cairo-15", cairocffi.PDF_VERSION_1_5, [A4]),
                                 ("cairo-mixed-sizes", cairocffi.PDF_VERSION_1_5, [A4, A4[::-1], (420, 595)])):
        surface = cairocffi.PDFSurface(str(out / f"{name}.pdf"), *sizes[0])
        surface.restrict_to_version(version)
        context = cairocffi.Context(surface)
        lines, page = agreement.as_lines(), 0
        while lines:
            width, height = sizes[page % len(sizes)]
            surface.set_size(width, height)
            context.select_font_face("Liberation Mono")
            context.set_font_size(8)
            y = 50
            while lines and y < height - BOTTOM - 12:
                context.move_to(40, y)
                context.show_text(lines.pop(0))
                y += 11
            context.set_source_rgba(0.1, 0.3, 0.6, 0.5)
            context.rectangle(width - 90, 20, 60, 14)
            context.fill()
            context.set_source_rgb(0, 0, 0)
            surface.show_page()
            page += 1
        surface.finish()
        made.append((name, "Cairo"))
    return made


def pdftocairo(out, *sources):
    made = []
    for source in sources:
        name = f"cairo-again-{source.stem}"
        run("pdftocairo", "-pdf", source, out / f"{name}.pdf")
        made.append((name, "Cairo"))
    return made


def reportlab(out):
    from reportlab.lib import pdfencrypt
    from reportlab.lib.pagesizes import A4 as size
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(TTFont("DejaVu", "DejaVuSans.ttf"))

    def lines(name, font="Helvetica", draw=None, rotation=0, **options):
        canvas = Canvas(str(out / f"{name}.pdf"), pagesize=size, invariant=1, **options)
        rows = agreement.as_lines()
        while rows:
            canvas.setFont(font, 9)
            canvas.setPageRotation(rotation)
            y = 790
            if draw:
                y = draw(canvas, y)
                draw = None
            while rows and y > BOTTOM + 12:
                canvas.drawString(57, y, rows.pop(0))
                y -= 12
            canvas.showPage()
        canvas.save()
        return (name, "ReportLab")

    def form(canvas, y):
        fields = canvas.acroForm
        canvas.drawString(57, y, "Monthly net income (EUR)")
        fields.textfield(name="income", value="2850.00", x=220, y=y - 5, width=150, height=18, fontSize=9)
        canvas.drawString(57, y - 24, "Purpose")
        fields.choice(name="purpose", value="renovation", options=["renovation", "vehicle"], x=220, y=y - 29, width=150, height=18, fontSize=9)
        canvas.drawString(57, y - 48, "Information received")
        fields.checkbox(name="consent", checked=True, x=220, y=y - 52, size=14)
        return y - 76

    def flowing(name):
        styles = getSampleStyleSheet()
        story = [Paragraph(agreement.TITLE, styles["Title"])]
        for number, (title, paragraphs) in enumerate(agreement.CLAUSES, 1):
            story += [Paragraph(f"{number}. {title}", styles["Heading2"])] + [Paragraph(p, styles["BodyText"]) for p in paragraphs]
            story.append(Spacer(1, 6))
        SimpleDocTemplate(str(out / f"{name}.pdf"), pagesize=size, bottomMargin=BOTTOM, invariant=1, title=agreement.TITLE).build(story)
        return (name, "ReportLab")

    return [
        lines("rl-plain", pageCompression=0), lines("rl-14-packed", pageCompression=1, pdfVersion=(1, 4)),
        lines("rl-unicode", "DejaVu", pageCompression=1), lines("rl-form", draw=form), flowing("rl-flowing"),
        lines("rl-rotated-270", rotation=270),
        lines("rl-encrypted-rc4-128", encrypt=pdfencrypt.StandardEncryption("", "owner", strength=128)),
    ]


def qpdf(out, by_name):
    made = []
    for name, source, options in (
        ("qpdf-linearised", "lo-agreement", ["--linearize"]),
        ("qpdf-linearised-object-streams", "cr-agreement", ["--linearize", "--object-streams=generate"]),
        ("qpdf-object-streams", "lo-form", ["--object-streams=generate"]),
        ("qpdf-no-object-streams", "tex-15-object-streams", ["--object-streams=disable"]),
        ("qpdf-qdf", "rl-form", ["--qdf", "--object-streams=disable"]),
        ("qpdf-20", "gs-17", ["--force-version=2.0", "--object-streams=generate"]),
        ("qpdf-13-header-kept", "rl-plain", ["--force-version=1.3"]),
        ("qpdf-rotated-90", "cr-picture", ["--rotate=+90:1-z"]),
        ("qpdf-encrypted-aes256", "lo-agreement", ["--encrypt", "", "owner", "256", "--"]),
        ("qpdf-encrypted-aes256-object-streams", "tex-15-object-streams", ["--encrypt", "user", "owner", "256", "--", "--object-streams=generate"]),
        ("qpdf-encrypted-aes128", "rl-form", ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--"]),
        ("qpdf-encrypted-aes128-clear-metadata", "lo-form", ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--cleartext-metadata", "--"]),
        ("qpdf-encrypted-rc4-128", "gs-14", ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"]),
        ("qpdf-encrypted-rc4-40", "rl-plain", ["--allow-weak-crypto", "--encrypt", "", "owner", "40", "--"]),
    ):
        run("qpdf", "--deterministic-id" if "--encrypt" not in options else "--warning-exit-0", *options, by_name[source], out / f"{name}.pdf", allowed=(0, 3))
        made.append((name, "qpdf"))
    return made


def pikepdf(out, by_name):
    """Page attributes at every level of the tree, rotations, odd boxes: what only a structural editor makes."""
    import pikepdf as pk

    made = []

    def save(name, pdf, **options):
        pdf.save(out / f"{name}.pdf", deterministic_id=True, **options)
        made.append((name, "pikepdf"))

    with pk.open(by_name["rl-flowing"]) as pdf:  # MediaBox, Resources and Rotate inherited through three levels
        pages = [page.obj for page in pdf.pages]
        box, resources = pages[0].MediaBox, pages[0].Resources
        for page in pages:
            for key in ("/MediaBox", "/Resources", "/Rotate"):
                if key in page:
                    del page[key]
        leaves = pdf.make_indirect(pk.Dictionary(Type=pk.Name.Pages, Count=len(pages), Kids=pk.Array(pages), Rotate=0))
        middle = pdf.make_indirect(pk.Dictionary(Type=pk.Name.Pages, Count=len(pages), Kids=pk.Array([leaves]), Resources=resources))
        root = pdf.make_indirect(pk.Dictionary(Type=pk.Name.Pages, Count=len(pages), Kids=pk.Array([middle]), MediaBox=box))
        leaves.Parent, middle.Parent = middle, root
        for page in pages:
            page.Parent = leaves
        pdf.Root.Pages = root
        save("pike-inherited", pdf)
        leaves.Rotate = 180
        save("pike-inherited-rotated-180", pdf, object_stream_mode=pk.ObjectStreamMode.generate)
    with pk.open(by_name["lo-agreement"]) as pdf:
        for page in pdf.pages:
            page.rotate(90, relative=False)
        save("pike-rotated-90", pdf, object_stream_mode=pk.ObjectStreamMode.generate)
    with pk.open(by_name["gs-17"]) as pdf:  # an origin away from 0,0 and a crop box smaller than the media box
        for page in pdf.pages:
            x0, y0, x1, y1 = (float(v) for v in page.mediabox)
            page.obj.MediaBox = pk.Array([x0 - 30, y0 - 20, x1 + 10, y1 + 15])
            page.obj.CropBox = pk.Array([x0 + 12, y0 + 9, x1, y1])
        save("pike-crop-box", pdf)
    with pk.open(by_name["tex-form"]) as pdf:
        pdf.Root.PageMode = pk.Name.UseOutlines
        save("pike-form-17", pdf, force_version="1.7")
    return made


def incremental(out, by_name):
    """Second and third revisions appended by pypdf and by pyHanko."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pypdf import PdfWriter

    made = []
    logging.getLogger("pypdf").setLevel(logging.ERROR)

    def with_pypdf(name, source, rounds):
        data = source.read_bytes()
        for turn in range(rounds):
            writer = PdfWriter(io.BytesIO(data), incremental=True)
            writer.add_metadata({"/Subject": f"Revision {turn + 2}"})
            sink = io.BytesIO()
            writer.write(sink)
            if not sink.getvalue().startswith(data):
                raise RuntimeError("pypdf did not append")
            data = sink.getvalue()
        (out / f"{name}.pdf").write_bytes(data)
        made.append((name, "pypdf"))

    def with_pyhanko(name, source, rounds):
        data = source.read_bytes()
        for turn in range(rounds):
            writer = IncrementalPdfFileWriter(io.BytesIO(data))
            writer.set_info(generic.DictionaryObject({generic.pdf_name("/Subject"): generic.pdf_string(f"Revision {turn + 2}")}))
            sink = io.BytesIO()
            writer.write(sink)
            data = sink.getvalue()
        (out / f"{name}.pdf").write_bytes(data)
        made.append((name, "pyHanko"))

    with_pypdf("pypdf-updated-table", by_name["lo-agreement"], 1)
    with_pypdf("pypdf-updated-form-twice", by_name["rl-form"], 2)
    with_pypdf("pypdf-updated-gs", by_name["gs-14"], 3)
    with_pyhanko("hanko-updated-stream", by_name["tex-15-object-streams"], 1)
    with_pyhanko("hanko-updated-linearised", by_name["qpdf-linearised-object-streams"], 2)
    with_pyhanko("hanko-updated-table", by_name["lo-pdf15"], 2)
    return made
