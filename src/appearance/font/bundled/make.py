#!/usr/bin/env python3
"""Makes the bundled fonts from Liberation Sans 2.1 (SIL Open Font License 1.1; see LICENSE beside this file).

    python3 make.py LiberationSans-Regular.ttf       (needs fonttools; Debian: fonts-liberation2)

latin.zlib  the characters of WinAnsiEncoding, metric-compatible with Helvetica, compressed as it goes into a PDF
wide.ttf    Latin, Greek, Cyrillic, Hebrew and Vietnamese, for the feature appearance-full

"Liberation" is a Reserved Font Name, which a modified version may not bear: both are renamed. No hinting; glyph numbers are packed.
"""
import io
import pathlib
import sys
import zlib

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
WIN_ANSI = [ord(bytes([c]).decode("cp1252")) for c in range(0x20, 0x100) if c not in (0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D)]
WIDE = [
    *WIN_ANSI, *range(0x100, 0x250), *range(0x2B0, 0x370), *range(0x370, 0x400), *range(0x400, 0x530),
    *range(0x590, 0x600), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2100, 0x2150), 0xFB00, 0xFB01, 0xFB02,
    *range(0xFB1D, 0xFB50),
]

# Where Liberation Sans is as wide as Arial instead of Helvetica: the advances of Adobe's metrics, with the shape in the middle.
HELVETICA = {0xAF: 333, 0xB1: 584, 0xB5: 556, 0xB7: 278, 0xF7: 584}


def widen(font):
    names, metrics, shapes = font.getBestCmap(), font["hmtx"], font["glyf"]
    for code, width in HELVETICA.items():
        old, left = metrics[names[code]]
        new = round(width * font["head"].unitsPerEm / 1000)
        shift = (new - old) // 2
        shape = shapes[names[code]]
        shape.expand(shapes)
        if shape.isComposite():
            for component in shape.components:
                component.x += shift
        else:
            shape.coordinates.translate((shift, 0))
        shape.recalcBounds(shapes)
        metrics[names[code]] = (new, left + shift)


def make(source, unicodes, name, layout):
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"] if layout else []
    options.drop_tables += ["FFTM", "meta", "DSIG", "PCLT", "kern"] + ([] if layout else ["GSUB", "GPOS", "GDEF"])
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    tool = subset.Subsetter(options)
    tool.populate(unicodes=unicodes)
    tool.subset(font)
    if not layout:
        widen(font)
    table = font["name"]
    full = name.replace("-", " ")
    for number, text in ((1, full), (2, "Regular"), (3, full), (4, full), (6, name.replace(" ", ""))):
        table.setName(text, number, 3, 1, 0x409)
    # PDF readers want the Unicode (3, 1) subtable and no other.
    font["cmap"].tables = [t for t in font["cmap"].tables if (t.platformID, t.platEncID) == (3, 1)]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main():
    source = sys.argv[1]
    latin = make(source, WIN_ANSI, "ThrivoSign Latin", False)
    (HERE / "latin.zlib").write_bytes(zlib.compress(latin, 9))
    wide = make(source, WIDE, "ThrivoSign Wide", True)
    (HERE / "wide.ttf").write_bytes(wide)
    font = TTFont(io.BytesIO(latin))
    head, os2 = font["head"], font["OS/2"]
    print("latin", len(latin), (HERE / "latin.zlib").stat().st_size, "wide", len(wide))
    print("upem", head.unitsPerEm, "bbox", head.xMin, head.yMin, head.xMax, head.yMax, "cap", os2.sCapHeight, "asc", font["hhea"].ascent, font["hhea"].descent)


main()
