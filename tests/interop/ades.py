#!/usr/bin/env python3
"""pyHanko's AdES validation (EN 319 102-1 5.3, 5.5, 5.6) of documents at their level, offline: the judge behind its `adesverify`.

Takes PKI, the folder of `levels.py`; reads files from stdin, one a line, each behind its level and a tab. Answers each with one line: the indication. Where
evidence is to be in the document, none is given.
"""

import asyncio
import datetime
import logging
import sys
from pathlib import Path

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, ades
from pyhanko.sign.validation.policy_decl import (LocalKnowledge, PdfSignatureValidationSpec, RevocationInfoGatheringSpec,
                                                 RevinfoOnlineFetchingRule, SignatureValidationSpec)
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

logging.disable(logging.CRITICAL)
KINDS = {"B-B": ades.ades_basic_validation, "B-T": ades.ades_with_time_validation, "B-LT": ades.ades_with_time_validation}


def certificate(path):
    return x509.Certificate.load(pem.unarmor(path.read_bytes())[2])


def stored(reader):
    """What the document security store holds, as pyHanko reads it."""
    store = DocumentSecurityStore.read_dss(reader)
    data = [reference.get_object().data for reference in (*store.ocsps, *store.crls)]
    responses, lists = data[:len(store.ocsps)], data[len(store.ocsps):]
    return LocalKnowledge(known_ocsps=[one for der in responses for one in OCSPContainer.load_multi(ocsp.OCSPResponse.load(der))],
                          known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in lists],
                          known_certs=list(store.load_certs()))


class Judge:
    """Judges by the root of PKI, and by its lists where a document is to have none."""

    def __init__(self, pki):
        trust = SimpleTrustManager.build(trust_roots=[CertTrustAnchor(certificate(pki / "root.pem"))])
        # As the command does it: a statement of the last month is one.
        fresh = CertRevTrustPolicy(REQUIRE_REVINFO, freshness=datetime.timedelta(days=60),
                                   freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION)
        self.lists = [CRLContainer(crl.CertificateList.load(path.read_bytes())) for path in sorted((pki / "lists").glob("*.crl"))]
        self.policy = CertValidationPolicySpec(trust_manager=trust, revinfo_policy=fresh)
        self.offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)

    def __call__(self, level, path):
        """The indication of the first signature, as one of that level."""
        with open(path, "rb") as file:
            reader = PdfFileReader(file)
            signature = reader.embedded_regular_signatures[0]
            known = {"B-LT": lambda: stored(reader), "B-LTA": LocalKnowledge}.get(level, lambda: LocalKnowledge(known_crls=self.lists))()
            spec = SignatureValidationSpec(cert_validation_policy=self.policy, revinfo_gathering_policy=self.offline, local_knowledge=known)
            if level == "B-LTA":
                work = ades.ades_lta_validation(signature, PdfSignatureValidationSpec(spec))
            else:
                signature.compute_integrity_info()
                work = KINDS[level](signature.signed_data, spec, raw_digest=signature.compute_digest())
            return asyncio.run(work).ades_subindic


def main():
    judge = Judge(Path(sys.argv[1]))
    for line in sys.stdin:
        level, path = line.rstrip("\n").split("\t")
        print(judge(level, path), flush=True)


if __name__ == "__main__":
    main()
