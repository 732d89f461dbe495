#!/usr/bin/env python3
"""pyHanko's speed, for the ratio: signs and validates one file again and again in one process.

Takes FILE KEY CHAIN ROOT ROUNDS, gives `{"sign_per_second", "verify_per_second", "version"}`. File to file, without fsync.
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
            start = time.perf_counter()
            for _ in range(int(rounds)):
                work()
            return int(rounds) / (time.perf_counter() - start)

        print(json.dumps({"sign_per_second": per_second(sign), "verify_per_second": per_second(verify), "version": version("pyHanko")}))


if __name__ == "__main__":
    main()
