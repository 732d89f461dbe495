#!/usr/bin/env python3
"""The appearance sheet: looks signed with the command itself, judged by others, and shown on one page.

    sheet.py THRIVOSIGN AUTHORITY [SHEET.png]

Takes the built command, the folder of tests/interop/make_ca.py and where the sheet goes; without the last nothing is drawn, the judges
alone speak. Gives exit status 0 if every case was signed, is valid to pdfsig, pyHanko and the command's own verifier, alone and
beneath a second signature, is called changed where a signature lies over it or over the page's words, gives its text back to pdftotext, its link to zbarimg, and stays small. Fonts: Debian's fonts-noto-core and
fonts-noto-cjk.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import papers
from PIL import Image, ImageDraw

NOTO = Path("/usr/share/fonts/truetype/noto")
ARABIC, CHINESE = NOTO / "NotoNaskhArabic-Regular.ttf", Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
LINK = "https://verify.example/d/7f3a9c1e-55b0"
BOX = (30, 60, 240, 80)
# What a signature of one line in Helvetica adds, and what a look may add to that.
# Over the page's line of text.
WORDS = (14, 215, 40, 40)
PLAIN, MOST = 6_000, 14_000
DPI = 130


def case(title, *options, box=BOX, says=(), link=None, paper=None, most=MOST):
    return {"title": title, "options": list(options), "box": box, "says": says, "link": link, "paper": paper or {}, "most": most}


def lines(*texts):
    return [part for text in texts for part in ("--text", text)]


USUAL = ("Signed by", "Reason: I agree to the loan")
CASES = [
    case("the usual lines", says=USUAL),
    case("page turned 90", box=(30, 60, 180, 90), says=USUAL, paper={"rotate": 90}),
    case("page turned 180", says=USUAL, paper={"rotate": 180}),
    case("page turned 270", box=(30, 60, 180, 90), says=USUAL, paper={"rotate": 270}),
    case("UserUnit 2", box=(15, 30, 120, 40), says=USUAL, paper={"unit": 2, "media": (0, 0, 210, 130)}),
    case("cropped page", box=(20, 20, 240, 80), says=USUAL, paper={"crop": (60, 40, 400, 250)}),
    case("tiny box", *lines("A. Li"), box=(30, 60, 22, 8), says=("A. Li",)),
    case("long name", *lines("Signed by Prof. Dr. Aleksandra Wolkonskaja-Breitenbach von und zu Donaudampfschifffahrtsgesellschaft, Chief Executive Officer",
                              "{date}"), box=(30, 60, 170, 60), says=("Donaudampfschifffahrtsgesellschaft",)),
    case("templates", *lines("{name}", "No. {serial}", "{date}", "At: {location}", "{{as agreed}"), says=("No. ", "{as agreed}")),
    case("no frame", "--no-border", says=USUAL),
    case("picture with alpha", "--image", "seal.png", "--no-text", box=(30, 60, 110, 110)),
    case("picture beside text", "--image", "seal.png", says=USUAL),
    case("text over picture", "--image", "seal.png", "--over", says=USUAL),
    case("picture above text", "--image", "colour.jpg", *lines("Signed by {name}"), box=(30, 40, 110, 140), says=("Signed by",)),
    case("grey PNG with alpha", "--image", "grey-seal.png", says=USUAL),
    case("PNG with palette", "--image", "palette.png", says=USUAL),
    case("JPEG grey", "--image", "grey.jpg", says=USUAL),
    case("JPEG colour, progressive", "--image", "progressive.jpg", says=USUAL),
    case("JPEG CMYK", "--image", "cmyk.jpg", says=USUAL),
    case("handwriting", "--ink", "ink.json", "--no-text"),
    case("handwriting and text", "--ink", "ink.json", says=USUAL, box=(30, 60, 280, 80)),
    case("handwriting over picture", "--ink", "ink.json", "--image", "seal.png", "--no-text", "--no-border"),
    case("QR code", "--qr", LINK, "--no-text", box=(30, 60, 90, 90), link=LINK),
    case("QR code and text", "--qr", LINK, says=USUAL, link=LINK),
    case("everything", "--qr", LINK, "--image", "seal.png", "--ink", "ink.json", box=(30, 60, 330, 90), says=USUAL, link=LINK),
    case("existing field", says=USUAL, paper={"field": (40, 70, 270, 130)}),
    case("Greek, Cyrillic", "--font", "bundled", *lines("\u03a5\u03c0\u03bf\u03b3\u03c1\u03b1\u03c6\u03ae: \u0391\u03bb\u03ad\u03be\u03b1\u03bd\u03b4\u03c1\u03bf\u03c2",
                                                         "\u041f\u043e\u0434\u043f\u0438\u0441\u0430\u043b: \u042e\u043b\u0438\u044f \u0429\u0435\u0440\u0431\u0430\u043a\u043e\u0432\u0430"),
         says=("\u0391\u03bb\u03ad\u03be\u03b1\u03bd\u03b4\u03c1\u03bf\u03c2", "\u042e\u043b\u0438\u044f \u0429\u0435\u0440\u0431\u0430\u043a\u043e\u0432\u0430")),
    case("Vietnamese", "--font", "bundled", *lines("Ng\u01b0\u1eddi k\u00fd: Nguy\u1ec5n Th\u1ecb \u00c1nh Tuy\u1ebft", "L\u00fd do: \u0110\u1ed3ng \u00fd v\u1edbi h\u1ee3p \u0111\u1ed3ng vay v\u1ed1n"),
         says=("Nguy\u1ec5n Th\u1ecb \u00c1nh Tuy\u1ebft", "h\u1ee3p \u0111\u1ed3ng")),
    case("Hebrew", "--font", "bundled", *lines("\u05e0\u05d7\u05ea\u05dd \u05e2\u05dc \u05d9\u05d3\u05d9 \u05d9\u05e2\u05dc \u05db\u05d4\u05df", "\u05d4\u05e1\u05db\u05dd \u05d4\u05dc\u05d5\u05d5\u05d0\u05d4"),
         says=("\u05d9\u05e2\u05dc \u05db\u05d4\u05df", "\u05d4\u05e1\u05db\u05dd")),
    case("Arabic", "--font", ARABIC, *lines("\u0648\u0642\u0651\u0639\u0647 \u0623\u062d\u0645\u062f \u0639\u0628\u062f \u0627\u0644\u0644\u0647", "\u0639\u0642\u062f \u0627\u0644\u0642\u0631\u0636"),
         says=("\u0623\u062d\u0645\u062f", "\u0639\u0642\u062f \u0627\u0644\u0642\u0631\u0636")),
    case("mixed directions", "--font", "bundled", *lines("Signed by \u05d9\u05e2\u05dc \u05db\u05d4\u05df (ID 12345)", "\u05d4\u05e1\u05db\u05dd \u05de\u05e1\u05e4\u05e8 4711 (Loan B)"),
         says=("Signed by", "4711", "\u05d9\u05e2\u05dc \u05db\u05d4\u05df")),
    case("Chinese", "--font", CHINESE, "--font-index", "2",
         *lines("\u7b7e\u7f72\u4eba\uff1a\u738b\u5c0f\u660e", "\u672c\u4eba\u5df2\u4ed4\u7ec6\u9605\u8bfb\u5e76\u540c\u610f\u8d37\u6b3e\u5408\u540c\u7684\u5168\u90e8\u6761\u6b3e\u3002"), box=(30, 60, 150, 80),
         says=("\u738b\u5c0f\u660e", "\u8d37\u6b3e\u5408\u540c")),
    case("PDF/A-1: no transparency", "--image", "seal.png", says=USUAL, paper={"claim": 1}, most=20_000),
]


class Refused(Exception):
    pass


def run(*command, ok=(0,)):
    done = subprocess.run([str(word) for word in command], capture_output=True, timeout=120)
    if done.returncode not in ok:
        raise Refused(f"{Path(command[0]).name}: {done.stderr.decode(errors='replace').strip() or done.stdout.decode(errors='replace').strip()}")
    return done.stdout


class Bench:
    def __init__(self, command, authority, folder):
        self.command, self.authority, self.folder = command, authority, folder
        judge = Path(__file__).parent.parent / "interop/judge.py"
        self.hanko = subprocess.Popen([sys.executable, judge], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask({})

    def ask(self, question):
        self.hanko.stdin.write(json.dumps(question) + "\n")
        self.hanko.stdin.flush()
        return json.loads(self.hanko.stdout.readline())

    def sign(self, source, target, *options):
        key = ["--key", self.authority / "p256.key.pem", "--cert", self.authority / "p256.chain.pem", "--no-fsync"]
        run(self.command, "sign", *key, "--reason", "I agree to the loan", *options, source, target)

    def judge(self, file, signatures):
        run(self.command, "verify", "--trust", self.authority / "root.pem", file)
        told = run("pdfsig", "-nocert", file).decode(errors="replace")
        if told.count("Signature is Valid.") != signatures:
            raise Refused(f"pdfsig: {told}")
        answer = self.ask({"file": str(file), "trust": [str(self.authority / "root.pem")], "password": ""})
        if len(answer.get("signatures", [])) != signatures or not all(one["bottom_line"] for one in answer["signatures"]):
            raise Refused(f"pyHanko: {answer}")


def squeezed(text):
    """Without the marks of direction that pdftotext adds, and without spaces and line breaks."""
    return re.sub("[\\s\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def attempt(bench, number, one):
    source, signed, twice = (bench.folder / f"{number:02}-{name}.pdf" for name in ("plain", "signed", "twice"))
    source.write_bytes(papers.pdf(**one["paper"]))
    options = [bench.folder / word if isinstance(word, str) and word.endswith((".png", ".jpg", ".json")) else word for word in one["options"]]
    place = ["--field", "approval"] if "field" in one["paper"] else ["--visible", "1," + ",".join(map(str, one["box"]))]
    bench.sign(source, signed, *place, *options)
    bench.judge(signed, 1)
    added = signed.stat().st_size - source.stat().st_size
    if added > PLAIN + one["most"]:
        raise Refused(f"the signature adds {added} bytes")
    if "claim" in one["paper"]:
        fonts = run("pdffonts", signed).decode()
        if b"/SMask" in signed.read_bytes() or "ThrivoSignLatin" not in fonts:
            raise Refused(f"the claim is broken: {fonts}")
    # A second signature beside the first, of the same look, on what is still the same page.
    x, y, w, h = one["box"]
    again = ["--visible", f"1,{x},{y + h + 4},{w},{h}", *options] if one["title"] in REPEATED else ["--visible", "1,140,5,20,10", "--no-text"]
    bench.sign(signed, twice, *again)
    bench.judge(twice, 2)
    # The verifier sees what this look paints: another signature on top of it, or this look on top of the contract's words, is no clean change.
    for spot in (one["box"], WORDS) if not {"rotate", "unit", "crop"} & one["paper"].keys() else (one["box"],):
        over = bench.folder / "over.pdf"
        bench.sign(signed, over, "--visible", "1," + ",".join(map(str, spot)), *(options if spot == one["box"] else ["--qr", LINK, "--no-text"]))
        if b"NOT CLEAN" not in run(bench.command, "verify", "--trust", bench.authority / "root.pem", over, ok=(1,)):
            raise Refused(f"a signature over {spot} is called clean")
    said = squeezed(run("pdftotext", "-layout", signed, "-").decode())
    for text in one["says"]:
        if squeezed(text) not in said:
            raise Refused(f"pdftotext gives {said!r}, without {text!r}")
    picture = run("pdftoppm", "-cropbox", "-r", DPI, "-png", signed)
    if one["link"]:
        page = bench.folder / "page.png"
        page.write_bytes(run("pdftoppm", "-r", 300, "-png", signed))
        if run("zbarimg", "-q", "--raw", page).decode().strip() != one["link"]:
            raise Refused("zbarimg reads another link")
    if not {"rotate", "unit", "crop"} & one["paper"].keys():
        picture = closer(picture, one["box"])
    return picture, added


def closer(png, box):
    """The part around the box."""
    page = Image.open(io.BytesIO(png))
    scale, (x, y, w, h) = DPI / 72, box
    w, h = max(w, 60), max(h, 40)
    out = io.BytesIO()
    page.crop([int(n) for n in ((x - 10) * scale, page.height - (y + h + 10) * scale, (x + w + 10) * scale, page.height - (y - 10) * scale)]).save(out, "PNG")
    return out.getvalue()


# Looks that are small enough for a second one above the first.
REPEATED = {"the usual lines", "picture beside text", "handwriting and text", "QR code and text", "Greek, Cyrillic", "Arabic", "Chinese", "JPEG CMYK"}


def compose(pictures, target):
    columns, width, height, label = 4, 400, 170, 18
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + 8) + 8, rows * (height + label + 8) + 8), (225, 225, 225))
    draw = ImageDraw.Draw(sheet)
    for i, (title, png) in enumerate(pictures):
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture.thumbnail((width, height), Image.LANCZOS)
        x, y = 8 + i % columns * (width + 8), 8 + i // columns * (height + label + 8)
        draw.text((x + 2, y + 3), f"{i + 1}  {title}", fill=(0, 0, 0))
        sheet.paste(picture, (x, y + label))
    sheet.quantize(256).save(target, optimize=True)


def main():
    command, authority = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    failed, pictures = 0, []
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(command, authority, Path(name))
        papers.write(bench.folder)
        for number, one in enumerate(CASES, 1):
            try:
                picture, added = attempt(bench, number, one)
                pictures.append((one["title"], picture))
                print(f"{number:2} ok      {one['title']}: adds {added} bytes")
            except Refused as refusal:
                failed += 1
                print(f"{number:2} REFUSED {one['title']}: {refusal}")
        bench.hanko.terminate()
    print(f"{len(CASES) - failed} passed, {failed} failed")
    if len(sys.argv) > 3 and not failed:
        compose(pictures, Path(sys.argv[3]))
    sys.exit(1 if failed else 0)


main()
