//! A pack in words: as blocks of a paper, for the page and the PDF alike, and as a tidy table.

use dolen_domain::instruments::Definition;
use dolen_domain::kernel::{Bilingual, Lang};
use dolen_domain::surveys::packs::{self, Changed, Found, Help, Pack, Rule, Seen, seen};
use dolen_domain::surveys::releases::{
    Asked, Carried, Figure, Header, Kind, PublishedFigure, Reason, Released, Share, Table, label_of, text_of,
};

use crate::paper::{Band, Bar, Bars, Block, Column, Key, Level, Paper, Table as PaperTable, said};

use super::Strings;
use super::dates::day;
use super::strings::keys;

/// Where the authority's share stands in the headlines: behind all that is said of the school's, before the year before.
const BESIDE: usize = 4;

/// A pack in one language.
pub struct Words<'a> {
    /// The strings.
    pub strings: &'a Strings,
    /// The language.
    pub lang: Lang,
    /// The pack.
    pub pack: &'a Pack,
}

impl Words<'_> {
    fn say(&self, key: &str) -> String {
        self.strings.say(self.lang, key)
    }

    fn half<'t>(&self, pair: &'t Bilingual) -> &'t str {
        pair.of(self.lang)
    }

    fn definition(&self) -> &Definition {
        &self.pack.results.definition
    }

    fn released(&self) -> &Released {
        &self.pack.results.released
    }

    fn table(&self, kind: Kind) -> Option<&Table> {
        self.released().tables.iter().find(|t| t.kind == kind)
    }

    fn question(&self, code: &str) -> String {
        self.half(&text_of(self.definition(), code)).to_owned()
    }

    fn label(&self, question: &str, option: &str) -> String {
        self.half(&label_of(self.definition(), question, option)).to_owned()
    }

    /// What stands out, in a sentence that names the rule.
    #[must_use]
    pub fn found(&self, found: &Found) -> String {
        let range = |share: &Option<Share>| share.as_ref().map(Share::range).unwrap_or_default();
        let (question, option) = found.of.as_ref().map_or_else(Default::default, |(question, option)| {
            (self.question(question), self.label(question, option))
        });
        let key = match found.rule {
            Rule::Funnel => keys::FOUND_FUNNEL,
            Rule::Change => keys::FOUND_CHANGE,
            Rule::MostNamed => keys::FOUND_MOST,
            Rule::ResponseRate => keys::FOUND_RATE,
        };
        let args = [
            ("question", question.into()),
            ("option", option.into()),
            ("own", range(&found.own).into()),
            ("compared", range(&found.compared).into()),
        ];
        self.strings.tell(self.lang, key, &args)
    }

    /// The chart: the school's shares beside the authority's; nothing when none of its questions was asked.
    #[must_use]
    pub fn chart(&self) -> Option<Bars> {
        let (own, whole) = (self.table(Kind::School)?, self.table(Kind::Authority)?);
        let mut alt = Vec::new();
        let bar = |(question, option): (&str, &str)| {
            let at = self.released().header.questions.iter().position(|q| q.code == question)?;
            let (mine, all) = (share(own, at, option), share(whole, at, option));
            let label = format!("{} {}", self.question(question), self.label(question, option));
            let range = |share: &Result<Share, String>| share.as_ref().map_or_else(Clone::clone, Share::range);
            let text = range(&mine);
            let args =
                [("label", label.clone().into()), ("own", text.clone().into()), ("compared", range(&all).into())];
            alt.push(self.strings.tell(self.lang, keys::PACK_CHART_BAR, &args));
            let band = |s: &Share| Band { from: s.band.from, to: s.band.to };
            Some(Bar { label, band: mine.as_ref().ok().map(band), compared: all.as_ref().ok().map(band), text })
        };
        let asked = packs::headlines(self.definition());
        let bars: Vec<Bar> = asked.into_iter().filter_map(bar).collect();
        if bars.is_empty() {
            return None;
        }
        Some(Bars {
            lang: self.lang,
            title: self.say(keys::PACK_CHART),
            alt: alt.join(". "),
            key: Some(Key { own: self.say(keys::PACK_OWN), compared: self.half(&whole.name).to_owned() }),
            bars,
        })
    }

    /// The figures that stand for the rest: each with how many answered, its interval, the authority's beside it and, where there
    /// is one, what it was and by how much it changed.
    #[must_use]
    pub fn headlines(&self) -> Option<PaperTable> {
        let (own, all) = (self.table(Kind::School)?, self.table(Kind::Authority));
        let last = self.pack.before.as_ref().map(|before| before.released.header.academic_year.as_str());
        let rows: Vec<_> = packs::headlines(self.definition())
            .iter()
            .filter_map(|(question, option)| {
                let seen = seen(self.released(), own, question, option)?;
                let label = format!("{} {}", self.question(question), self.label(question, option));
                let changed = self.pack.changes.iter().find(|c| c.question == *question && c.option == *option);
                let mut row = headline(self.strings, self.lang, label, &seen, (last.is_some(), changed));
                if let Some(all) = all {
                    let beside = packs::seen(self.released(), all, question, option);
                    row.insert(BESIDE, beside.as_ref().map(shown).unwrap_or_default());
                }
                Some(row)
            })
            .collect();
        let (caption, whose) = (self.say(keys::HEADLINES), self.say(keys::PACK_OWN));
        (!rows.is_empty()).then(|| {
            let mut table = headlines(self.strings, self.lang, caption, (&whose, last), rows);
            if let Some(all) = all {
                table.columns.insert(BESIDE, Column { name: self.half(&all.name).to_owned(), numeric: true });
            }
            table
        })
    }

    /// The headlines by the school's own year groups; nothing where it has but one, whose figures are the school's.
    #[must_use]
    pub fn years(&self) -> Vec<PaperTable> {
        let years: Vec<(String, &Table)> = self.released().tables.iter().filter_map(|t| self.year(t)).collect();
        if years.len() < 2 {
            return Vec::new();
        }
        let table = |(question, option): (&str, &str)| {
            let seen = |(name, table): &(String, &Table)| {
                Some((name.clone(), packs::seen(self.released(), table, question, option)?))
            };
            let caption = format!("{} {}", self.question(question), self.label(question, option));
            grouped(self.strings, self.lang, (caption, keys::YEAR_GROUP), years.iter().filter_map(seen))
        };
        packs::headlines(self.definition()).into_iter().filter_map(table).collect()
    }

    /// A table of a year group of the school, by the year group's name.
    fn year<'t>(&self, table: &'t Table) -> Option<(String, &'t Table)> {
        let year = table.year_group.filter(|_| table.kind == Kind::SchoolYear)?;
        Some((self.strings.tell(self.lang, keys::PACK_YEAR, &[("year", year.to_string().into())]), table))
    }

    /// Which questions have the figures of an earlier release.
    #[must_use]
    pub fn carried(&self) -> Vec<String> {
        carried(self.strings, self.lang, self.definition(), &self.released().header)
    }

    /// How many of the school's pupils took part, of how many on roll, as far as it is known.
    #[must_use]
    pub fn took_part(&self) -> Option<String> {
        let own = self.table(Kind::School)?;
        let responses = own.responses?;
        let of_roll = own.roll.zip(own.rate()).map(|(roll, rate)| {
            let args = [("responses", responses.into()), ("roll", roll.into()), ("rate", rate.into())];
            self.strings.tell(self.lang, keys::PACK_TOOK_PART, &args)
        });
        let alone = || self.strings.tell(self.lang, keys::PACK_TOOK_PART_ALONE, &[("responses", responses.into())]);
        Some(of_roll.unwrap_or_else(alone))
    }

    /// Of a correction: that it takes an earlier release's place, and of which questions the school's own figures are others now.
    #[must_use]
    pub fn correction(&self) -> Option<(String, Vec<String>)> {
        if self.released().header.reason == Reason::First {
            return None;
        }
        let questions: Vec<String> = self.pack.corrected_questions().map(|code| self.question(code)).collect();
        let key = if questions.is_empty() { keys::PACK_NOT_CORRECTED } else { keys::PACK_CORRECTED };
        let number = self.released().header.number.to_string();
        Some((self.strings.tell(self.lang, key, &[("number", number.into())]), questions))
    }

    /// The tables that stand beside one another: the school's, then the others'.
    #[must_use]
    pub fn columns(&self) -> Vec<&Table> {
        let beside = |t: &&Table| matches!(t.kind, Kind::School | Kind::Authority | Kind::Phase | Kind::Cluster);
        self.released().tables.iter().filter(beside).collect()
    }

    /// A question's table: a row for each option and one for how many answered, a column for each group.
    #[must_use]
    pub fn asked(&self, at: usize, asked: &Asked) -> PaperTable {
        let columns = self.columns();
        let cell = |table: &&Table, option: &str| share(table, at, option).map_or_else(|symbol| symbol, |s| s.range());
        let mut rows: Vec<Vec<String>> = Vec::new();
        for option in &asked.options {
            let label = std::iter::once(self.label(&asked.code, option));
            rows.push(label.chain(columns.iter().map(|table| cell(table, option))).collect());
        }
        let base = |table: &&Table| match table.figures.get(at).map(PublishedFigure::view) {
            Some(Figure::Shown { base, .. }) => format!("{base}–{}", base + 4),
            Some(Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol }) => symbol.to_owned(),
            None => String::new(),
        };
        rows.push(std::iter::once(self.say(keys::BASE)).chain(columns.iter().map(base)).collect());
        let first = Column { name: self.say(keys::SHARE), numeric: false };
        let others = columns.iter().map(|t| Column { name: self.half(&t.name).to_owned(), numeric: true });
        PaperTable {
            lang: self.lang,
            caption: self.question(&asked.code),
            columns: std::iter::once(first).chain(others).collect(),
            rows,
        }
    }

    /// The pack as a paper's blocks.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let line = |text: String| said(self.lang, text);
        let heading = |level, text| Block::Heading(level, said(self.lang, text));
        let header = &self.released().header;
        let mut blocks = vec![
            heading(Level::One, self.title()),
            Block::Paragraph(line(format!("{}, {}", self.half(&header.title), header.academic_year))),
            Block::Paragraph(line(self.release())),
        ];
        if let Some((sentence, questions)) = self.correction() {
            blocks.push(Block::Paragraph(line(sentence)));
            if !questions.is_empty() {
                blocks.push(Block::List(questions.into_iter().map(line).collect()));
            }
        }
        blocks.extend(self.took_part().map(|text| Block::Paragraph(line(text))));
        blocks.push(Block::Paragraph(line(self.say(keys::RESULTS_ABOUT))));
        blocks.extend(self.carried().into_iter().map(|text| Block::Paragraph(line(text))));
        if !self.pack.taken_up.is_empty() {
            blocks.push(heading(Level::Two, self.say(keys::PACK_TAKEN_UP)));
            let taken =
                self.pack.taken_up.iter().map(|t| line(format!("{} ({})", self.half(&t.title), day(self.lang, t.on))));
            blocks.push(Block::List(taken.collect()));
        }
        blocks.push(heading(Level::Two, self.say(keys::PACK_FOUND)));
        if self.pack.found.is_empty() {
            blocks.push(Block::Paragraph(line(self.say(keys::PACK_NOTHING))));
        } else {
            blocks.push(Block::List(self.pack.found.iter().map(|f| line(self.found(f))).collect()));
        }
        if let Some(chart) = self.chart() {
            blocks.push(heading(Level::Two, chart.title.clone()));
            blocks.push(Block::Bars(chart));
        }
        if let Some(table) = self.headlines() {
            blocks.push(Block::Table(table));
            blocks.push(Block::Paragraph(line(self.say(keys::INTERVAL_ABOUT))));
        }
        let years = self.years();
        if !years.is_empty() {
            blocks.push(heading(Level::Two, self.say(keys::PACK_YEARS)));
            blocks.extend(years.into_iter().map(Block::Table));
        }
        if !self.pack.advice.is_empty() {
            blocks.push(heading(Level::Two, self.say(keys::PACK_ADVICE)));
            for one in &self.pack.advice {
                blocks.push(heading(Level::Three, self.half(&one.approach.title).to_owned()));
                blocks.push(Block::Paragraph(line(self.half(&one.approach.about).to_owned())));
                let steps = one.approach.first_steps.iter().map(|step| line(self.half(step).to_owned()));
                blocks.push(Block::List(steps.collect()));
                if !one.help.is_empty() {
                    blocks.push(Block::Paragraph(line(self.say(keys::PACK_HELP))));
                    blocks.push(Block::List(one.help.iter().map(|help| line(self.helper(help))).collect()));
                }
            }
        }
        let besides: Vec<_> = self.pack.besides().map(|one| line(self.half(&one.title).to_owned())).collect();
        if !besides.is_empty() {
            blocks.push(heading(Level::Two, self.say(keys::PACK_BESIDES)));
            blocks.push(Block::List(besides));
        }
        blocks.push(heading(Level::Two, self.say(keys::PACK_TABLES)));
        blocks.push(Block::Paragraph(line(self.legend())));
        let asked = header.questions.iter().enumerate();
        blocks.extend(asked.map(|(at, asked)| Block::Table(self.asked(at, asked))));
        blocks
    }

    fn legend(&self) -> String {
        legend(self.strings, self.lang)
    }

    /// A service that can help, and its officer as the contact list has them.
    #[must_use]
    pub fn helper(&self, help: &Help) -> String {
        let service = self.half(&help.name).to_owned();
        let Some(officer) = &help.officer else { return service };
        let mut parts = vec![officer.name.as_str()];
        if officer.role_title != officer.name {
            parts.push(&officer.role_title);
        }
        parts.push(&officer.email);
        parts.extend(officer.phone.as_deref());
        format!("{service}: {}", parts.join(", "))
    }

    /// The pack's heading.
    #[must_use]
    pub fn title(&self) -> String {
        let school = self.half(&self.pack.results.school.name).to_owned();
        self.strings.tell(self.lang, keys::RESULTS_TITLE, &[("school", school.into())])
    }

    fn release(&self) -> String {
        let header = &self.released().header;
        let number = header.number.to_string();
        let words = self.strings.tell(self.lang, keys::RESULTS_RELEASE, &[("number", number.into())]);
        format!("{words} {}", day(self.lang, header.published_on))
    }
}

/// What the symbols stand for.
pub(super) fn legend(strings: &Strings, lang: Lang) -> String {
    let one = |symbol: &str, key: &str| format!("{symbol}: {}", strings.say(lang, key));
    let all = [("c", keys::LEGEND_C), ("z", keys::LEGEND_Z), ("x", keys::LEGEND_X), ("u", keys::LEGEND_U)];
    all.map(|(symbol, key)| one(symbol, key)).join(". ")
}

/// A sentence for each question of which a release has the figures of an earlier one.
pub(super) fn carried(strings: &Strings, lang: Lang, definition: &Definition, header: &Header) -> Vec<String> {
    let sentence = |carried: &Carried| {
        let question = text_of(definition, &carried.question).of(lang).to_owned();
        let told: &[(&'static str, _)] =
            &[("question", question.into()), ("number", carried.release.to_string().into())];
        strings.tell(lang, keys::RESULTS_CARRIED, told)
    };
    header.carried.iter().map(sentence).collect()
}

/// A share with what stands beside it, or the symbol in its place.
pub(super) fn shown(seen: &Seen) -> String {
    match seen {
        Seen::Shown(worth) if worth.quality == Some("u") => format!("{} (u)", worth.share.range()),
        Seen::Shown(worth) => worth.share.range(),
        Seen::Withheld { symbol, .. } => (*symbol).to_owned(),
    }
}

/// How many answered, as far as it is told; the symbol where no share is.
pub(super) fn base(seen: &Seen) -> String {
    match seen {
        Seen::Shown(worth) => format!("{}–{}", worth.base, worth.base + 4),
        Seen::Withheld { symbol, .. } => (*symbol).to_owned(),
    }
}

/// A share's interval; the symbol where no share is.
pub(super) fn interval(seen: &Seen) -> String {
    match seen {
        Seen::Shown(worth) => format!("{}–{}%", worth.interval.from, worth.interval.to),
        Seen::Withheld { symbol, .. } => (*symbol).to_owned(),
    }
}

/// By how many points a share changed.
pub(super) fn points(strings: &Strings, lang: Lang, changed: &Changed) -> String {
    let signed = |n: i16| match n {
        0 => "0".to_owned(),
        n if n > 0 => format!("+{n}"),
        // A minus sign, not a hyphen: it is read as one.
        n => format!("\u{2212}{}", n.unsigned_abs()),
    };
    let args = [("from", signed(changed.change.from).into()), ("to", signed(changed.change.to).into())];
    strings.tell(lang, keys::POINTS, &args)
}

/// A row of headlines. Whether there was a campaign before, and what changed since it where both are shown.
pub(super) fn headline(
    strings: &Strings,
    lang: Lang,
    label: String,
    seen: &Seen,
    (compares, changed): (bool, Option<&Changed>),
) -> Vec<String> {
    let mut row = vec![label, shown(seen), base(seen), interval(seen)];
    if compares {
        let not = || strings.say(lang, keys::NOT_COMPARED);
        let before = |c: &Changed| format!("{} ({}–{})", c.before.share.range(), c.before.base, c.before.base + 4);
        row.push(changed.map_or_else(not, before));
        row.push(changed.map_or_else(not, |c| points(strings, lang, c)));
    }
    row
}

/// The table of headlines: whose they are, and the year of the campaign before.
pub(super) fn headlines(
    strings: &Strings,
    lang: Lang,
    caption: String,
    (own, last): (&str, Option<&str>),
    rows: Vec<Vec<String>>,
) -> PaperTable {
    let column = |name: String, numeric| Column { name, numeric };
    let mut columns = vec![column(strings.say(lang, keys::SHARE), false), column(own.to_owned(), true)];
    columns.push(column(strings.say(lang, keys::BASE), true));
    columns.push(column(strings.say(lang, keys::INTERVAL), true));
    if let Some(year) = last {
        columns.push(column(year.to_owned(), true));
        columns.push(column(strings.say(lang, keys::CHANGE), true));
    }
    PaperTable { lang, caption, columns, rows }
}

/// What groups say to a question, a row each: the share, how many answered and the interval; nothing without a group.
pub(super) fn grouped(
    strings: &Strings,
    lang: Lang,
    (caption, group): (String, &str),
    seen: impl Iterator<Item = (String, Seen)>,
) -> Option<PaperTable> {
    let rows: Vec<Vec<String>> =
        seen.map(|(name, seen)| vec![name, shown(&seen), base(&seen), interval(&seen)]).collect();
    let columns = [keys::SHARE, keys::BASE, keys::INTERVAL].map(|key| (key, true));
    let column = |(key, numeric): (&str, bool)| Column { name: strings.say(lang, key), numeric };
    let columns = std::iter::once((group, false)).chain(columns).map(column).collect();
    (!rows.is_empty()).then_some(PaperTable { lang, caption, columns, rows })
}

/// The share of an option, or the symbol in its place.
fn share(table: &Table, at: usize, option: &str) -> Result<Share, String> {
    match table.figures.get(at).map(PublishedFigure::view) {
        Some(Figure::Shown { shares, .. }) => {
            shares.iter().find(|s| s.option == option).cloned().ok_or_else(String::new)
        }
        Some(Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol }) => Err(symbol.to_owned()),
        None => Err(String::new()),
    }
}

/// The pack in these languages, one after the other.
#[must_use]
pub fn paper(strings: &Strings, pack: &Pack, langs: &[Lang]) -> Paper {
    let mut blocks = Vec::new();
    let mut titles = Vec::new();
    for lang in langs {
        let words = Words { strings, lang: *lang, pack };
        if !blocks.is_empty() {
            blocks.push(Block::PageBreak);
        }
        titles.push(words.title());
        blocks.extend(words.blocks());
    }
    Paper { title: titles.join(" / "), lang: langs.first().copied().unwrap_or(Lang::Cy), blocks }
}
