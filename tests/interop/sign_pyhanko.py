#!/usr/bin/env python3
"""Signs corpus files with pyHanko, PAdES B-B, for the test that they verify clean here.

Takes the corpus folder and the certificate folder, gives a folder beside them whose path is the last line printed, made
once: `NAME.KEY[.twice].pdf` files and `listing.json`. Files that pyHanko declines to sign stand there with its reason as
`{"declined": .., "reason": ..}`; the test that reads the list counts them.
"""

import hashlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)


def sign(data, signer, field, password, digest="sha256"):
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if writer.prev.encrypted:
        writer.encrypt(password)
    meta = PdfSignatureMetadata(field_name=field, reason="I accept the loan agreement", location="Curepipe", md_algorithm=digest,
                                subfilter=fields.SigSeedSubFilter.PADES)
    sink = io.BytesIO()
    PdfSigner(meta, signer).sign_pdf(writer, output=sink)
    return sink.getvalue()


def main():
    corpus, authority = (Path(argument) for argument in sys.argv[1:3])
    made_from = Path(__file__).read_bytes() + f"{corpus}\n{authority}".encode()
    target = corpus.parent / f"pyhanko-{hashlib.sha256(made_from).hexdigest()[:16]}"
    if not (target / "listing.json").is_file():
        scratch = Path(tempfile.mkdtemp(dir=corpus.parent))
        listing = sign_all(corpus, authority, scratch)
        (scratch / "listing.json").write_text(json.dumps(listing, indent=1) + "\n")
        try:
            os.rename(scratch, target)
        except OSError:  # another run was faster
            shutil.rmtree(scratch)
    print(target)


def sign_all(corpus, authority, out):
    signers = {}
    for name in ("p256", "rsa"):
        leaf, *chain = load_certs_from_pemder([str(authority / f"{name}.chain.pem")])
        key = load_private_key_from_pemder(str(authority / f"{name}.key.pem"), passphrase=None)
        signers[name] = SimpleSigner(signing_cert=leaf, signing_key=key, cert_registry=SimpleCertificateStore.from_certs(chain))
    listing = []
    for document in json.loads((corpus / "manifest.json").read_text()):
        data = (corpus / document["file"]).read_bytes()
        for turn, (name, signer) in enumerate(signers.items()):
            try:
                once = sign(data, signer, "Signature1", document["password"])
                twice = sign(once, list(signers.values())[1 - turn], "Signature2", document["password"], "sha512")
            except Exception as error:
                listing.append({"declined": document["file"], "reason": f"{type(error).__name__}: {error}"})
                break
            for times, signed in ((1, once), (2, twice)):
                file = f"{document['file'].removesuffix('.pdf')}.{name}{'.twice' if times == 2 else ''}.pdf"
                (out / file).write_bytes(signed)
                listing.append({"file": file, "signer": name, "times": times, "source": document["file"], "producer": document["producer"],
                                "features": document["features"], "password": document["password"]})
    return listing


if __name__ == "__main__":
    main()
