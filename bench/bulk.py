#!/usr/bin/env python3
"""Bulk submission over HTTP beside plain SQL, in one run, on SQLite and on PostgreSQL.

    bench/bulk.py [BINARY] [--rows 30000] [--repeats 5] [--only sqlite|postgres] [--dir FOLDER] [--json FILE]

Needs Python 3.11 with SQLite 3.37 or later, and PostgreSQL's programs (initdb, pg_ctl, psql) for its half. Nothing else
is installed or reached. Each repeat makes fresh campaigns and times, one after the other:

  one body            all rows of one school in one NDJSON request
  eight bodies        an eighth of the rows for each of eight schools, eight requests at once
  one body, row keys  as the first, every row with a key of the sender's (a second row is stored for each)
  plain SQL           the rows that the request before it stored, read back and inserted into an identical table:
                      on SQLite `executemany`, on PostgreSQL COPY and multi-row INSERT through psql; one transaction

so every ratio is of two neighbours in time. Both sides are durable before they answer (SQLite: WAL, synchronous=FULL;
PostgreSQL: fsync and synchronous_commit on). The program stops with an error when a count is not what it must be.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import platform
import pwd
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHOOLS = [f"69941{n:02}" for n in range(1, 9)]
SQLITE_TABLE = """CREATE TABLE responses (
  campaign_id BLOB NOT NULL, school_id BLOB NOT NULL, id BLOB NOT NULL, year_group INTEGER NOT NULL,
  answers BLOB NOT NULL, PRIMARY KEY (campaign_id, school_id, id)) STRICT, WITHOUT ROWID"""
POSTGRES_TABLE = """CREATE TABLE {} (
  campaign_id uuid NOT NULL, school_id uuid NOT NULL, id uuid NOT NULL, year_group smallint NOT NULL,
  answers bytea NOT NULL, PRIMARY KEY (campaign_id, school_id, id));"""
# What the service itself sets (domain/src/db/conn.rs), so that the plain side is neither helped nor hindered.
SQLITE_PRAGMAS = """PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = 4000;"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(command, **options):
    """Runs a program; its output, or an end with what it said."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(good, message):
    if not good:
        sys.exit(f"bench: {message}")


def code(secret):
    """What an authenticator app with this secret shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    number = struct.unpack(">I", digest[digest[-1] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Postgres:
    """A server of its own, as no root, with the durability a real one has."""

    def __init__(self, folder):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
        initdb = str(found[-1]) if found else shutil.which("initdb")
        check(initdb, "PostgreSQL's initdb was not found; install PostgreSQL or give --only sqlite")
        self.bin = pathlib.Path(initdb).resolve().parent
        self.folder = folder / "postgres"
        self.folder.mkdir(mode=0o700)
        self.port = free_port()
        self.options = {"cwd": self.folder}
        if os.getuid() == 0:
            # It refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        run([self.bin / "initdb", "-D", "data", "-U", "dolen", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"],
            **self.options)
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        # Not a pipe: the server would hold it open.
        done = subprocess.run([self.bin / "pg_ctl", "-D", "data", "-l", "log", "-w", "-s", "-o", settings, "start"],
                              stdin=subprocess.DEVNULL, **self.options)
        check(done.returncode == 0, "PostgreSQL did not start")
        for name in ("dolen", "plain"):
            self.psql("postgres", "-c", f"CREATE DATABASE {name}")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            check(self.psql("dolen", "-c", f"SHOW {name}").strip() == "on", f"PostgreSQL runs with {name} off")
        for table in ("by_copy", "by_insert"):
            self.psql("plain", "-c", POSTGRES_TABLE.format(table))

    def url(self, database="dolen"):
        return f"postgres://dolen@127.0.0.1:{self.port}/{database}"

    def psql(self, database, *arguments):
        return run([self.bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database),
                    *arguments])

    def stop(self):
        subprocess.run([self.bin / "pg_ctl", "-D", "data", "-m", "fast", "-s", "stop"], **self.options)

    def version(self):
        return "PostgreSQL " + self.psql("dolen", "-c", "SHOW server_version").split()[0]

    def stored(self, campaign):
        return int(self.psql("dolen", "-c", f"SELECT count(*) FROM responses WHERE campaign_id = '{campaign}'"))

    def plain(self, campaign, folder):
        """The rows of a campaign by COPY and by multi-row INSERT: seconds of each, psql's own start not counted."""
        query = (f"SELECT campaign_id, school_id, id, year_group, answers FROM responses"
                 f" WHERE campaign_id = '{campaign}' ORDER BY school_id, id")
        rows = folder / "rows.tsv"
        rows.write_text(self.psql("dolen", "-c", f"COPY ({query}) TO STDOUT"))
        lines = rows.read_text().splitlines()
        copy = folder / "copy.sql"
        copy.write_text(f"\\timing on\nBEGIN;\n\\copy by_copy FROM '{rows}'\nCOMMIT;\n")
        statements = []
        for at in range(0, len(lines), 1000):
            values = []
            for line in lines[at:at + 1000]:
                campaign_id, school, row, year, answers = line.split("\t")
                # COPY's text form doubles the backslash of a bytea.
                values.append(f"('{campaign_id}','{school}','{row}',{year},'{answers[1:]}')")
            statements.append("INSERT INTO by_insert VALUES " + ",".join(values) + ";\n")
        insert = folder / "insert.sql"
        insert.write_text("\\timing on\nBEGIN;\n" + "".join(statements) + "COMMIT;\n")
        out = {}
        for name, script, table in (("COPY", copy, "by_copy"), ("multi-row INSERT", insert, "by_insert")):
            said = self.psql("plain", "-f", str(script))
            out[name] = sum(float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms", said, re.M)) / 1000
            count = int(self.psql("plain", "-c", f"SELECT count(*) FROM {table} WHERE campaign_id = '{campaign}'"))
            check(count == len(lines), f"plain SQL stored {count} of {len(lines)} rows")
        return out


class Sqlite:
    """The service's own file, and one beside it for the plain side."""

    def __init__(self, folder):
        check(sqlite3.sqlite_version_info >= (3, 37), "this Python's SQLite has no STRICT tables (3.37)")
        self.file = folder / "dolen.db"
        self.connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
        self.connection.executescript(SQLITE_PRAGMAS)
        self.connection.execute(SQLITE_TABLE)

    def url(self):
        return f"sqlite:{self.file}"

    def stop(self):
        self.connection.close()

    def version(self):
        return f"SQLite (plain side {sqlite3.sqlite_version})"

    def rows(self, campaign):
        service = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        query = "SELECT campaign_id, school_id, id, year_group, answers FROM responses WHERE campaign_id = ?"
        found = service.execute(query, (campaign.bytes,)).fetchall()
        service.close()
        return found

    def stored(self, campaign):
        return len(self.rows(campaign))

    def plain(self, campaign, _folder):
        rows = self.rows(campaign)
        c = self.connection
        start = time.perf_counter()
        c.execute("BEGIN IMMEDIATE")
        c.executemany("INSERT INTO responses VALUES (?, ?, ?, ?, ?)", rows)
        c.execute("COMMIT")
        seconds = time.perf_counter() - start
        count = c.execute("SELECT count(*) FROM responses WHERE campaign_id = ?", (campaign.bytes,)).fetchone()[0]
        check(count == len(rows), f"plain SQL stored {count} of {len(rows)} rows")
        return {"executemany": seconds}


class Service:
    """The binary over a fresh demo, with eight schools of the bench's own and an API client for each."""

    def __init__(self, binary, folder, url):
        self.port = free_port()
        demo = folder / "demo"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("DOLEN_")}
        self.run = lambda *a: run([binary, *a, "--database-url", url], env=self.env, cwd=folder)
        self.run("demo", "--dir", demo, "--port", str(self.port), "--no-serve")
        self.env |= {
            "DOLEN_KEYS_MASTER_FILE": str(demo / "keys/master.hex"),
            "DOLEN_KEYS_SIGNING_FILE": str(demo / "keys/signing.hex"),
            "DOLEN_AUTHORITY_NUMBER": "699",
        }
        schools = folder / "schools.csv"
        lines = [f"{n},Bench School {n},Ysgol Fainc {n},secondary,english,Bench,," for n in SCHOOLS]
        schools.write_text("number,name,name_cy,phase,medium,cluster,opened_on,closed_on\n" + "\n".join(lines) + "\n")
        self.run("import", "schools", schools)
        self.clients = {}
        for number in SCHOOLS:
            said = self.run("client", "add", "--name", f"bench {number}", "--role", "integration", "--school", number,
                            "--scopes", "surveys:read surveys:write")
            words = dict(line.split(" ", 1) for line in said.splitlines()[:2])
            self.clients[number] = (words["client_id"], words["client_secret"])
        # As in production, but for the size of a body: 30,000 rows take about 15 MB, and 10 MB is the default.
        self.process = subprocess.Popen(
            [binary, "serve", "--database-url", url, "--set", f"server.bind=127.0.0.1:{self.port}",
             "--set", "server.metrics_bind=", "--set", f"server.public_url=http://127.0.0.1:{self.port}",
             "--set", "limits.bulk_bytes=67108864", "--set", "limits.bulk_rows=200000", "--set", "mail.transport=off",
             "--set", "database.allow_superuser=true", "--set", "log.level=warn"], env=self.env, cwd=folder)
        for _ in range(200):
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    break
            except OSError:
                check(self.process.poll() is None, "the service stopped")
                time.sleep(0.05)
        else:
            sys.exit("bench: the service did not come up")
        people = {p["key"]: p for p in json.loads((demo / "credentials.json").read_text())["people"]}
        who = {k: people["administrator"][k] for k in ("email", "password")}
        who["code"] = code(people["administrator"]["totp"])
        status, headers, body = self.request("POST", "/v1/session", json.dumps(who),
                                             {"Content-Type": "application/json"})
        check(status == 201, f"signing in: {status} {body}")
        self.cookie = headers["set-cookie"].split(";")[0]
        self.tokens = {}

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data

    def token(self, school):
        got, at = self.tokens.get(school, ("", 0))
        if time.monotonic() - at > 300:
            client, secret = self.clients[school]
            form = f"grant_type=client_credentials&client_id={client}&client_secret={secret}"
            status, _, body = self.request("POST", "/v1/oauth/token", form,
                                           {"Content-Type": "application/x-www-form-urlencoded"})
            check(status == 200, f"token: {status} {body}")
            got = json.loads(body)["access_token"]
            self.tokens[school] = (got, time.monotonic())
        return got

    def campaign(self):
        today = datetime.datetime.now(datetime.UTC).date()
        first = today.year - (today.month < 9)
        year = f"{first}/{(first + 1) % 100:02}"
        new = {"instrument": "bullying", "academic_year": year, "title": {"cy": "Mainc", "en": "Bench"},
               "opens_on": str(today - datetime.timedelta(days=1)), "closes_on": str(today + datetime.timedelta(days=7)),
               "schools": [{"school_number": number} for number in SCHOOLS]}
        status, _, body = self.request("POST", "/v1/survey-campaigns", json.dumps(new), {
            "Cookie": self.cookie, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())})
        check(status == 201, f"campaign: {status} {body}")
        return uuid.UUID(json.loads(body)["id"])

    def instrument(self, campaign):
        status, _, body = self.request("GET", f"/v1/survey-campaigns/{campaign}/instrument", None,
                                       {"Authorization": f"Bearer {self.token(SCHOOLS[0])}"})
        check(status == 200, f"instrument: {status} {body}")
        return json.loads(body)

    def submit(self, campaign, bodies):
        """Sends one body for each of the first schools, all at once. Seconds from the first byte to the last answer."""
        headers = [{"Authorization": f"Bearer {self.token(s)}", "Content-Type": "application/x-ndjson",
                    "Idempotency-Key": str(uuid.uuid4())} for s in SCHOOLS[:len(bodies)]]
        gate = threading.Barrier(len(bodies) + 1)
        answers = [None] * len(bodies)

        def send(i):
            path = f"/v1/survey-campaigns/{campaign}/schools/{SCHOOLS[i]}/responses"
            gate.wait()
            answers[i] = self.request("POST", path, bodies[i], headers[i])

        threads = [threading.Thread(target=send, args=(i,)) for i in range(len(bodies))]
        for thread in threads:
            thread.start()
        gate.wait()
        start = time.perf_counter()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - start
        for answer, body in zip(answers, bodies):
            check(answer and answer[0] == 201, f"submission: {answer}")
            receipt = json.loads(answer[2])
            want = body.count(b"\n")
            check(receipt["accepted"] == want, f"{receipt['accepted']} of {want} rows were accepted")
        return seconds

    def memory(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) * 1.024 / 1000

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def responses(instrument, count, seed=1):
    """Rows that a school of year groups 7 to 11 might send: the questionnaire's own skip rules, most questions answered."""
    chance = random.Random(seed)
    band = next(b["code"] for b in instrument["bands"] if b["years"][0] <= 7 <= b["years"][1])

    def here(bands):
        return not bands or band in bands

    def given(question):
        answer = answers.get(question, [])
        return answer if isinstance(answer, list) else [answer]

    rows = []
    for n in range(count):
        answers = {}
        for question in instrument["questions"]:
            if not here(question.get("bands")):
                continue
            rules = question.get("ask_if") or []
            if rules and not any(set(given(rule["question"])) & set(rule["any_of"]) for rule in rules):
                continue
            if chance.randrange(25) == 0:
                continue
            options = question["options"]
            options = instrument["sets"][options] if isinstance(options, str) else options
            options = [o["code"] for o in options if here(o.get("bands"))]
            pick = options[min(chance.randrange(len(options)), chance.randrange(len(options)))]
            answers[question["code"]] = [pick] if question["kind"] == "multi" else pick
        rows.append({"year_group": 7 + n % 5, "answers": answers})
    return rows


def ndjson(rows, keyed=False):
    lines = ({"row_key": f"row-{n}", **row} if keyed else row for n, row in enumerate(rows))
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()


def measure(name, binary, folder, options):
    folder.mkdir(mode=0o711)
    database = Sqlite(folder) if name == "sqlite" else Postgres(folder)
    service = None
    try:
        service = Service(binary, folder, database.url())
        rows = responses(service.instrument(service.campaign()), options.rows)
        eighth = -(-len(rows) // 8)
        variants = {
            "one body": [ndjson(rows)],
            "eight bodies at once": [ndjson(rows[i:i + eighth]) for i in range(0, len(rows), eighth)],
            "one body, row keys": [ndjson(rows, keyed=True)],
        }
        size = len(variants["one body"][0])
        print(f"\n{database.version()}: {len(rows):,} responses, {size / 1e6:.1f} MB of NDJSON, {options.repeats} repeats",
              flush=True)
        times, plain = {v: [] for v in variants}, {v: [] for v in variants}
        for _ in range(options.repeats):
            for variant, bodies in variants.items():
                campaign = service.campaign()
                times[variant].append(service.submit(campaign, bodies))
                check(database.stored(campaign) == len(rows), "the service stored another number of rows")
                plain[variant].append(database.plain(campaign, folder))
        peak = service.memory()
        figures = report(times, plain, len(rows))
        print(f"  {'most memory of the service':<42} {peak:8.0f} MB")
        return {"database": database.version(), "rows": len(rows), "body_bytes": size, "peak_mb": round(peak), **figures}
    finally:
        if service:
            service.stop()
        database.stop()


def spread(values, digits):
    return f"{statistics.median(values):8.{digits}f}  ({min(values):.{digits}f} to {max(values):.{digits}f})"


def report(times, plain, rows):
    """Prints and returns medians; each ratio is taken of a request and the plain SQL right after it."""
    out = {"seconds": {}, "plain_seconds": {}, "ratio": {}}
    for variant, seconds in times.items():
        rate = rows / statistics.median(seconds)
        print(f"  {'HTTP, ' + variant:<42} {spread(seconds, 3)} s  {rate:>10,.0f} rows/s")
        out["seconds"][variant] = seconds
    for way in plain["one body"][0]:
        seconds = [p[way] for ps in plain.values() for p in ps]
        rate = rows / statistics.median(seconds)
        print(f"  {'plain SQL, ' + way:<42} {spread(seconds, 3)} s  {rate:>10,.0f} rows/s")
        out["plain_seconds"][way] = seconds
        for variant, ours in times.items():
            ratios = [a / b[way] for a, b in zip(ours, plain[variant])]
            print(f"  {variant + ' ÷ ' + way:<42} {spread(ratios, 2)}")
            out["ratio"][f"{variant} / {way}"] = ratios
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary", nargs="?", default=ROOT / "target/release/dolen", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--dir", type=pathlib.Path, help="where the databases are made; a disk, not a RAM disk")
    parser.add_argument("--json", type=pathlib.Path, help="write every figure here")
    options = parser.parse_args()
    binary = options.binary.resolve()
    check(binary.exists(), f"{options.binary} is not there: cargo build --release")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dolen-bench-", dir=options.dir))
    folder.chmod(0o711)
    print(f"{run([binary, '--version']).strip()}, {binary.stat().st_size / 1e6:.1f} MB; "
          f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    figures = {}
    try:
        for name in [options.only] if options.only else ["sqlite", "postgres"]:
            figures[name] = measure(name, binary, folder / name, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
