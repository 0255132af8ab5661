"""A mail server for the tests: takes every message, and fails on request.

    python tests/smtp/sink.py [--port PORT] [--out FILE] [--starttls CERT KEY] [--until-eof]

Listens on 127.0.0.1 only. Prints `listening PORT` first; then one JSON line for each message it took, to standard
output or to FILE:

    {"mail_from": "…", "rcpt_tos": ["…"], "data": "<base64>", "tls": false, "answered": true}

The local part of a recipient asks for a fault; a `+anything` behind it is ignored, so `grey-450+one@example.org` and
`grey-450+two@example.org` are two mailboxes with a memory each:

    reject-550   550 at RCPT, always: no such mailbox
    busy-451     451 at RCPT, always: the message can never be delivered, yet nobody says so
    grey-450     450 at RCPT the first time, then 250: greylisting
    slow         waits 2 s before it answers DATA
    drop         takes the message, then closes the connection instead of answering, once: the sender can't know, and
                 must not lose it; the line has "answered": false
"""

import argparse
import asyncio
import base64
import json
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP

SLOW_SECONDS = 2.0


def fault_of(address):
    return address.rpartition("@")[0].partition("+")[0].lower()


class Sink:
    def __init__(self, out):
        self.out = out
        self.seen = set()

    def first_time(self, address):
        known = address in self.seen
        self.seen.add(address)
        return not known

    async def handle_RCPT(self, server, session, envelope, address, options):
        fault = fault_of(address)
        if fault == "reject-550":
            return "550 5.1.1 No such mailbox"
        if fault == "busy-451":
            return "451 4.3.2 Try again later"
        if fault == "grey-450" and self.first_time(address):
            return "450 4.2.0 Greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(fault_of(address) == "slow" for address in envelope.rcpt_tos):
            await asyncio.sleep(SLOW_SECONDS)
        # A list, not a generator: each address must be remembered, not only those up to the first new one.
        dropped = any([fault_of(address) == "drop" and self.first_time(address) for address in envelope.rcpt_tos])
        self.write(session, envelope, answered=not dropped)
        if dropped:
            server.transport.abort()
        return "250 2.0.0 Taken"

    def write(self, session, envelope, answered):
        line = {
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "data": base64.b64encode(envelope.original_content).decode("ascii"),
            "tls": session.ssl is not None,
            "answered": answered,
        }
        print(json.dumps(line), file=self.out, flush=True)


async def serve(port, sink, tls, until_eof):
    loop = asyncio.get_running_loop()

    def session():
        return SMTP(sink, hostname="sink.invalid", ident="sink", enable_SMTPUTF8=True, loop=loop,
                    tls_context=tls, require_starttls=tls is not None)

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if until_eof:
        # A test that dies can't stop its server: the end of the pipe does.
        def read():
            if not sys.stdin.buffer.raw.read(1024):
                loop.remove_reader(sys.stdin)
                stop.set()
        loop.add_reader(sys.stdin, read)

    server = await loop.create_server(session, "127.0.0.1", port)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


def main():
    options = argparse.ArgumentParser(description="A mail server for the tests.")
    options.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    options.add_argument("--out", help="a file for the messages, instead of standard output")
    options.add_argument("--starttls", nargs=2, metavar=("CERT", "KEY"), help="PEM files; nothing is taken without TLS")
    options.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    given = options.parse_args()

    tls = None
    if given.starttls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*given.starttls)
    out = open(given.out, "a", encoding="utf-8") if given.out else sys.stdout
    asyncio.run(serve(given.port, Sink(out), tls, given.until_eof))


if __name__ == "__main__":
    main()
