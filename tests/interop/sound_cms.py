"""The CMS in every algorithm and in forms that are legal and unusual: RSA-PSS, SHA-384 and SHA-512, no signed attributes, BER, much
padding, extra certificates.

Takes the maker of `sound.py`, gives its files.
"""

from asn1crypto import cms
from pyhanko.sign import SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter


def make(m):
    source = m.source("lo-agreement")
    for who in ("p256", "p384", "p521", "rsa", "rsa4096"):
        for digest in ("sha256", "sha384", "sha512"):
            m.keep(f"cms-{who}-{digest}", m.sign(source, who=who, md_algorithm=digest))
            m.keep(f"cms-{who}-{digest}-adobe", m.sign(source, who=who, md_algorithm=digest, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED))
            if who.startswith("rsa"):
                m.keep(f"cms-{who}-{digest}-pss", m.sign(source, md_algorithm=digest, signer=m.ca.signer(who, prefer_pss=True)))
    for who in ("p256", "rsa"):
        adobe = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
        m.keep(f"cms-{who}-no-attributes", m.sign(source, signer=m.ca.signer(who, WithoutAttributes), subfilter=adobe, reserve=16384))
        m.keep(f"cms-{who}-ber", m.sign(source, signer=m.ca.signer(who, Indefinite), subfilter=adobe, reserve=16384))
        m.keep(f"cms-{who}-ber-pades", m.sign(source, signer=m.ca.signer(who, Indefinite), reserve=16384))
        m.keep(f"cms-{who}-padding", m.sign(source, who=who, reserve=200000))
        m.keep(f"cms-{who}-words", m.sign(source, who=who, reason="J'accepte l'accord (ré)", location="Curepipe", name="Amina", contact_info="-"))


class WithoutAttributes(SimpleSigner):
    """Signs the content itself (RFC 5652 5.4, second form)."""

    async def async_sign(self, data_digest, digest_algorithm, **kwargs):
        signed = await super().async_sign(data_digest, digest_algorithm, **kwargs)
        info = signed["content"]["signer_infos"][0]
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        key = load_der_private_key(self.signing_key.dump(), None)
        done = utils.Prehashed(hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            value = key.sign(data_digest, ec.ECDSA(done))
        else:
            value = key.sign(data_digest, padding.PKCS1v15(), done)
        fields = {"version": info["version"], "sid": info["sid"], "digest_algorithm": info["digest_algorithm"],
                  "signature_algorithm": info["signature_algorithm"], "signature": value}
        signed["content"]["signer_infos"] = cms.SignerInfos([cms.SignerInfo(fields)])
        return cms.ContentInfo({"content_type": "signed_data", "content": signed["content"]})


class Raw(cms.ContentInfo):
    """Its bytes as given, whatever asn1crypto would write."""

    given = b""

    def dump(self, force=False):
        return self.given


class Indefinite(SimpleSigner):
    """The outer values with indefinite lengths (X.690 8.1.3.6), as older tools write them."""

    async def async_sign(self, data_digest, digest_algorithm, **kwargs):
        signed = await super().async_sign(data_digest, digest_algorithm, **kwargs)
        parts = b"".join(signed["content"][name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates", "signer_infos"))
        end = b"\x00\x00"
        content = b"\x30\x80" + parts + end
        raw = Raw({"content_type": "signed_data", "content": signed["content"]})
        raw.given = b"\x30\x80" + signed["content_type"].dump() + b"\xa0\x80" + content + end + end
        return raw
