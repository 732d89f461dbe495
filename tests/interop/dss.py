#!/usr/bin/env python3
"""The other side of the tests of evidence: pyHanko's document security store, and its judgement of document time stamps.

`make FOLDER`: throwaway evidence as `ca.der`, `leaf.der`, `ocsp.der`, `crl.der`.
`write FOLDER IN OUT PASSWORD`: pyHanko puts that evidence into IN, for its first signature.
`read FILE PASSWORD`: what pyHanko reads, as JSON: SHA-256 of each item by list, and the keys of the signatures' entries.
`stamps FILE TSA PASSWORD`: for each document time stamp, whether pyHanko believes it with that certificate trusted, as JSON.
"""

import datetime
import hashlib
import io
import json
import sys
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

DAY = datetime.timedelta(days=1)


def make(folder):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Evidence CA")])
    key = ec.generate_private_key(ec.SECP256R1())

    def issue(subject, public):
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + 30 * DAY)
        return builder.add_extension(x509.BasicConstraints(ca=subject == name, path_length=None), critical=True).sign(key, hashes.SHA256())

    ca = issue(name, key.public_key())
    leaf = issue(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Evidence Leaf")]), ec.generate_private_key(ec.SECP256R1()).public_key())
    crl = x509.CertificateRevocationListBuilder().issuer_name(name).last_update(now - DAY).next_update(now + DAY)
    answer = ocsp.OCSPResponseBuilder().add_response(
        cert=leaf, issuer=ca, algorithm=hashes.SHA1(), cert_status=ocsp.OCSPCertStatus.GOOD, this_update=now - DAY, next_update=now + DAY,
        revocation_time=None, revocation_reason=None).responder_id(ocsp.OCSPResponderEncoding.HASH, ca)
    for file, item in (("ca", ca), ("leaf", leaf), ("crl", crl.sign(key, hashes.SHA256())), ("ocsp", answer.sign(key, hashes.SHA256()))):
        (folder / f"{file}.der").write_bytes(item.public_bytes(Encoding.DER))


def write(folder, source, target, password):
    der = {name: (folder / f"{name}.der").read_bytes() for name in ("ca", "leaf", "crl", "ocsp")}
    writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()), strict=False)
    if writer.prev.encrypted:
        writer.encrypt(password)
    contents = writer.prev.embedded_signatures[0].pkcs7_content
    DocumentSecurityStore.supply_dss_in_writer(
        writer, contents.hex().encode(), certs=[asn1_x509.Certificate.load(der["ca"]), asn1_x509.Certificate.load(der["leaf"])],
        ocsps=[asn1_ocsp.OCSPResponse.load(der["ocsp"])], crls=[asn1_crl.CertificateList.load(der["crl"])])
    sink = io.BytesIO()
    writer.write(sink)
    target.write_bytes(sink.getvalue())


def opened(file, password):
    reader = PdfFileReader(io.BytesIO(file.read_bytes()), strict=False)
    if reader.encrypted:
        reader.decrypt(password)
    return reader


def read(file, password):
    store = DocumentSecurityStore.read_dss(opened(file, password))
    digests = lambda items: sorted(hashlib.sha256(item).hexdigest() for item in items)
    stored = lambda refs: digests(ref.get_object().data for ref in refs)
    certificates = digests(certificate.dump() for certificate in store.load_certs())
    return {"certificates": certificates, "ocsp": stored(store.ocsps), "crls": stored(store.crls),
            "vri": sorted(key.lstrip("/") for key in store.vri_entries or {})}


def stamps(file, tsa, password):
    context = ValidationContext(trust_roots=[load_cert_from_pemder(tsa)], allow_fetching=False)
    judged = [validate_pdf_timestamp(stamp, context) for stamp in opened(file, password).embedded_timestamp_signatures]
    return [status.intact and status.valid and status.trusted and status.coverage == SignatureCoverageLevel.ENTIRE_FILE for status in judged]


def main():
    task, *rest = sys.argv[1:]
    if task == "make":
        make(Path(rest[0]))
    elif task == "write":
        write(Path(rest[0]), Path(rest[1]), Path(rest[2]), rest[3])
    elif task == "read":
        print(json.dumps(read(Path(rest[0]), rest[1])))
    else:
        print(json.dumps(stamps(Path(rest[0]), rest[1], rest[2])))


main()
