"""Tries every fault of sink.py with a real client, so that a test that meets none of them can't pass by mistake.

    python tests/smtp/check.py
"""

import base64
import json
import pathlib
import queue
import smtplib
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Sink:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "sink.py", "--until-eof", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        word, port = self.process.stdout.readline().split()
        assert word == "listening"
        self.port = int(port)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def message(self):
        return self.lines.get(timeout=5)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        assert self.process.wait(timeout=5) == 0, "the sink didn't stop at the end of its input"


def send(sink, *to, text="Subject: Prawf\r\n\r\nHelo\r\n.dot\r\n", tls=None):
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as client:
        if tls:
            client.starttls(context=tls)
        client.sendmail("dolen@example.org", to, text)


def refused_with(code, call):
    try:
        call()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [reply[0] for reply in error.recipients.values()]
        assert codes == [code], codes
    else:
        raise AssertionError(f"nothing was refused, {code} was expected")


@test
def takes_a_message_byte_for_byte(sink):
    send(sink, "anna@example.org", "bryn@example.org", text="Subject: Prawf\r\n\r\nHelo, byd\r\n.dot\r\n")
    line = sink.message()
    assert line["mail_from"] == "dolen@example.org" and line["rcpt_tos"] == ["anna@example.org", "bryn@example.org"]
    assert base64.b64decode(line["data"]) == b"Subject: Prawf\r\n\r\nHelo, byd\r\n.dot\r\n", line
    assert line["tls"] is False and line["answered"] is True


@test
def rejects_a_mailbox_for_ever(sink):
    for _ in range(2):
        refused_with(550, lambda: send(sink, "reject-550@example.org"))


@test
def is_busy_for_ever(sink):
    for _ in range(3):
        refused_with(451, lambda: send(sink, "busy-451+x@example.org"))


@test
def greylists_each_mailbox_once(sink):
    for box in ("grey-450@example.org", "grey-450+two@example.org"):
        refused_with(450, lambda: send(sink, box))
        send(sink, box)
        assert sink.message()["rcpt_tos"] == [box]


@test
def refuses_one_of_two_recipients(sink):
    send(sink, "reject-550@example.org", "anna@example.org")
    assert sink.message()["rcpt_tos"] == ["anna@example.org"]


@test
def is_slow(sink):
    start = time.monotonic()
    send(sink, "slow@example.org")
    assert 1.9 < time.monotonic() - start < 6
    sink.message()


@test
def drops_the_connection_once(sink):
    try:
        send(sink, "drop@example.org")
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        pass
    else:
        raise AssertionError("the connection was not dropped")
    assert sink.message()["answered"] is False
    send(sink, "drop@example.org")
    assert sink.message()["answered"] is True


@test
def asks_for_tls(_):
    with tempfile.TemporaryDirectory() as folder:
        cert, key, out = (str(pathlib.Path(folder, name)) for name in ("cert.pem", "key.pem", "mail.jsonl"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
            check=True, capture_output=True,
        )
        with Sink("--starttls", cert, key, "--out", out) as sink:
            try:
                send(sink, "anna@example.org")
            except smtplib.SMTPSenderRefused as error:
                assert error.smtp_code == 530, error
            else:
                raise AssertionError("a message was taken in the clear")
            send(sink, "anna@example.org", tls=ssl.create_default_context(cafile=cert))
        lines = [json.loads(line) for line in open(out, encoding="utf-8")]
        assert [line["tls"] for line in lines] == [True], lines


def main():
    failed = 0
    with Sink() as sink:
        for function in TESTS:
            try:
                function(sink)
                assert sink.lines.empty(), f"a message nobody expected: {sink.lines.get()}"
                print(f"ok {function.__name__}")
            except Exception as error:
                failed += 1
                print(f"not ok {function.__name__}: {type(error).__name__}: {error}")
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
