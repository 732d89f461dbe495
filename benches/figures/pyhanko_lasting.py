#!/usr/bin/env python3
"""pyHanko's speed with documents of level B-LT, for the ratio: each is validated offline by the evidence in it alone.

Takes FOLDER ROOT ROUNDS, gives documents a second by wall clock and by processor time, best of so many rounds.
"""

import json
import logging
import sys
import time
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ltv import RevocationInfoValidationType, validate_pdf_ltv_signature

logging.disable(logging.CRITICAL)


def main():
    folder, root, rounds = sys.argv[1:4]
    anchor = x509.Certificate.load(pem.unarmor(Path(root).read_bytes())[2])
    files = sorted(Path(folder).glob("*.pdf"))

    def verify(path):
        with open(path, "rb") as file:
            status = validate_pdf_ltv_signature(PdfFileReader(file).embedded_regular_signatures[0], RevocationInfoValidationType.PADES_LT,
                                                validation_context_kwargs={"trust_roots": [anchor], "allow_fetching": False})
            if not status.bottom_line:
                raise RuntimeError(status.summary())

    best = {"wall": 0.0, "processor": 0.0}
    for _ in range(int(rounds)):
        wall, processor = time.perf_counter(), time.process_time()
        for path in files:
            verify(path)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        best = {"wall": max(best["wall"], len(files) / wall), "processor": max(best["processor"], len(files) / processor)}
    print(json.dumps(best))


if __name__ == "__main__":
    main()
