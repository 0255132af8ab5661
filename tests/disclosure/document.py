"""A survey release as a reader has it, and the pupils it was made of, for whole.py.

What a symbol and a figure say is from docs/adr/0021 and 0026, not from the service's code.
"""
import numpy as np

LEAST, FEW, SPREAD = 30, 300, (10, 3)
CASE = ["two_or_three_a_month", "weekly", "several_a_week"]
OFTEN, SILENT = "two_or_three_a_month_or_more", "prefer_not_to_say"
ROLES = ["neither", "bullied", "bullied_others", "both"]
MANY = {"bullied_types"}
# Who is asked the one, and by which answers to the other.
ROUTED = ("bullied_types", "bullied", ["once_or_twice", OFTEN])


class Release:
    """What a reader has: atoms, tables of them, and what each figure says."""

    def __init__(self, document):
        header, tables = document["header"], document["tables"]
        self.header = header
        own = [t for t in tables if t["kind"] == "school_year"]
        self.atoms = [t["code"] for t in own]
        self.took_part = np.array([t["responses"] for t in own])
        self.schools = sorted({t["school_number"] for t in own})
        self.school = np.array([self.schools.index(t["school_number"]) for t in own])
        beside = {t["school_number"]: t.get("beside", []) for t in tables if t["kind"] == "school"}

        def has(table, atom):
            match table["kind"]:
                case "authority":
                    return True
                case "year":
                    return atom["year_group"] == table["year_group"]
                case "school":
                    return atom["school_number"] == table["school_number"]
                case "school_year":
                    return atom["code"] == table["code"]
                case "phase" | "cluster":
                    return table["code"] in beside[atom["school_number"]]
            raise ValueError(table["kind"])

        member = np.array([[has(t, a) for a in own] for t in tables])
        kept = [n for n in range(len(tables)) if member[n].any()]
        self.tables = [tables[n] for n in kept]
        self.member = member[kept].astype(np.int64)
        # Of each atom the table that it alone is in.
        self.own = [[t["code"] for t in self.tables].index(code) for code in self.atoms]
        self.questions = [q["code"] for q in header["questions"]]
        self.options = [q["options"] for q in header["questions"]]
        self.broad = header.get("breakdowns", [])
        for table, atoms in zip(self.tables, self.member):
            if "responses" in table:
                assert table["responses"] == atoms @ self.took_part

    def others(self):
        """Sets of atoms that are no table, by name."""
        return []

    def least(self, at):
        return np.zeros(len(self.atoms), dtype=np.int64)

    def area(self, breakdown):
        """The atoms of a breakdown's authority or phase."""
        code = "/".join(breakdown["code"].split("/")[: 1 if breakdown["kind"] == "authority" else 2])
        return self.member[[t["code"] for t in self.tables].index(code)].astype(bool)


class Facts:
    """What the figures of one question say of each table: the base's ends and each option's band."""

    def __init__(self, release, at, figures=None):
        out = [t["figures"][at] for t in release.tables]
        figures = figures or out
        of_atoms = [out[n] for n in release.own]
        self.release, self.many = release, release.questions[at] in MANY
        self.asked = np.array([f.get("symbol") not in ("x", "z") for f in of_atoms])
        self.options = len(release.options[at])
        # A table is of those of its atoms that were asked.
        self.member = release.member * self.asked
        tables = len(figures)
        self.base = np.zeros((tables, 2), dtype=np.int64)
        self.shown = np.array(["base" in f for f in figures])
        # How many of each atom are known to have answered.
        self.least = release.least(at) * self.asked
        self.low = np.zeros((tables, self.options), dtype=np.int64)
        self.high = np.full((tables, self.options), 1000, dtype=np.int64)
        for n, figure in enumerate(figures):
            took_part = self.member[n] @ release.took_part
            match figure:
                case {"base": base, "shares": shares}:
                    self.base[n] = base, min(base + 4, took_part)
                    assert [s[0] for s in shares] == release.options[at]
                    self.low[n], self.high[n] = [s[1] for s in shares], [s[2] for s in shares]
                case {"reason": "small_n"}:
                    self.base[n] = 0, min(LEAST - 1, took_part)
                case {"reason": "differencing"}:
                    self.base[n] = LEAST, took_part
                case {"reason": "unavailable" | "not_asked"}:
                    pass
                case {"reason": "carried"}:
                    # It is an earlier release's figure, and stands there.
                    self.base[n] = 0, took_part
                case _:
                    raise ValueError(figure)

    def hold(self, base, counts):
        """Whether they are true of such answers of the atoms: in whole numbers."""
        b, c = self.member @ base, self.member @ counts
        of_bases = (self.base[:, 0] <= b) & (b <= self.base[:, 1])
        low = self.low * b[:, None] <= 1000 * c
        high = (1000 * c < self.high * b[:, None]) | (self.high == 1000)
        alone = (self.least <= base) & (base <= self.release.took_part * self.asked)
        parts = (counts >= 0).all(axis=1) & (counts <= base[:, None]).all(axis=1)
        sums = counts.sum(axis=1)
        added = sums >= base if self.many else sums == base
        bands = (low & high)[self.shown].all()
        return bool(of_bases.all() and bands and alone.all() and parts.all() and added.all())


class Pupils:
    """Every pupil's answers: of a question with one choice the option or -1, of one with several a mask of options."""

    def __init__(self, release, rows):
        self.release = release
        self.atom = np.concatenate([np.full(len(rows[code]), n) for n, code in enumerate(release.atoms)])
        self.school = release.school[self.atom]
        self.said = []
        for code, options in zip(release.questions, release.options):
            merged = lambda o: OFTEN if o in CASE and OFTEN in options else o
            said = []
            for atom in release.atoms:
                for row in rows[atom]:
                    chosen = sorted({options.index(merged(o)) for o in row.get(code, [])})
                    assert code in MANY or len(chosen) < 2
                    said.append(sum(1 << o for o in chosen) if code in MANY else (chosen or [-1])[0])
            self.said.append(np.array(said))

    def answered(self, at):
        return self.said[at] > (0 if self.release.questions[at] in MANY else -1)

    def chose(self, at, option):
        return (self.said[at] >> option & 1) == 1 if self.release.questions[at] in MANY else self.said[at] == option

    def count(self, at):
        """Base and counts of each atom."""
        atoms, options = len(self.release.atoms), len(self.release.options[at])
        base = np.bincount(self.atom, self.answered(at), atoms).astype(np.int64)
        counts = [np.bincount(self.atom, self.chose(at, o), atoms) for o in range(options)]
        return base, np.array(counts).T.astype(np.int64)

    def roles(self):
        """Each pupil's role, or -1."""
        often = []
        for code in ("bullied", "bullied_others"):
            at = self.release.questions.index(code)
            options, said = self.release.options[at], self.said[at]
            told = (said >= 0) & (said != options.index(SILENT))
            often.append(np.where(told, said == options.index(OFTEN), -1))
        return np.where((often[0] < 0) | (often[1] < 0), -1, often[0] + 2 * often[1])

    def fit_broadly(self, changed=None):
        """Whether every broad figure is true of them: those that a question has to do with."""
        code = None if changed is None else self.release.questions[changed]
        for breakdown in self.release.broad:
            by = breakdown.get("by")
            own = self.release.area(breakdown)[self.atom]
            if by:
                at = self.release.questions.index(by[0])
                own &= self.chose(at, self.release.options[at].index(by[1]))
            spread = (np.bincount(self.school[own], minlength=len(self.release.schools)) >= SPREAD[0]).sum() >= SPREAD[1]
            for question, figure in breakdown["figures"]:
                concerned = [question] + (["bullied", "bullied_others"] if question == "roles" else []) + (by or [])[:1]
                if code is not None and code not in concerned:
                    continue
                if not self.fits(figure, own, question, spread):
                    return False
        return True

    def fits(self, figure, own, question, spread):
        if question == "roles":
            roles = self.roles()
            base = (own & (roles >= 0)).sum()
            count = lambda option: (own & (roles == ROLES.index(option))).sum()
        else:
            at = self.release.questions.index(question)
            base = (own & self.answered(at)).sum()
            count = lambda option: (own & self.chose(at, self.release.options[at].index(option))).sum()
        match figure:
            case {"least": least, "shares": shares}:
                fits = lambda o, low, high: low * base <= 1000 * count(o) and (high == 1000 or 1000 * count(o) < high * base)
                return bool(spread and base >= least and all(fits(*s) for s in shares))
            case {"reason": "small_n"}:
                return bool(base < FEW or not spread)
            case {"reason": "differencing"}:
                return bool(spread)
            case {"reason": "not_asked"}:
                return bool(base == 0)
        raise ValueError(figure)

    def changed(self, at, base, counts, dice):
        """The same pupils with such numbers of one question: as few say something else as may be."""
        other = object.__new__(Pupils)
        other.release, other.atom, other.school = self.release, self.atom, self.school
        other.said = list(self.said)
        said = other.said[at] = self.said[at].copy()
        now_base, now = self.count(at)
        routed, by, led = ROUTED
        follows = self.answered(self.release.questions.index(routed))
        other_at = self.release.questions.index(by)
        is_led = np.isin(self.said[other_at], [self.release.options[other_at].index(o) for o in led])
        for atom in np.flatnonzero((now_base != base) | (now != counts).any(axis=1)):
            pupils = np.flatnonzero(self.atom == atom)
            dice.shuffle(pupils)
            if self.release.questions[at] in MANY:
                # Who answers: those who did, then those who were led to it.
                order = sorted(pupils, key=lambda p: (not self.answered(at)[p], not is_led[p]))
                said[pupils] = 0
                who, turn = order[: base[atom]], 0
                for option, many in enumerate(counts[atom]):
                    for _ in range(many):
                        said[who[turn % len(who)]] |= 1 << option
                        turn += 1
                continue
            wanted = list(counts[atom]) + [len(pupils) - base[atom]]
            keys = list(range(len(counts[atom]))) + [-1]
            few = [k for k, want in zip(keys, wanted) for _ in range(want - int((said[pupils] == k).sum()))]
            # Who was led to the next question stays with an answer that leads there, where it can be.
            few.sort(key=lambda k: k >= 0 and self.release.options[at][k] in led)
            for key, want in zip(keys, wanted):
                own = sorted([p for p in pupils if said[p] == key], key=lambda p: follows[p])
                for p in own[: max(0, len(own) - want)]:
                    said[p] = -2
            free = sorted([p for p in pupils if said[p] == -2], key=lambda p: follows[p])
            for p, key in zip(free, few, strict=True):
                said[p] = key
        return other
