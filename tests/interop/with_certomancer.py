#!/usr/bin/env python3
"""A public-key infrastructure of certomancer's, its services on this machine, and documents that pyHanko signs with it.

Takes an empty FOLDER; fills it as `levels.py` fills its own: `root.pem`, `ca.pem`, `authority.pem`, `tsa.pem`, `KEY.pem`, `gone.pem` (revoked), keys as
`*.key.pem`, `lists/*.crl`, `page.pdf`, `LEVEL.KEY.pdf`. Then serves OCSP, lists, certificates and time stamps on loopback, prints one line of JSON, the
addresses, and goes on until its standard input ends.
"""

import asyncio
import datetime
import io
import json
import logging
import socket
import sys
from pathlib import Path

from aiohttp import web
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from certomancer.integrations.aiohttp_animator import build_animator_app
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, ServiceLabel
from cryptography.hazmat.primitives import serialization
from levels import KEYS, page
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
ARCH = "bank"
SIGNERS = ("p256", "p384", "rsa", "pss")


def certificate(issuer, days, usage, purpose=None, ca=False, about=None, more=()):
    """A certificate as certomancer's configuration spells it; `about`: whose services speak about it."""
    listed = [{"id": "basic_constraints", "critical": True, "value": {"ca": ca}},
              {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": usage}}]
    if purpose:
        listed.append({"id": "extended_key_usage", "critical": True, "value": [purpose]})
    if about:
        listed.append({"id": "crl_distribution_points", "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": [about]}}})
        asked = {"ca-issuer-links": [{"repo": about}], **({} if ca or purpose else {"ocsp-responder-names": [about]})}
        listed.append({"id": "authority_information_access", "smart-value": {"schema": "aia-urls", "params": asked}})
    validity = {"valid-from": (NOW - 30 * DAY).isoformat(), "valid-to": (NOW + days * DAY).isoformat()}
    return {"issuer": issuer, "validity": validity, "extensions": listed + list(more)}


def configuration(prefix):
    sign, issue, agree = ["digital_signature"], ["key_cert_sign", "crl_sign"], ["digital_signature", "non_repudiation"]
    certificates = {
        "root": certificate("root", 9000, issue, ca=True),
        "ca": certificate("root", 5000, issue, ca=True, about="root"),
        "authority": certificate("root", 5000, issue, ca=True, about="root"),
        "responder": certificate("ca", 300, sign, purpose="ocsp_signing", more=[{"id": "ocsp_no_check", "value": None}]),
        "tsa": certificate("authority", 4000, sign, purpose="time_stamping", about="authority"),
        "gone": {**certificate("ca", 365, agree, about="ca"),
                 "revocation": {"revoked-since": (NOW - 2 * DAY).isoformat(), "reason": "key_compromise"}},
        **{name: certificate("ca", 365, agree, about="ca") for name in SIGNERS},
    }
    # A list lasts for sixty days and is thirty days old.
    lists = {name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P60D"} for name in ("root", "ca", "authority")}
    return {
        "external-url-prefix": prefix,
        "keysets": {"set": {"path-prefix": ".", "keys": {name: {"path": f"{name}.key.pem"} for name in certificates}}},
        "pki-architectures": {ARCH: {
            "keyset": "set",
            "entities": {name: {"common-name": f"Certomancer {name}"} for name in certificates},
            "certs": {name: {"subject": name, **one} for name, one in certificates.items()},
            "services": {
                "ocsp": {"ca": {"for-issuer": "ca", "responder-cert": "responder"}},
                "crl-repo": lists,
                "cert-repo": {name: {"for-issuer": name} for name in ("root", "ca", "authority")},
                "time-stamping": {"clock": {"signing-cert": "tsa", "certs-to-embed": ["authority"]}},
            },
        }},
    }


class Clock(TimeStamper):
    """certomancer's authority, without a network between."""

    def __init__(self, authority):
        super().__init__()
        self.authority = authority

    async def async_request_tsa_response(self, req):
        return self.authority.request_tsa_response(req)


def keep_keys(out):
    for name in ("root", "ca", "authority", "responder", "tsa", "gone", *SIGNERS):
        key = KEYS[{"tsa": "rsa"}.get(name, name if name in SIGNERS else "p256")]()
        encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (out / f"{name}.key.pem").write_bytes(encoded)


def sign(out, bank, services):
    """What pyHanko signs with it, at every level, from certomancer's lists and responses."""
    one = lambda name: bank.get_cert(CertLabel(name))
    lists = [services.get_crl(ServiceLabel(name), at_time=NOW) for name in ("root", "ca", "authority")]
    (out / "lists").mkdir()
    for number, listed in enumerate(lists):
        (out / "lists" / f"{number}.crl").write_bytes(listed.dump())
    chain = [one("ca"), one("authority")]
    clock = Clock(services.summon_timestamper(ServiceLabel("clock"), NOW))
    for name in SIGNERS:
        key = asn1_keys.PrivateKeyInfo.load(pem.unarmor((out / f"{name}.key.pem").read_bytes())[2])
        signer = SimpleSigner(signing_cert=one(name), signing_key=key, cert_registry=SimpleCertificateStore.from_certs(chain),
                              prefer_pss=name == "pss")
        for level in ("B-B", "B-T", "B-LT", "B-LTA"):
            context = ValidationContext(trust_roots=[one("root")], other_certs=chain, allow_fetching=False, revocation_mode="require", crls=lists)
            meta = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
                                        validation_context=context, embed_validation_info=level in ("B-LT", "B-LTA"),
                                        use_pades_lta=level == "B-LTA")
            sink = io.BytesIO()
            writer = IncrementalPdfFileWriter(io.BytesIO(page()))
            PdfSigner(meta, signer, timestamper=None if level == "B-B" else clock).sign_pdf(writer, output=sink)
            (out / f"{level}.{name}.pdf").write_bytes(sink.getvalue())


async def serve(listener, banks, said):
    runner = web.AppRunner(build_animator_app(banks, with_web_ui=False), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    print(said, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


def main():
    out = Path(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0))
    prefix = f"http://127.0.0.1:{listener.getsockname()[1]}"
    keep_keys(out)
    banks = CertomancerConfig(configuration(prefix), key_search_dir=str(out)).pki_archs
    bank = banks[ArchLabel(ARCH)]
    for name in ("root", "ca", "authority", "tsa", "gone", *SIGNERS):
        (out / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", bank.get_cert(CertLabel(name)).dump()))
    (out / "page.pdf").write_bytes(page())
    sign(out, bank, bank.service_registry)
    services = bank.service_registry
    said = {"tsa": services.get_tsa_info(ServiceLabel("clock")).url, "ocsp": services.get_ocsp_info(ServiceLabel("ca")).url}
    asyncio.run(serve(listener, banks, json.dumps(said)))


if __name__ == "__main__":
    main()
