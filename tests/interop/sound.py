#!/usr/bin/env python3
"""Makes sound signed documents of many shapes with pyHanko, for the test that every one of them verifies clean here.

Takes the corpus folder, gives a folder beside it whose path is the last line printed, made
once: one file a case and `listing.json` with its password. Certified, filled, locked, signed in existing fields, visible,
with validation data and time stamps, in every algorithm, and with the CMS in forms that are legal and unusual.
"""

import datetime
import hashlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import sound_cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)
DAY = datetime.timedelta(days=1)
USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
          "encipher_only", "decipher_only")


class Authority:
    """A root of its own: issuing CA, signers with every kind of key, a time-stamping authority."""

    def __init__(self):
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        root_key, middle_key, issuing_key = (ec.generate_private_key(ec.SECP384R1()) for _ in range(3))
        self.root = self.issue("Sound Root", root_key, None, root_key, ca=2)
        self.middle = self.issue("Sound Policy CA", middle_key, self.root, root_key, ca=1)
        self.issuing, self.issuing_key = self.issue("Sound Issuing CA", issuing_key, self.middle, middle_key, ca=0), issuing_key
        self.keys = {"p256": ec.generate_private_key(ec.SECP256R1()), "p384": ec.generate_private_key(ec.SECP384R1()),
                     "p521": ec.generate_private_key(ec.SECP521R1()), "rsa": rsa.generate_private_key(65537, 2048),
                     "rsa4096": rsa.generate_private_key(65537, 4096), "tsa": rsa.generate_private_key(65537, 2048)}
        self.leaves = {name: self.issue(f"Sound Signer {name}", key, self.issuing, issuing_key, tsa=name == "tsa") for name, key in self.keys.items()}

    def issue(self, subject, key, issuer, issuer_key, ca=None, tsa=False):
        def named(common):
            return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "MU"), x509.NameAttribute(NameOID.COMMON_NAME, common)])
        usage = ("key_cert_sign", "crl_sign") if ca is not None else ("digital_signature", "content_commitment")
        above = issuer.public_key() if issuer else key.public_key()
        builder = (
            x509.CertificateBuilder().subject_name(named(subject)).issuer_name(issuer.subject if issuer else named(subject))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 2 * DAY).not_valid_after(self.now + 3650 * DAY)
            .add_extension(x509.BasicConstraints(ca=ca is not None, path_length=ca), critical=True)
            .add_extension(x509.KeyUsage(**{known: known in usage for known in USAGES}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False))
        if tsa:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return builder.sign(issuer_key, hashes.SHA256())

    def loaded(self, name):
        leaf = asn1_x509.Certificate.load(self.leaves[name].public_bytes(Encoding.DER))
        key = asn1_keys.PrivateKeyInfo.load(self.keys[name].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        return leaf, key, SimpleCertificateStore.from_certs(self.chain())

    def chain(self):
        return [asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in (self.issuing, self.middle, self.root)]

    def signer(self, name, cls=SimpleSigner, **more):
        leaf, key, store = self.loaded(name)
        return cls(signing_cert=leaf, signing_key=key, cert_registry=store, **more)

    def tsa(self):
        return DummyTimeStamper(*self.loaded("tsa"))


def update(data, password=""):
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if writer.prev.encrypted:
        writer.encrypt(password)
    return writer


def written(writer):
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


class Maker:
    def __init__(self, corpus):
        self.corpus = corpus
        self.ca = Authority()
        self.made = {}
        self.listing = json.loads((corpus / "manifest.json").read_text())

    def source(self, name):
        return (self.corpus / f"{name}.pdf").read_bytes()

    def blank(self, name, which):
        entry = next(d for d in self.listing if d["file"] == f"{name}.pdf")
        x, y, w, h = entry["blank"][which]
        return (int(x), int(y), int(x + w), int(y + h))

    def keep(self, name, data, password=""):
        self.made[name] = (data, password)
        return data

    def sign(self, data, field="Signature1", who="p256", spec=None, style=None, password="", timestamper=None, signer=None, existing=False,
             reserve=None, **meta):
        meta.setdefault("subfilter", SigSeedSubFilter.PADES)
        meta.setdefault("md_algorithm", "sha256")
        sink = io.BytesIO()
        pdf_signer = PdfSigner(PdfSignatureMetadata(field_name=field, **meta), signer or self.ca.signer(who), timestamper=timestamper,
                               new_field_spec=spec, stamp_style=style)
        pdf_signer.sign_pdf(update(data, password), output=sink, existing_fields_only=existing, bytes_reserved=reserve)
        return sink.getvalue()

    def fields(self, data, *specs, text=()):
        """Empty signature fields and text fields with a look."""
        writer = update(data)
        for spec in specs:
            fields.append_signature_field(writer, spec)
        form = writer.root["/AcroForm"] if "/AcroForm" in writer.root else None
        if form is None:
            form = writer.root["/AcroForm"] = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
            writer.update_root()
        page = writer.root["/Pages"]["/Kids"][0]
        for number, name in enumerate(text):
            look = self.look(writer, "none")
            widget = generic.DictionaryObject({
                pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"), pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(name), pdf_name("/V"): pdf_string("none"), pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (30, 10 + 14 * number, 90, 22 + 14 * number)]),
                pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): look}), pdf_name("/DA"): pdf_string("/Helv 9 Tf 0 g")})
            reference = writer.add_object(widget)
            for holder, key in ((form, "/Fields"), (page, "/Annots")):
                if key not in holder:
                    holder[pdf_name(key)] = generic.ArrayObject()
                    writer.update_container(holder)
                holder[key].append(reference)
                writer.update_container(holder[key])
        return written(writer)

    def look(self, writer, text):
        stream = generic.StreamObject(stream_data=f"/Tx BMC BT /Helv 9 Tf 0 g 2 3 Td ({text}) Tj ET EMC".encode())
        stream[pdf_name("/Type")], stream[pdf_name("/Subtype")] = pdf_name("/XObject"), pdf_name("/Form")
        stream[pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 60, 12)])
        helv = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
                                         pdf_name("/BaseFont"): pdf_name("/Helvetica")})
        stream[pdf_name("/Resources")] = generic.DictionaryObject({
            pdf_name("/Font"): generic.DictionaryObject({pdf_name("/Helv"): helv})})
        return writer.add_object(stream)

    def fill(self, data, name, value):
        writer = update(data)
        field = next(f.get_object() for f in writer.root["/AcroForm"]["/Fields"] if f.get_object().get("/T") == name)
        field[pdf_name("/V")] = pdf_string(value)
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): self.look(writer, value)})
        writer.update_container(field)
        return written(writer)

    def information(self, data, xmp=False, password=""):
        writer = update(data, password)
        writer.set_info(generic.DictionaryObject({pdf_name("/Title"): pdf_string("Loan"), pdf_name("/ModDate"): pdf_string("D:20260101000000Z")}))
        if xmp:
            stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
            stream[pdf_name("/Type")], stream[pdf_name("/Subtype")] = pdf_name("/Metadata"), pdf_name("/XML")
            writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
            writer.update_root()
        return written(writer)

    def store(self, data, **more):
        output = io.BytesIO(data)
        DocumentSecurityStore.add_dss(output, None, certs=self.ca.chain(), strict=False, force_write=True, **more)
        return output.getvalue()

    def stamp(self, data, password=""):
        sink = io.BytesIO()
        PdfTimeStamper(self.ca.tsa()).timestamp_pdf(update(data, password), "sha256", output=sink)
        return sink.getvalue()


def permissions(m):
    form = m.fields(m.source("rl-plain"), SigFieldSpec("Later", box=None), text=("amount", "note"))
    m.keep("form-approval", m.sign(form, "Bank"))
    for level in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE):
        name = f"certified-{level.value}"
        once = m.keep(name, m.sign(form, "Bank", certify=True, docmdp_permissions=level))
        m.keep(f"{name}-information", m.information(once, xmp=True))
        m.keep(f"{name}-store", m.store(once))
        m.keep(f"{name}-stamped", m.stamp(m.store(once)))
        if level != MDPPerm.NO_CHANGES:
            filled = m.keep(f"{name}-filled", m.fill(once, "amount", "100"))
            m.keep(f"{name}-filled-twice", m.fill(filled, "amount", "200"))
            signed = m.keep(f"{name}-filled-signed", m.sign(filled, "Later", "rsa", existing=True))
            m.keep(f"{name}-filled-signed-stamped", m.stamp(m.store(signed)))
    lock = {"include": FieldMDPSpec(FieldMDPAction.INCLUDE, ["note"]), "exclude": FieldMDPSpec(FieldMDPAction.EXCLUDE, ["amount"])}
    for name, spec in lock.items():
        locking = m.fields(form, SigFieldSpec("Locking", box=None, field_mdp_spec=spec))
        once = m.keep(f"lock-{name}", m.sign(locking, "Locking", existing=True))
        m.keep(f"lock-{name}-filled", m.fill(once, "amount", "100"))
        locking = m.fields(form, SigFieldSpec("Locking", box=None, field_mdp_spec=spec, doc_mdp_update_value=MDPPerm.FILL_FORMS))
        once = m.sign(locking, "Locking", existing=True)
        m.keep(f"lock-{name}-level-filled-signed", m.sign(m.fill(once, "amount", "100"), "Later", existing=True))
    every = m.fields(form, SigFieldSpec("Locking", box=None, field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)))
    m.keep("lock-all-signed", m.sign(m.sign(every, "Locking", existing=True), "Later", existing=True))


def many_signers(m):
    for source in ("lo-agreement", "tex-17-everything-packed", "qpdf-linearised", "hybrid-form", "rl-plain", "lo-pdfua", "cr-agreement"):
        for combined in (True, False):
            names = [f"party{n}.sign" if n < 2 else f"Sign{n}" for n in range(4)]
            boxes = [m.blank(source, 0), m.blank(source, 1), None, None]
            specs = [SigFieldSpec(n, box=b, combine_annotation=combined) for n, b in zip(names, boxes)]
            data = m.fields(m.source(source), *specs)
            for turn, field in enumerate(names):
                who = ("p256", "rsa", "p384", "p521")[turn]
                style = TextStampStyle(stamp_text="Signed by %(signer)s") if turn < 2 else None
                data = m.sign(data, field, who, style=style, existing=True)
                m.keep(f"fields-{source}-{'merged' if combined else 'kids'}-{turn + 1}", data)
    for entry in m.listing:
        source = entry["file"].removesuffix(".pdf")
        if entry["password"]:
            continue
        style = TextStampStyle(stamp_text="Signed by %(signer)s\n%(ts)s")
        turned = entry["rotate"] != 0
        data = m.source(source)
        try:
            for turn in range(2):
                spec = SigFieldSpec(f"Visible{turn}", box=None if turned else m.blank(source, turn))
                data = m.sign(data, f"Visible{turn}", spec=spec, style=None if turned else style)
                m.keep(f"visible-{source}-{turn + 1}", data)
        except Exception as error:
            print(f"  {source}: {type(error).__name__}: {error}", flush=True)


def evidence(m):
    for source in ("lo-agreement", "tex-15-object-streams", "hybrid-outlines", "qpdf-linearised-object-streams"):
        once = m.sign(m.source(source), timestamper=m.ca.tsa())
        m.keep(f"stamped-signature-{source}", once)
        store = m.keep(f"store-{source}", m.store(once))
        stamped = m.keep(f"stamp-{source}", m.stamp(store))
        m.keep(f"stamp-twice-{source}", m.stamp(m.store(stamped)))
        m.keep(f"stamp-information-{source}", m.information(stamped))
        m.keep(f"stamp-signed-{source}", m.sign(stamped, "Signature2", "rsa"))
        m.keep(f"stamp-alone-{source}", m.stamp(m.source(source)))
        data = m.source(source)
        for _ in range(12):
            data = m.information(data)
        m.keep(f"revisions-{source}", m.information(m.sign(m.sign(data), "Signature2"), xmp=True))
    for entry in m.listing:
        if "encrypted" in entry["features"]:
            name, password = entry["file"].removesuffix(".pdf"), entry["password"]
            once = m.sign(m.source(name), password=password)
            m.keep(f"encrypted-{name}", once, password)
            m.keep(f"encrypted-{name}-twice", m.information(m.sign(once, "Signature2", "rsa", password=password), password=password), password)
            m.keep(f"encrypted-{name}-stamp", m.stamp(once, password), password)


def main():
    corpus = Path(sys.argv[1])
    made_from = b"".join(Path(p).read_bytes() for p in (__file__, sound_cms.__file__)) + str(corpus).encode()
    target = corpus.parent / f"sound-{hashlib.sha256(made_from).hexdigest()[:16]}"
    if not (target / "listing.json").is_file():
        scratch = Path(tempfile.mkdtemp(dir=corpus.parent))
        maker = Maker(corpus)
        for part in (permissions, many_signers, evidence, sound_cms.make):
            part(maker)
        for name, (data, _) in maker.made.items():
            (scratch / f"{name}.pdf").write_bytes(data)
        (scratch / "root.pem").write_bytes(maker.ca.root.public_bytes(Encoding.PEM))
        (scratch / "listing.json").write_text(json.dumps([{"file": f"{n}.pdf", "password": p} for n, (_, p) in maker.made.items()], indent=1) + "\n")
        try:
            os.rename(scratch, target)
        except OSError:  # another run was faster
            shutil.rmtree(scratch)
    print(target)


if __name__ == "__main__":
    main()
