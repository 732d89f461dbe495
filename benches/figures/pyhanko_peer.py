#!/usr/bin/env python3
"""pyHanko's speed, for the ratio: signs and validates one file again and again in one process.

Takes FILE KEY CHAIN ROOT ROUNDS, gives `{"sign", "verify", "version"}`, the first two as documents a second by wall clock
and by processor time, best of three loops. File to file, without fsync.
"""

import json
import logging
import os
import sys
import tempfile
import time
from importlib.metadata import version

from asn1crypto import pem, x509
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)


def main():
    source, key, chain, root, rounds = sys.argv[1:6]
    leaf, *others = load_certs_from_pemder([chain])
    signer = SimpleSigner(signing_cert=leaf, signing_key=load_private_key_from_pemder(key, passphrase=None),
                          cert_registry=SimpleCertificateStore.from_certs(others))
    with open(root, "rb") as file:
        anchor = x509.Certificate.load(pem.unarmor(file.read())[2])
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "signed.pdf")

        def sign():
            with open(source, "rb") as file, open(target, "wb") as out:
                meta = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
                PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(file), output=out)

        def verify():
            with open(target, "rb") as file:
                context = ValidationContext(trust_roots=[anchor], allow_fetching=False, revocation_mode="soft-fail")
                status = validate_pdf_signature(PdfFileReader(file).embedded_regular_signatures[0], context)
                if not status.bottom_line:
                    raise RuntimeError(status.summary())

        def per_second(work):
            work()
            wall, processor = time.perf_counter(), time.process_time()
            for _ in range(int(rounds)):
                work()
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            return {"wall": int(rounds) / wall, "processor": int(rounds) / processor}

        def best(work):
            loops = [per_second(work) for _ in range(3)]
            return {clock: max(loop[clock] for loop in loops) for clock in ("wall", "processor")}

        print(json.dumps({"sign": best(sign), "verify": best(verify), "version": version("pyHanko")}))


if __name__ == "__main__":
    main()
