#!/usr/bin/env python3
"""PAdES B-B to B-LTA as pyHanko makes them, with a certification authority and a time-stamping authority of this file's own.

Gives a folder whose path is the last line printed, made once a day since lists of revoked certificates grow old: `LEVEL.KEY.pdf`, `root.pem`,
`adobe.KEY.pdf` (revocation data in a signed attribute, as Adobe's products put it there),
`revoked/*.crl` where the signer is on a list of later; and for others to sign with: `page.pdf`, `ca.pem`, `authority.pem`, `tsa.pem`, `KEY.pem`, each key
beside its certificate as `*.key.pem`, and what OCSP says of it as `*.ocsp`.
"""

import datetime
import hashlib
import io
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen import canvas

logging.disable(logging.CRITICAL)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
KEYS = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 3072),
    "pss": lambda: rsa.generate_private_key(65537, 2048),
}


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(subject, key, issuer, issuer_key, days, ca=False, purpose=None):
    usage = dict.fromkeys(["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                           "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False)
    usage.update({"key_cert_sign": True, "crl_sign": True} if ca else {"digital_signature": True, "content_commitment": purpose is None})
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(NOW - 30 * DAY).not_valid_after(NOW + days * DAY)
               .add_extension(x509.BasicConstraints(ca, None), True).add_extension(x509.KeyUsage(**usage), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), True)
    if key is not issuer_key:
        # EU DSS looks at no list about a certificate that names none.
        at = "http://pki.example/" + issuer.rfc4514_string().replace("CN=", "").replace(" ", "-")
        lists = x509.DistributionPoint([x509.UniformResourceIdentifier(at + ".crl")], None, None, None)
        above = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(at + ".cer"))
        asked = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(at + "/ocsp"))
        builder = (builder.add_extension(x509.CRLDistributionPoints([lists]), False)
                   .add_extension(x509.AuthorityInformationAccess([above] if ca else [above, asked]), False))
    return builder.sign(issuer_key, hashes.SHA256())


def listing(issuer, key, revoked=()):
    builder = (x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(NOW - DAY).next_update(NOW + 30 * DAY)
               .add_extension(x509.CRLNumber(1), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False))
    for certificate, when in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(when).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def good(leaf, issuer, issuer_key):
    """An OCSP response of the authority's own, of yesterday."""
    builder = (ocsp.OCSPResponseBuilder()
               .add_response(leaf, issuer, hashes.SHA256(), ocsp.OCSPCertStatus.GOOD, NOW - DAY, NOW + 30 * DAY, None, None)
               .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer))
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def certificate(of):
    return asn1_x509.Certificate.load(of.public_bytes(serialization.Encoding.DER))


def private(key):
    encoded = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(encoded)


def keep(out, title, one, key=None):
    (out / f"{title}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    if key is not None:
        encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (out / f"{title}.key.pem").write_bytes(encoded)


def page():
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.drawString(72, 720, "Facility agreement")
    sheet.save()
    return out.getvalue()


def make(out):
    root_key, ca_key, authority_key = (KEYS["p256"]() for _ in range(3))
    tsa_key = KEYS["rsa"]()  # pyHanko's own time stamper signs with no other
    root = issue("Root", root_key, name("Root"), root_key, 9000, ca=True)
    ca = issue("CA", ca_key, name("Root"), root_key, 5000, ca=True)
    authority = issue("Authority of time", authority_key, name("Root"), root_key, 5000, ca=True)
    tsa = issue("Clock", tsa_key, name("Authority of time"), authority_key, 4000, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    lists = [listing(name("Root"), root_key), listing(name("CA"), ca_key), listing(name("Authority of time"), authority_key)]
    for title, one in (("root", root), ("ca", ca), ("authority", authority)):
        keep(out, title, one)
    keep(out, "tsa", tsa, tsa_key)
    (out / "tsa.ocsp").write_bytes(good(tsa, authority, authority_key))
    (out / "page.pdf").write_bytes(page())
    (out / "lists").mkdir()
    for number, one in enumerate(lists):
        (out / "lists" / f"{number}.crl").write_bytes(one)
    chain = [certificate(one) for one in (ca, authority)]
    stamper = DummyTimeStamper(certificate(tsa), private(tsa_key), certs_to_embed=SimpleCertificateStore.from_certs([certificate(authority)]))
    (out / "revoked").mkdir()
    for kind, generate in KEYS.items():
        key = generate()
        leaf = issue(f"Anna {kind}", key, name("CA"), ca_key, 365)
        keep(out, kind, leaf, key)
        (out / f"{kind}.ocsp").write_bytes(good(leaf, ca, ca_key))
        signer = SimpleSigner(signing_cert=certificate(leaf), signing_key=private(key),
                              cert_registry=SimpleCertificateStore.from_certs(chain), prefer_pss=kind == "pss")
        for level in ("B-B", "B-T", "B-LT", "B-LTA"):
            context = ValidationContext(trust_roots=[certificate(root)], other_certs=chain, allow_fetching=False, revocation_mode="require",
                                        crls=[asn1_crl.CertificateList.load(one) for one in lists])
            meta = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
                                        validation_context=context, embed_validation_info=level in ("B-LT", "B-LTA"),
                                        use_pades_lta=level == "B-LTA")
            sink = io.BytesIO()
            writer = IncrementalPdfFileWriter(io.BytesIO(page()))
            PdfSigner(meta, signer, timestamper=None if level == "B-B" else stamper).sign_pdf(writer, output=sink)
            (out / f"{level}.{kind}.pdf").write_bytes(sink.getvalue())
        context = ValidationContext(trust_roots=[certificate(root)], other_certs=chain, allow_fetching=False, revocation_mode="require",
                                    crls=[asn1_crl.CertificateList.load(one) for one in lists],
                                    ocsps=[asn1_ocsp.OCSPResponse.load((out / f"{kind}.ocsp").read_bytes())])
        meta = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
                                    validation_context=context, embed_validation_info=True)
        sink = io.BytesIO()
        PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(page())), output=sink)
        (out / f"adobe.{kind}.pdf").write_bytes(sink.getvalue())
        for when, day in (("before", NOW - 2 * DAY), ("after", NOW + 5 * DAY)):
            (out / "revoked" / f"{kind}.{when}.crl").write_bytes(listing(name("CA"), ca_key, [(leaf, day)]))


def main():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "thrivosign/interop"
    made_from = Path(__file__).read_bytes() + NOW.strftime("%Y-%m-%d").encode()
    target = cache / f"levels-{hashlib.sha256(made_from).hexdigest()[:16]}"
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=cache))
        make(scratch)
        try:
            os.rename(scratch, target)
        except OSError:  # another run was faster
            shutil.rmtree(scratch)
    print(target)


if __name__ == "__main__":
    sys.exit(main())
