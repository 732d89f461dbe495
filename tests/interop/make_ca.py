#!/usr/bin/env python3
"""Makes a throwaway certification authority for the interoperation tests, with what a signer holds and what must fail.

Takes nothing, gives a folder in the cache whose path is the last line printed: `root.pem`, `foreign-root.pem` and, for each
signer, `NAME.key.pem` (PKCS#8, not encrypted: throwaway), `NAME.chain.pem` (leaf, then the issuing CA) and `NAME.p12`
(password `interop`). Signers: `p256`, `rsa` (3072 bits), `expired`, `foreign` (from the other root).
"""

import datetime
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
KEY_USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
              "crl_sign", "encipher_only", "decipher_only")


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "MU"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Interop Test"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


def issue(subject, key, issuer, issuer_key, *, usage, ca=None, start=-2, end=3650):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    issuer_name = issuer.subject if issuer else name(subject)
    authority = issuer.public_key() if issuer else key.public_key()
    builder = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(issuer_name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now + start * DAY).not_valid_after(now + end * DAY)
        .add_extension(x509.BasicConstraints(ca=ca is not None, path_length=ca), critical=True)
        .add_extension(x509.KeyUsage(**{known: known in usage for known in KEY_USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), critical=False))
    return builder.sign(issuer_key, hashes.SHA256())


def authority(folder, label, file):
    root_key, issuing_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = issue(f"{label} Root", root_key, None, root_key, usage=("key_cert_sign", "crl_sign"), ca=1)
    issuing = issue(f"{label} Issuing CA", issuing_key, root, root_key, usage=("key_cert_sign", "crl_sign"), ca=0)
    (folder / file).write_bytes(root.public_bytes(Encoding.PEM))
    return issuing, issuing_key


def signer(folder, file, common, key, issuing, issuing_key, **validity):
    leaf = issue(common, key, issuing, issuing_key, usage=("content_commitment",), **validity)
    key_file = folder / f"{file}.key.pem"
    key_file.touch(mode=0o600)
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / f"{file}.chain.pem").write_bytes(leaf.public_bytes(Encoding.PEM) + issuing.public_bytes(Encoding.PEM))
    package = pkcs12.serialize_key_and_certificates(file.encode(), key, leaf, [issuing], BestAvailableEncryption(b"interop"))
    (folder / f"{file}.p12").write_bytes(package)


def main():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    target = Path(base) / "thrivosign/interop" / f"ca-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]}"
    if not (target / "root.pem").is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent))
        ours, foreign = authority(scratch, "Interop", "root.pem"), authority(scratch, "Foreign", "foreign-root.pem")
        signer(scratch, "p256", "Amina Rivière-Joseph", ec.generate_private_key(ec.SECP256R1()), *ours)
        signer(scratch, "rsa", "Meridian Commerce Bank", rsa.generate_private_key(65537, 3072), *ours)
        signer(scratch, "expired", "Yesterday's Signer", ec.generate_private_key(ec.SECP256R1()), *ours, start=-400, end=-30)
        signer(scratch, "foreign", "Foreign Signer", ec.generate_private_key(ec.SECP256R1()), *foreign)
        try:
            os.rename(scratch, target)
        except OSError:  # another run was faster
            shutil.rmtree(scratch)
    print(target)


if __name__ == "__main__":
    sys.exit(main())
