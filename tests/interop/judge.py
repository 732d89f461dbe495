#!/usr/bin/env python3
"""pyHanko as a judge: one long-running process, one JSON line in, one JSON line out.

Takes `{"file", "trust": [PEM paths], "password"?}` and gives `{"signatures": [...]}` or `{"error"}`. For each signature:
field, intact, valid, trusted, bottom_line, coverage, modification (level of later changes, null if none were looked at), difference (what
pyHanko objects to in later changes), md_algorithm, byte_range and the CMS in hexadecimal, for the judges that see no PDF. A first line `{}` is answered by the
version, so that the caller knows when it is ready.
"""

import json
import logging
import sys
from importlib.metadata import version

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def certificates(paths):
    found = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        found += [x509.Certificate.load(der) for _, _, der in pem.unarmor(data, multiple=True)]
    return found


def judge(request):
    anchors = certificates(request["trust"])
    answer = []
    with open(request["file"], "rb") as file:
        reader = PdfFileReader(file, strict=False)
        if reader.encrypted:
            reader.decrypt(request.get("password", ""))
        for signature in reader.embedded_regular_signatures:
            # A context remembers what it has seen: a fresh one for every signature.
            context = ValidationContext(trust_roots=anchors, allow_fetching=False, revocation_mode="soft-fail")
            status = validate_pdf_signature(signature, context)
            level = status.modification_level
            contents = signature.pkcs7_content
            answer.append({
                "field": signature.field_name, "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
                "bottom_line": status.bottom_line, "coverage": status.coverage.name, "modification": level.name if level is not None else None,
                "difference": str(status.diff_result) if level is not None and level.name == "OTHER" else None,
                "md_algorithm": status.md_algorithm, "summary": status.summary(),
                "byte_range": [int(number) for number in signature.byte_range], "cms": contents.hex(),
            })
    return {"signatures": answer}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = judge(request) if request else {"pyhanko": version("pyHanko")}
        except Exception as error:  # whatever the judge stumbles over is its verdict
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
