#!/usr/bin/env python3
"""An attack on a correction of a survey's results by whoever holds the release before it too, by SciPy's HiGHS.

    DOLEN_WORLDS=DIR cargo test -p dolen-domain --lib -- releases::rules::tests::together   # writes DIR/together/N/*.json
    tests/disclosure/together.py DIR/together

`first.json` and `second.json` are what readers get. The year groups' answers are split into those that stayed, went and came; a table of
the first release is of those that stayed and went, one of the second of those that stayed and came. The attacker is told how many each
of them are, which is more than readers know, and that of those who came ten or more answered whatever is told anew. They want what
`whole.py` wants: of every piece, of every table of both releases, of every table less another, of those of a table who stayed, went or
came. What is narrower than three is a breach, unless the pieces leave no more room.

The control must break: `alone.json`, the second release as it is decided without looking back.
"""
import json
import pathlib
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from document import ROUTED, Pupils, Release
from whole import Attack, close

PIECES = {"stayed": (True, True), "went": (True, False), "came": (False, True)}


class Two:
    """Two releases as one: pieces of year groups, and the tables of both."""

    def __init__(self, documents, rows):
        releases = [Release(d) for d in documents]
        last = releases[-1]
        self.questions, self.options, self.schools, self.broad = last.questions, last.options, last.schools, []
        assert all(r.questions == self.questions and r.options == self.options for r in releases)
        pieces = [(n, piece) for n, code in enumerate(last.atoms) for piece in PIECES if rows[code][piece]]
        self.atoms = [f"{last.atoms[n]} {piece}" for n, piece in pieces]
        self.rows = {name: rows[last.atoms[n]][piece] for name, (n, piece) in zip(self.atoms, pieces)}
        self.took_part = np.array([len(self.rows[name]) for name in self.atoms])
        self.school = np.array([last.school[n] for n, _ in pieces])
        self.tables, member, self.own = [], [], [None] * len(pieces)
        for time, release in enumerate(releases):
            carried = {c["question"] for c in release.header.get("carried", [])}
            for table, atoms in zip(release.tables, release.member):
                inside = [
                    last.atoms[n] in release.atoms and PIECES[piece][time] and atoms[release.atoms.index(last.atoms[n])]
                    for n, piece in pieces
                ]
                if not any(inside):
                    continue
                figures = [{"reason": "carried"} if q in carried else f for q, f in zip(self.questions, table["figures"])]
                self.tables.append({"code": f"{table['code']} of {time + 1}", "kind": f"{table['kind']} of {time + 1}", "figures": figures})
                member.append(inside)
                if table["kind"] == "school_year":
                    for at in np.flatnonzero(inside):
                        # Of what was carried the first release says whether it was asked.
                        self.own[at] = self.own[at] or len(self.tables) - 1
        self.member = np.array(member).astype(np.int64)
        self.piece = [piece for _, piece in pieces]
        # Where only more came, ten of them answered whatever is told anew: of fewer, or none, nothing is.
        self.grew = np.array([piece == "came" and not rows[last.atoms[n]]["went"] for n, piece in pieces])
        self.carried = {c["question"] for c in last.header.get("carried", [])}

    def least(self, at):
        return np.zeros(len(self.atoms), dtype=np.int64) if self.questions[at] in self.carried else 10 * self.grew

    def others(self):
        """Those of each table who stayed, went or came, year group by year group together."""
        for table, atoms in zip(self.tables, self.member):
            for piece in PIECES:
                yield atoms * [own == piece for own in self.piece], f"{table['code']}, who {piece}"


def attack(folder):
    read = lambda name: json.loads((folder / f"{name}.json").read_text())
    rows, first = read("rows"), read("first")
    dice, begin = random.Random(folder.name), time.monotonic()
    counted = ["small", "told", "went", "routed", "carried", "alone"]
    found = {"world": folder.name, "known": [], "unproved": []} | dict.fromkeys(counted, 0)
    for name in ("second", "alone"):
        both = Two([first, read(name)], rows)
        pupils = Pupils(both, both.rows)
        carried = {c["question"] for c in read(name)["header"].get("carried", [])}
        for at, code in enumerate(both.questions):
            # Decided without looking back, the rule of ten isn't kept either.
            both.carried |= set(both.questions) if name == "alone" else set()
            one = Attack(both, pupils, at, dice)
            if name == "alone":
                found["alone"] += bool(one.run(broadly=False, first=True)[0])
                continue
            known, unproved = one.run(broadly=False)
            found["known"] += [(code, *k) for k in known]
            found["unproved"] += [(code, *k) for k in unproved]
            found["small"] += int(one.small.sum())
            found["carried" if code in carried else "told"] += 1
            if code not in carried:
                found["went"] += bool(one.base[[piece == "went" for piece in both.piece]].any())
                found["routed"] += code == ROUTED[0]
    return found | {"seconds": round(time.monotonic() - begin, 1)}


def main():
    folders = sorted(pathlib.Path(sys.argv[1]).iterdir(), key=lambda f: int(f.name))
    with ProcessPoolExecutor(max_workers=2) as pool:
        worlds = list(pool.map(attack, folders))
    failed = 0
    for w in worlds:
        for where in w["known"]:
            print(f"world {w['world']}: {where}: known too closely from both releases")
        for where in w["unproved"]:
            print(f"world {w['world']}: {where}: no two worlds were found far enough apart")
        failed += bool(w["known"] or w["unproved"])
        if "-v" in sys.argv:
            print({k: v for k, v in w.items() if not isinstance(v, list)})
    total = lambda key: sum(w[key] for w in worlds)
    broken = sum(w["alone"] > 0 for w in worlds)
    print(
        f"{len(worlds)} corrections: {total('told')} questions told anew ({total('went')} of which answers went, {total('routed')} that an answer "
        f"leads to) and {total('carried')} carried, {total('small')} small numbers "
        f"hidden; decided without looking back: {broken} break"
    )
    whys = [
        ("fewer than twenty corrections", len(worlds) < 20),
        ("nothing is told anew of which answers went, or nothing that an answer leads to", not total("went") or not total("routed")),
        ("hardly anything is told anew, or small", total("told") < len(worlds) or total("small") < 5000),
        ("corrections decided without looking back do not break", broken < len(worlds) // 4),
    ]
    close(len(worlds), failed, whys)


if __name__ == "__main__":
    main()
