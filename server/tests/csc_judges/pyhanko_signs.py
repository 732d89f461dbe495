"""Signs a PDF with pyHanko's CSC signer through a server: base, root.pem, API key, token, credential, PIN (or ''), in, out."""

import asyncio
import ssl
import sys

import aiohttp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import csc_signer


class Authorized(csc_signer.CSCAuthorizationManager):
    def __init__(self, session, pin, service, credential):
        super().__init__(service, credential)
        self.session, self.pin = session, pin or None

    async def authorize_signature(self, hash_b64s):
        body = self.format_csc_auth_request(hash_b64s=hash_b64s, pin=self.pin, description="pyHanko")
        url = self.csc_session_info.endpoint_url("credentials/authorize")
        async with self.session.post(url, headers=self.auth_headers, json=body, raise_for_status=True) as answer:
            return self.parse_csc_auth_response(await answer.json())


async def main(base, root, api_key, token, credential, pin, source, target):
    service = csc_signer.CSCServiceSessionInfo(service_url=base, credential_id=credential, oauth_token=token)
    context = ssl.create_default_context(cafile=root)
    # The API key is this service's own, and pyHanko knows of none.
    async with aiohttp.ClientSession(
        headers={"X-API-Key": api_key}, connector=aiohttp.TCPConnector(ssl=context)
    ) as session:
        info = await csc_signer.fetch_certs_in_csc_credential(session, service)
        assert info.hash_pinning_required == (not pin), info.response_data
        signer = csc_signer.CSCSigner(session, Authorized(session, pin, service, info))
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        with open(source, "rb") as read, open(target, "w+b") as write:
            writer = IncrementalPdfFileWriter(read)
            await signers.async_sign_pdf(writer, metadata, signer=signer, output=write)


asyncio.run(main(*sys.argv[1:]))
