#!/usr/bin/env python3
"""An attack on whole survey releases that shares no code with the engine, by SciPy's HiGHS.

    DOLEN_WORLDS=DIR cargo test -p dolen-domain --lib -- releases::rules::tests::whole   # writes DIR/N.release.json, DIR/N.rows.json
    tests/disclosure/whole.py DIR

`N.release.json` is what a reader gets: every table with its figures and symbols, how many of each year group took part, and the
broad figures of girls, boys and roles. Which year groups a table is of, what a symbol means and what is therefore possible is
worked out here from that document and from docs/adr/0021 and 0026. `N.rows.json` has every pupil's answers, which no reader has:
they say what is true, and are where the search for other worlds begins.

A number is what a reader must not learn: of an atom, a table, a table less a table in it or less all that are shown of a kind, how many
chose an option, or answered and didn't, where that is 0 to 4. A reader's interval of it goes from the least to the most that any
answers of all pupils make it which fit the whole document. So it is three wide for certain once two such sets of answers have been
written down, pupil by pupil, and counted anew against every figure, the broad ones too, in whole numbers. Whole-number
programmes look for them. Where they find none, the least and the most that a question's tables allow are worked out exactly; what
is narrower than three there is a breach, unless how many took part leaves no more room.

Then the same once more of two questions at once, one of which is only for those whom their answer to the other leads to it; there
without the broad figures. The engine does not claim as much (docs/adr/0021, left out), but it holds in these worlds.

Two controls must break: counts under five left out beside their totals, and every table published by its own base alone.
"""
import json
import math
import pathlib
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_diag, csr_array, vstack

from document import LEAST, MANY, ROUTED, Facts, Pupils, Release

WIDE, SMALL = 3, 4
EDGES = [(80, range(0, 1001, 50)), (40, range(0, 1001, 100)), (30, [0, 150, 300, 500, 700, 850, 1000])]
# How far from the truth other worlds are looked for first, in one number of one atom.
NEAR = 5


def programme_of(facts):
    """What the figures of a question say, as rows of a programme over base and counts of each atom that was asked."""
    atoms = np.flatnonzero(facts.asked)
    width, rows, low, high = facts.options + 1, [], [], []
    place = {int(a): n * width for n, a in enumerate(atoms)}

    def add(of_base, of_counts, least, most, within):
        row = np.zeros(len(atoms) * width)
        for a in within:
            row[place[a]] += of_base
            for option, by in of_counts:
                row[place[a] + 1 + option] += by
        rows.append(row)
        low.append(least)
        high.append(most)

    every = [(o, 1) for o in range(facts.options)]
    for a in place:
        if facts.least[a]:
            add(1, [], int(facts.least[a]), np.inf, [a])
        add(-1, every, 0, np.inf if facts.many else 0, [a])
        for option in range(facts.options) if facts.many else []:
            add(-1, [(option, 1)], -np.inf, 0, [a])
    for n, member in enumerate(facts.member):
        within = [int(a) for a in np.flatnonzero(member)]
        if not within:
            continue
        add(1, [], *facts.base[n], within)
        for option in range(facts.options) if facts.shown[n] else []:
            if facts.low[n, option] > 0:
                add(-int(facts.low[n, option]), [(option, 1000)], 0, np.inf, within)
            if facts.high[n, option] < 1000:
                # Less than a thousandth part, in whole pupils: by the greatest part both have in common.
                edge = int(facts.high[n, option])
                add(-edge, [(option, 1000)], -np.inf, -math.gcd(1000, edge), within)
    return Programme(facts, atoms, np.array(rows), np.array(low), np.array(high))


class Programme:
    def __init__(self, facts, atoms, rows, low, high):
        self.facts, self.atoms, self.width = facts, atoms, facts.options + 1
        self.rows, self.low, self.high = csr_array(rows), low, high
        self.most = np.repeat(facts.release.took_part[atoms], self.width).astype(float)

    def vector(self, base, counts):
        return np.concatenate([np.concatenate([[base[a]], counts[a]]) for a in self.atoms]).astype(float)

    def split(self, x):
        x = np.rint(x).astype(np.int64).reshape(len(self.atoms), self.width)
        base = np.zeros(len(self.facts.asked), dtype=np.int64)
        counts = np.zeros((len(self.facts.asked), self.facts.options), dtype=np.int64)
        base[self.atoms], counts[self.atoms] = x[:, 0], x[:, 1:]
        return base, counts

    def of(self, target):
        """A number as a sum of the variables."""
        atoms, option, chose = target
        v = np.zeros((len(self.atoms), self.width))
        inside = atoms[self.atoms].astype(bool)
        v[inside, 1 + option] = 1 if chose else -1
        v[inside, 0] = 0 if chose else 1
        return v.ravel()

    def greatest(self, v, around=None, sign=1, to=None, gap=0.0, seconds=5):
        """Answers that make a sum great, or small, but no further than to a number; nothing when none were found."""
        least, most = np.zeros(len(self.most)), self.most
        if around is not None:
            least, most = np.maximum(around - NEAR, 0), np.minimum(around + NEAR, self.most)
        rows, low, high = self.rows, self.low, self.high
        if to is not None:
            rows, low, high = vstack([rows, csr_array(sign * v[None, :])]), np.append(low, -np.inf), np.append(high, sign * to)
        rows = LinearConstraint(rows, low, high)
        options = {"mip_rel_gap": gap, "time_limit": seconds}
        found = milp(-sign * v, constraints=rows, bounds=Bounds(least, most), integrality=1, options=options)
        return found if found.x is not None else None

    def interval(self, v):
        """The least and the most of a sum, exactly; wider where the search did not end."""
        ends = []
        for sign in (-1, 1):
            found = self.greatest(v, sign=sign, seconds=20)
            assert found is not None, "the truth is one of a reader's worlds"
            ends.append(sign * -found.mip_dual_bound)
        return math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)


def sets_of(facts):
    """The sets that somebody may want to know something of, by name."""
    release, named = facts.release, {}

    def put(atoms, name):
        atoms = atoms * facts.asked
        if atoms.any():
            named.setdefault(tuple(int(a) for a in atoms), name)

    for atoms, name in release.others():
        put(atoms, name)
    for n, code in enumerate(release.atoms):
        put(np.eye(len(release.atoms), dtype=np.int64)[n], code)
    for table, atoms in zip(release.tables, release.member):
        put(atoms, table["code"])
    for table, atoms in zip(release.tables, release.member):
        rests = {}
        for part, shown, inside in zip(release.tables, facts.shown, release.member):
            if part is not table and (inside <= atoms).all():
                put(atoms - inside, f"{table['code']} less {part['code']}")
                if shown:
                    rests[part["kind"]] = rests.get(part["kind"], atoms) * (1 - inside)
        for kind, rest in rests.items():
            put(rest, f"{table['code']} less every shown {kind}")
    return list(named.values()), np.array(list(named))


class Attack:
    """On one question: the intervals of all small numbers."""

    def __init__(self, release, pupils, at, dice, figures=None):
        self.facts = Facts(release, at, figures)
        self.release, self.pupils, self.at, self.dice = release, pupils, at, dice
        self.names, self.sets = sets_of(self.facts)
        self.base, self.counts = pupils.count(at)
        assert self.facts.hold(self.base, self.counts), f"{release.questions[at]}: what is published is not true"
        self.programme = programme_of(self.facts)
        self.start = self.programme.vector(self.base, self.counts)
        true = self.numbers(self.base, self.counts)
        self.small = (0 <= true) & (true <= SMALL)
        room = self.sets @ (release.took_part * self.facts.asked)
        self.need = np.minimum(WIDE, room)[:, None, None]
        self.low, self.high = true.copy(), true.copy()

    def numbers(self, base, counts):
        chose = self.sets @ counts
        return np.stack([chose, (self.sets @ base)[:, None] - chose], axis=2)

    def take(self, found, broadly=True):
        """Notes a world, if it is one in every respect."""
        if found is None:
            return
        base, counts = self.programme.split(found.x)
        if not self.facts.hold(base, counts):
            return
        for _ in range(3 if broadly else 0):
            pupils = self.pupils.changed(self.at, base, counts, self.dice)
            again = pupils.count(self.at)
            assert (again[0] == base).all() and (again[1] == counts).all()
            if pupils.fit_broadly(self.at):
                break
        else:
            if broadly:
                return
        numbers = self.numbers(base, counts)
        self.low, self.high = np.minimum(self.low, numbers), np.maximum(self.high, numbers)

    def open(self):
        return np.argwhere(self.small & (self.high - self.low < self.need))

    def run(self, broadly=True, first=False):
        """Numbers that a reader knows too closely: name, option, which, true number, interval. And those not proved."""
        turns = 0
        while turns < 14 and len(self.open()):
            v = np.array([self.dice.choice([-3, -2, -1, 0, 1, 2, 3]) for _ in self.start], dtype=float)
            v.reshape(-1, self.programme.width)[:, 0] = self.dice.choice([-1, 0, 1])
            self.take(self.programme.greatest(v, self.start, gap=0.1), broadly)
            turns += 1
        known, unproved = [], []
        for place in self.open().tolist():
            at, option, which = place
            target = (self.sets[at], option, which == 0)
            v, need = self.programme.of(target), int(self.need[at, 0, 0])
            for around in (self.start, None):
                for sign in (1, -1):
                    low, high = int(self.low[*place]), int(self.high[*place])
                    if high - low < need:
                        # No further than is needed.
                        to = low + need if sign > 0 else high - need
                        self.take(self.programme.greatest(v, around, sign, to), broadly)
            low, high = int(self.low[*place]), int(self.high[*place])
            if high - low >= need:
                continue
            least, most = self.programme.interval(v)
            true = int(self.numbers(self.base, self.counts)[*place])
            said = "chose" if which == 0 else "did not choose"
            where = (self.names[at], said, self.release.options[self.at][option], true, [least, most])
            (known if most - least < need else unproved).append(where)
            if first and known:
                break
        return known, unproved


class Joint(Programme):
    """Two questions at once, of which an answer to the one leads to the other."""

    def __init__(self, first, second, led):
        one, two = first.programme, second.programme
        self.parts, self.cut = (first, second), len(one.most)
        self.most = np.concatenate([one.most, two.most])
        links = []
        for n, atom in enumerate(two.atoms):
            link = np.zeros(len(self.most))
            at = int(np.flatnonzero(one.atoms == atom)[0])
            link[[at * one.width + 1 + option for option in led]] = -1
            link[self.cut + n * two.width] = 1
            links.append(link)
        self.rows = csr_array(vstack([block_diag([one.rows, two.rows]), csr_array(np.array(links))]))
        self.low = np.concatenate([one.low, two.low, np.full(len(links), -np.inf)])
        self.high = np.concatenate([one.high, two.high, np.zeros(len(links))])
        self.start = np.concatenate([first.start, second.start])
        self.led = led

    def take(self, found):
        if found is None:
            return
        first, second = self.parts
        told = [p.programme.split(x) for p, x in zip(self.parts, np.split(found.x, [self.cut]))]
        are_led = (told[1][0] <= told[0][1][:, self.led].sum(axis=1)).all()
        if are_led and first.facts.hold(*told[0]) and second.facts.hold(*told[1]):
            for part, (base, counts) in zip(self.parts, told):
                numbers = part.numbers(base, counts)
                part.low, part.high = np.minimum(part.low, numbers), np.maximum(part.high, numbers)


def routed_breaks(release, pupils, dice):
    """How many small numbers are known too closely to who puts two questions beside each other, one of which leads to the other."""
    routed, by, options = ROUTED
    at, other = release.questions.index(routed), release.questions.index(by)
    parts = Attack(release, pupils, other, dice), Attack(release, pupils, at, dice)
    joint = Joint(*parts, [release.options[other].index(o) for o in options])
    for _ in range(20):
        v = np.array([dice.choice([-3, -2, -1, 0, 1, 2, 3]) for _ in joint.most], dtype=float)
        joint.take(joint.greatest(v, joint.start, gap=0.1))
    known = []
    for part, offset in zip(parts, (0, joint.cut)):
        for place in part.open().tolist():
            at, option, which = place
            own = part.programme.of((part.sets[at], option, which == 0))
            v, need = np.zeros(len(joint.most)), int(part.need[at, 0, 0])
            v[offset : offset + len(own)] = own
            for around in (joint.start, None):
                for sign in (1, -1):
                    low, high = int(part.low[*place]), int(part.high[*place])
                    if high - low < need:
                        joint.take(joint.greatest(v, around, sign, low + need if sign > 0 else high - need))
            if part.high[*place] - part.low[*place] < need:
                true = int(part.numbers(part.base, part.counts)[*place])
                said = "chose" if which == 0 else "did not choose"
                where = (release.questions[part.at], part.names[at], said, release.options[part.at][option], true)
                known.append((*where, joint.interval(v)))
    return known


def own_figure(base, counts, options):
    """A table's figure by its own base alone: the second control."""
    if base < LEAST:
        return {"symbol": "c", "reason": "small_n"}
    edges = list(next(e for least, e in EDGES if base - base % 5 >= least))
    band = lambda c: next([l, h] for l, h in zip(edges, edges[1:]) if 1000 * c < h * base or h == 1000)
    return {"base": int(base - base % 5), "shares": [[o, *band(int(c))] for o, c in zip(options, counts)]}


def decided_alone_breaks(release, pupils, dice):
    for at, options in enumerate(release.options):
        base, counts = pupils.count(at)
        figures = [
            own_figure(m @ base, m @ counts, options) if t["figures"][at].get("symbol") != "z" else t["figures"][at]
            for t, m in zip(release.tables, release.member)
        ]
        if Attack(release, pupils, at, dice, figures).run(broadly=False, first=True)[0]:
            return True
    return False


def hidden_and_totals(release, pupils):
    """How many counts of one to four are found exactly when they alone are left out beside the totals of schools, year groups and options."""
    exact = 0
    for at, code in enumerate(release.questions):
        if code in MANY:
            continue
        base, counts = pupils.count(at)
        cells = [(a, o) for a, o in np.ndindex(counts.shape) if 1 <= counts[a, o] <= SMALL]
        if not cells:
            continue
        place = {cell: n for n, cell in enumerate(cells)}
        totals = [[(a, o) for o in range(counts.shape[1])] for a in range(len(base))]
        totals += [[(int(a), o) for a in np.flatnonzero(m)] for m in release.member for o in range(counts.shape[1])]
        totals = [t for t in totals if len(t) > 1 and any(c in place for c in t)]
        rows = np.zeros((len(totals), len(cells)))
        for n, total in enumerate(totals):
            rows[n, [place[c] for c in total if c in place]] = 1
        sums = rows @ [counts[c] for c in cells]
        for n in range(len(cells)):
            v = np.eye(len(cells))[n]
            low, high = (s * linprog(s * v, A_eq=rows, b_eq=sums, bounds=(1, SMALL)).fun for s in (1, -1))
            exact += math.ceil(low - 1e-6) == math.floor(high + 1e-6)
    return exact


def attack(paths):
    release = Release(json.loads(paths[0].read_text()))
    pupils = Pupils(release, json.loads(paths[1].read_text()))
    assert pupils.fit_broadly(), "what is told broadly is not true"
    dice = random.Random(paths[0].name)
    begin, known, unproved, small = time.monotonic(), [], [], 0
    for at, code in enumerate(release.questions):
        one = Attack(release, pupils, at, dice)
        a, b = one.run()
        known += [(code, *k) for k in a]
        unproved += [(code, *k) for k in b]
        small += int(one.small.sum())
    took = time.monotonic() - begin
    shown = sum("base" in f for t in release.tables for f in t["figures"])
    broad = sum("least" in f for b in release.broad for _, f in b["figures"])
    return {
        "world": paths[0].name.split(".")[0], "known": known, "unproved": unproved, "small": small, "shown": shown,
        "broad": broad, "routed": routed_breaks(release, pupils, dice), "seconds": took,
        "alone": decided_alone_breaks(release, pupils, dice), "exact": hidden_and_totals(release, pupils),
    }  # fmt: skip


def close(worlds, failed, whys):
    """Says how many worlds passed, and ends. A test of nothing would pass too: each reason for that is a failure of its own."""
    bad = [why for why, is_bad in whys if is_bad]
    print(*bad, sep="\n", end="\n" if bad else "")
    failed += len(bad)
    print(f"{worlds - min(failed, worlds)} passed, {failed} failed")
    sys.exit(failed > 0)


def main():
    folder = pathlib.Path(sys.argv[1])
    names = sorted((int(p.name.split(".")[0]) for p in folder.glob("*.release.json")))
    paths = [(folder / f"{n}.release.json", folder / f"{n}.rows.json") for n in names]
    begin = time.monotonic()
    with ProcessPoolExecutor(max_workers=2) as pool:
        worlds = list(pool.map(attack, paths))
    failed = 0
    for w in worlds:
        for where in w["known"]:
            print(f"world {w['world']}: {where} is known too closely")
        for where in w["routed"]:
            print(f"world {w['world']}: {where} is known too closely to who heeds whom a question is for")
        for where in w["unproved"]:
            print(f"world {w['world']}: {where}: no two worlds were found far enough apart")
        if not w["exact"]:
            print(f"world {w['world']}: the control does not break: counts under five left out, totals published")
        failed += bool(w["known"] or w["routed"] or w["unproved"] or not w["exact"])
        if "-v" in sys.argv:
            print({k: v for k, v in w.items() if not isinstance(v, list)})
    total = lambda key: sum(w[key] for w in worlds)
    alone = total("alone")
    print(
        f"{len(worlds)} worlds: {total('shown')} figures shown and {total('broad')} broadly, {total('small')} small numbers hidden; "
        f"left out under five: {total('exact')} found exactly; each table alone: {alone} worlds break; "
        f"{time.monotonic() - begin:.0f} s"
    )
    whys = [
        ("fewer than twenty worlds", len(worlds) < 20),
        ("nothing is told broadly", not total("broad")),
        ("hardly anything is shown, or small", total("shown") < 500 or total("small") < 5000),
        ("figures decided table by table do not break", alone <= len(worlds) // 2),
    ]
    close(len(worlds), failed, whys)


if __name__ == "__main__":
    main()
