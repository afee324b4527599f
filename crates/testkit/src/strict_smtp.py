"""A mail server as companies have them: TLS, a password, greylisting, mailboxes that are not there."""

import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult

port, folder = int(sys.argv[1]), sys.argv[2]


class Strict(Mailbox):
    def __init__(self, *args):
        super().__init__(*args)
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith(sys.argv[3]):
            return "550 5.1.1 no such mailbox"
        if address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def knows(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"portal", b"a pass/word"))


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
Controller(
    Strict(f"{folder}/mail"),
    hostname="127.0.0.1",
    port=port,
    tls_context=context,
    require_starttls=True,
    authenticator=knows,
    auth_required=True,
).start()
time.sleep(600)
