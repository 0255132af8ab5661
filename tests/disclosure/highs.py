#!/usr/bin/env python3
"""The attacker of the disclosure engine once more, by SciPy's HiGHS and a formulation of its own.

It makes invented authorities with what is published of them, works out what a reader can conclude of every count, and
writes both to domain/src/disclosure/tests/highs.json, which a unit test compares with the engine's programme.

    pip install scipy        # 1.17.1 wrote the file that is committed
    tests/disclosure/highs.py          # writes the file
    tests/disclosure/highs.py --check  # fails if it would be another
"""
import json
import math
import pathlib
import random
import sys

import numpy as np
from scipy.optimize import linprog

OUT = pathlib.Path(__file__).parents[2] / "domain/src/disclosure/tests/highs.json"
STEPS = [  # from which base, edges in thousandths
    (80, list(range(0, 1001, 50))),
    (40, list(range(0, 1001, 100))),
    (30, [0, 150, 300, 500, 700, 850, 1000]),
]


def band(count, base, edges):
    """The band a count lies in: its lower end is in it, its upper one only at the top."""
    for low, high in zip(edges, edges[1:]):
        if low * base <= 1000 * count < high * base or (high == 1000 and low * base <= 1000 * count):
            return [low, high]
    raise AssertionError


def make(seed):
    dice = random.Random(seed)
    many = seed % 2 == 1
    schools, years, options = dice.randint(2, 3), dice.randint(2, 3), dice.randint(2, 4)
    atoms = [(s, y) for s in range(schools) for y in range(years)]
    rolls = [dice.choice([6, 9, 25, 34, 48, 90]) for _ in atoms]
    base = [dice.randint(r // 2, r) for r in rolls]
    counts = []
    for b in base:
        row = [0] * options
        for _ in range(b):
            first = 0 if dice.random() < 0.8 else dice.randrange(options)
            row[first] += 1
            for other in range(options):
                row[other] += int(many and other != first and dice.random() < 0.1)
        counts.append(row)
    groups = [[i] for i in range(len(atoms))]
    groups += [[i for i, a in enumerate(atoms) if a[0] == s] for s in range(schools)]
    groups += [[i for i, a in enumerate(atoms) if a[1] == y] for y in range(years)]
    groups += [list(range(len(atoms)))]
    told = []
    for group in groups:
        b = sum(base[i] for i in group)
        if b < 30:
            told.append({"below": 30})
        elif dice.random() < 0.15:
            told.append({"at_least": 30})
        else:
            edges = next(e for least, e in STEPS if b - b % 5 >= least)
            shares = [band(sum(counts[i][o] for i in group), b, edges) for o in range(options)]
            told.append({"base": b - b % 5, "bands": shares})
    return {"many": many, "rolls": rolls, "base": base, "counts": counts, "groups": groups, "told": told}


def constraints(world):
    """Rows `a·x <= b`. Of a question with one choice the base is the sum of the options; with several it is a variable."""
    n, k, many = len(world["rolls"]), len(world["counts"][0]), world["many"]
    width = k + 1 if many else k
    size = n * width
    rows, ends = [], []

    def vector(atoms, option):
        v = np.zeros(size)
        for atom in atoms:
            if option is not None:
                v[atom * width + option] = 1
            elif many:
                v[atom * width + k] = 1
            else:
                v[atom * width : atom * width + k] = 1
        return v

    def at_most(v, end):
        rows.append(v)
        ends.append(end)

    for atom, roll in enumerate(world["rolls"]):
        at_most(vector([atom], None), roll)
        if many:
            at_most(vector([atom], None) - sum(vector([atom], o) for o in range(k)), 0)
            for option in range(k):
                at_most(vector([atom], option) - vector([atom], None), 0)
    for group, told in zip(world["groups"], world["told"]):
        b = vector(group, None)
        if "below" in told:
            at_most(b, told["below"] - 1)
        elif "at_least" in told:
            at_most(-b, -told["at_least"])
        else:
            at_most(b, told["base"] + 4)
            at_most(-b, -told["base"])
            for option, (low, high) in enumerate(told["bands"]):
                c = vector(group, option)
                at_most(low * b - 1000 * c, 0)
                if high < 1000:
                    # Below a thousandth part of the base, in whole pupils: at least the greatest common part below.
                    at_most(1000 * c - high * b, -math.gcd(1000, high))
    return np.array(rows), np.array(ends), vector


def ranges(world):
    rows, ends, vector = constraints(world)
    found = []
    for group in world["groups"]:
        for option in range(len(world["counts"][0])):
            for chose in (True, False):
                v = vector(group, option) if chose else vector(group, None) - vector(group, option)
                low = linprog(v, A_ub=rows, b_ub=ends, bounds=(0, None), method="highs").fun
                high = -linprog(-v, A_ub=rows, b_ub=ends, bounds=(0, None), method="highs").fun
                found.append([option, chose, math.ceil(low - 1e-6), math.floor(high + 1e-6)])
    return found


def main():
    worlds = [make(seed) for seed in range(8)]
    for world in worlds:
        world["ranges"] = ranges(world)
    text = json.dumps(worlds, separators=(",", ":")).replace('{"many"', '\n{"many"') + "\n"
    if "--check" in sys.argv:
        sys.exit(0 if OUT.read_text() == text else f"{OUT} is another")
    OUT.write_text(text)


main()
