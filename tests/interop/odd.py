#!/usr/bin/env python3
"""Odd and random documents before pyHanko: `odd.py DIR` asks it about every signed PDF of the folder; `root.pem` in it is the trust.

Every signature must be intact, valid and trusted, and what later signers did permitted. What pyHanko says of a legal document otherwise stands
below, with its reason; a row that nothing needs is a fault, too, where it names a file. Exit status 1 with what is unexplained.
"""

import logging
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

sys.path.insert(0, str(Path(__file__).parent))
import judge  # noqa: E402

logging.disable(logging.CRITICAL)

HEADER = "wants the header at the first byte; ISO 32000-2 7.5.2 with annex C does not"
LISTED = "wants every entry of /Annots to be a reference; table 31 does not"

# Documents by name: what it says of them, and why it is not asked more.
BY_NAME = {
    "-Annots-of-direct-dictionaries": ("Array contains direct objects", LISTED),
    "-Annots-with-null-and-a-reference-to-nothing": ("Array contains direct objects", LISTED),
    "-Index-backwards": ("AssertionError", "reads /Index in ascending order alone"),
    "-Prev-0": ("Invalid argument", "takes /Prev 0, which some writers mean as none, for a place"),
    "-Prev-null": ("Expected /Prev to be a number", "an entry that is null is no entry (7.3.7)"),
    "a-comment-before-the-header": ("Illegal PDF header", HEADER),
    "a-field-without-a-type": ("Field type of terminal field", "reads no form with a field of no type, which 12.7.4.1 leaves alone"),
    "a-packed-object-stream-with-a-predictor-free-filter": ("No container reference", "loses the place of an object behind indirect parameters"),
    "a-reference-over-three-lines": ("Unexpected byte", "reads references on one line alone; 7.2.3 makes all white space equal"),
    "a-signature-field-behind-references": ("Names must be strings", "does not follow a reference to a field's name"),
    "a-widget-that-two-fields--lists-name": ("Duplicate field name", "one field, listed twice, is two to it"),
    "an-empty-line-before-the-header": ("Illegal PDF header", HEADER),
    "an-update-of-nothing": ("invalid literal for int", "cannot read a table without a subsection"),
    "everything-behind-references": ("Names must be strings", "does not follow a reference to a field's name"),
    "junk-and-a-stream--offsets-from-the-header": ("Illegal PDF header", HEADER),
    "junk-and-a-stream": ("Illegal PDF header", HEADER),
    "junk-before-the-header--offsets-from-the-header": ("Illegal PDF header", HEADER),
    "junk-before-the-header--offsets-from-0": ("Illegal PDF header", HEADER),
    "no--Size": ("KeyError: '/Size'", "does not read a trailer without /Size, which we take from the entries"),
    "one-null-and-one-missing-field": ("KeyError", "a reference to nothing is null (7.3.10); it looks the object up"),
}

# What it says of invented documents, by its words.
BY_WORDS = [
    (r"KeyError: Reference\(idnum=9999", "a reference to nothing is null (7.3.10); it looks the object up"),
    (r"DecryptedObjectProxy", "does not look through its own wrapper of a decrypted object where it compares or lists"),
    (
        r"only allowed after an approval signature, not a certification signature",
        "lets no new visible field follow a certification, stricter than Acrobat, as it says itself; we tell it before (new_box_under_certification)",
    ),
    (
        r"is not allowed because the form field \S+ is locked",
        "counts the look of a locked field as changed after a revision that did not bring it; whether any later revision writes it is asked below",
    ),
]


def untouched(reader, words, revision):
    """Whether what it calls a change of a locked field is written by no later revision."""
    found = re.search(r"Update of Reference\(idnum=(\d+), generation=0\) is not allowed because", words)
    if not found:
        return True
    later = range(revision + 1, reader.xrefs.total_revisions)
    return all(int(found[1]) not in {ref.idnum for ref in reader.xrefs.explicit_refs_in_revision(number)} for number in later)


def objections(path, anchors):
    """What it has against the file, and whether the words alone decide it."""
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted:
                reader.decrypt("user") if reader.decrypt("").status.name == "FAILED" else None
            said = []
            for signature in reader.embedded_regular_signatures:
                context = ValidationContext(trust_roots=anchors, allow_fetching=False, revocation_mode="soft-fail")
                status = validate_pdf_signature(signature, context)
                if not (status.intact and status.valid and status.trusted):
                    said.append(f"!{signature.field_name}: {status.summary()}")
                elif not status.bottom_line:
                    words = f"{signature.field_name}: {status.summary()} {str(status.diff_result)}"
                    said.append(words if untouched(reader, words, signature.signed_revision) else f"!{words}")
            return said or ([] if reader.embedded_regular_signatures else ["!no signature"])
    except Exception as error:  # whatever it stumbles over is its verdict
        return [f"{type(error).__name__}: {error}"]


def explained(name, words):
    if words.startswith("!"):
        return False
    if name in BY_NAME:
        return re.search(re.escape(BY_NAME[name][0]), words) is not None
    return any(re.search(pattern, words) for pattern, _ in BY_WORDS)


def main():
    folder = Path(sys.argv[1])
    anchors = judge.certificates([str(folder / "root.pem")])
    files = sorted(folder.glob("*.pdf"))
    wrong, other = [], 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for path, said in zip(files, pool.map(partial(objections, anchors=anchors), files, chunksize=4)):
            wrong += [f"{path.stem}: {words}" for words in said if not explained(path.stem, words)]
            other += bool(said)
            if path.stem in BY_NAME and not said:
                wrong.append(f"{path.stem}: it has nothing against it after all: strike it from the table")
    print(f"{len(files)} documents, {other} judged otherwise with a reason")
    print("\n".join(wrong))
    sys.exit(bool(wrong) or not files)


if __name__ == "__main__":
    main()
