"""Runs certomancer's dummy CSC server on a free port of this machine: configuration, SCAL. Prints the port once it listens."""

import asyncio
import sys

from aiohttp import web
from certomancer import registry
from csc_dummy.csc_dummy_server import CSCWithCertomancer, DummyServiceParams


async def main(configuration, scal):
    config = registry.CertomancerConfig.from_file(configuration)
    parameters = DummyServiceParams(hash_pinning_required=scal == "2")
    service = CSCWithCertomancer(config, service_params=parameters)
    service.register_routes()
    runner = web.AppRunner(service.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    # Until whoever started it closes its standard input.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(*sys.argv[1:]))
