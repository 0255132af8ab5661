//! The authority's annual report in words: one paper, for the page and the PDF alike. It names no school and ranks none.

use dolen_domain::kernel::{Bilingual, Lang};
use dolen_domain::surveys::packs::{self, Changed, seen};
use dolen_domain::surveys::releases::{Asked, Header, Kind, Table, label_of, text_of};
use dolen_domain::surveys::reports::{Annual, Told};

use crate::paper::{Band, Bar, Bars, Block, Column, Key, Level, Paper, Table as PaperTable, said};

use super::Strings;
use super::breakdown_words;
use super::dates::day;
use super::pack_words::{base, carried, grouped, headline, headlines, interval, legend, points, shown};
use super::strings::keys;

/// The report in one language.
struct Words<'a> {
    strings: &'a Strings,
    lang: Lang,
    annual: &'a Annual,
}

impl Words<'_> {
    fn say(&self, key: &str) -> String {
        self.strings.say(self.lang, key)
    }

    fn tell(&self, key: &str, name: &'static str, value: String) -> String {
        self.strings.tell(self.lang, key, &[(name, value.into())])
    }

    fn half<'t>(&self, pair: &'t Bilingual) -> &'t str {
        pair.of(self.lang)
    }

    fn label(&self, question: &str, option: &str) -> String {
        let definition = &self.annual.definition;
        let text = text_of(definition, question);
        format!("{} {}", self.half(&text), self.half(&label_of(definition, question, option)))
    }

    /// A count of schools, or that there are fewer than are told.
    fn told(&self, told: Told) -> String {
        match told {
            Told::Number(number) => number.to_string(),
            Told::Few => self.say(keys::ANNUAL_FEW),
        }
    }

    fn whole(&self) -> Option<&Table> {
        self.annual.released.tables.iter().find(|t| t.kind == Kind::Authority)
    }

    /// What this survey is called beside the one before: its academic year, and its first day where both are of one year.
    fn own(&self) -> String {
        self.named(&self.annual.released.header)
    }

    fn last(&self) -> Option<String> {
        self.annual.before.as_ref().map(|before| self.named(&before.header))
    }

    fn named(&self, header: &Header) -> String {
        let own = &self.annual.released.header.academic_year;
        let same = self.annual.before.as_ref().is_some_and(|before| before.header.academic_year == *own);
        let year = &header.academic_year;
        if same { format!("{year} ({})", day(self.lang, header.window[0])) } else { year.clone() }
    }

    fn changed(&self, question: &str, option: &str) -> Option<&Changed> {
        self.annual.changes.iter().find(|c| c.question == question && c.option == option)
    }

    fn column(name: impl Into<String>, numeric: bool) -> Column {
        Column { name: name.into(), numeric }
    }

    fn title(&self) -> String {
        self.tell(keys::ANNUAL_TITLE, "year", self.annual.released.header.academic_year.clone())
    }

    fn heading(&self, level: Level, text: String) -> Block {
        Block::Heading(level, said(self.lang, text))
    }

    fn line(&self, text: String) -> Block {
        Block::Paragraph(said(self.lang, text))
    }

    fn blocks(&self) -> Vec<Block> {
        let header = &self.annual.released.header;
        let release = self.tell(keys::RESULTS_RELEASE, "number", header.number.to_string());
        let mut blocks = vec![
            self.heading(Level::One, self.title()),
            self.line(self.half(&header.title).to_owned()),
            self.line(format!("{release} {}", day(self.lang, header.published_on))),
            self.line(self.say(keys::RESULTS_ABOUT)),
        ];
        let carried = carried(self.strings, self.lang, &self.annual.definition, header);
        blocks.extend(carried.into_iter().map(|text| self.line(text)));
        blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_PART)));
        blocks.push(Block::Table(self.taking_part()));
        if let Some(whole) = self.whole() {
            blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_MAIN)));
            blocks.extend(self.chart(whole).map(Block::Bars));
            blocks.push(Block::Table(self.main(whole)));
            blocks.push(self.line(self.say(keys::INTERVAL_ABOUT)));
        }
        blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_OUT)));
        blocks.push(self.line(self.say(keys::ANNUAL_OUT_ABOUT)));
        blocks.push(Block::Table(self.standing_out()));
        blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_GROUPS)));
        blocks.extend(
            packs::headlines(&self.annual.definition).into_iter().filter_map(|at| self.groups(at)).map(Block::Table),
        );
        blocks.extend(breakdown_words::blocks(self.strings, self.lang, self.annual));
        blocks.extend(self.taken_up());
        blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_ALL)));
        if let Some(whole) = self.whole() {
            let asked = header.questions.iter();
            blocks.extend(asked.map(|asked| Block::Table(self.asked(whole, asked))));
        }
        blocks.push(self.heading(Level::Two, self.say(keys::ANNUAL_METHOD)));
        let method = [
            keys::ANNUAL_METHOD_RANGES,
            keys::ANNUAL_METHOD_INTERVALS,
            keys::ANNUAL_METHOD_CHANGE,
            keys::ANNUAL_METHOD_SCHOOLS,
        ];
        blocks.extend(method.map(|key| self.line(self.say(key))));
        blocks.push(self.line(legend(self.strings, self.lang)));
        blocks
    }

    fn taking_part(&self) -> PaperTable {
        let part = &self.annual.taking_part;
        let known = |number: Option<String>| number.unwrap_or_else(|| self.say(keys::NOT_KNOWN));
        let row = |key: &str, text: String| vec![self.say(key), text];
        PaperTable {
            lang: self.lang,
            caption: self.say(keys::ANNUAL_PART_TABLE),
            columns: vec![
                Self::column(self.say(keys::ANNUAL_OF), false),
                Self::column(self.say(keys::ANNUAL_COUNT), true),
            ],
            rows: vec![
                row(keys::ANNUAL_ASKED, part.schools.to_string()),
                row(keys::ANNUAL_SIGNED, self.told(part.signed_off)),
                row(keys::ANNUAL_NIL, self.told(part.nil_returns)),
                row(keys::ANNUAL_ANSWERED, part.responses.to_string()),
                row(keys::ON_ROLL, known(part.roll.map(|roll| roll.to_string()))),
                row(keys::RATE, known(part.rate.map(|rate| format!("{rate}%")))),
            ],
        }
    }

    /// The authority's shares, beside those of the survey before; nothing when none of the headlines was asked.
    fn chart(&self, whole: &Table) -> Option<Bars> {
        let mut alt = Vec::new();
        let bar = |(question, option): &(&str, &str)| {
            let seen = seen(&self.annual.released, whole, question, option)?;
            let (label, text) = (self.label(question, option), shown(&seen));
            alt.push(format!("{label}: {text}"));
            let band =
                |share: &dolen_domain::surveys::releases::Share| Band { from: share.band.from, to: share.band.to };
            let compared = self.changed(question, option).map(|c| band(&c.before.share));
            Some(Bar { label, band: seen.shown().map(|worth| band(&worth.share)), compared, text })
        };
        let asked = packs::headlines(&self.annual.definition);
        let bars: Vec<Bar> = asked.iter().filter_map(bar).collect();
        let own = self.own();
        (!bars.is_empty()).then(|| Bars {
            lang: self.lang,
            title: self.say(keys::ANNUAL_MAIN),
            alt: alt.join(". "),
            key: self.last().map(|compared| Key { own, compared }),
            bars,
        })
    }

    fn main(&self, whole: &Table) -> PaperTable {
        let last = self.last();
        let asked = packs::headlines(&self.annual.definition);
        let rows = asked.iter().filter_map(|(question, option)| {
            let seen = seen(&self.annual.released, whole, question, option)?;
            let changed = (last.is_some(), self.changed(question, option));
            Some(headline(self.strings, self.lang, self.label(question, option), &seen, changed))
        });
        let rows = rows.collect();
        headlines(self.strings, self.lang, self.say(keys::HEADLINES), (&self.own(), last.as_deref()), rows)
    }

    fn standing_out(&self) -> PaperTable {
        let row = |out: &dolen_domain::surveys::reports::StandingOut| {
            let label = self.label(&out.question, out.option);
            vec![label, self.told(out.above), self.told(out.below), self.told(out.of)]
        };
        let columns = [keys::ANNUAL_ABOVE, keys::ANNUAL_BELOW, keys::ANNUAL_SHOWN];
        let columns = columns.map(|key| Self::column(self.say(key), true));
        PaperTable {
            lang: self.lang,
            caption: self.say(keys::ANNUAL_OUT_TABLE),
            columns: std::iter::once(Self::column(self.say(keys::SHARE), false)).chain(columns).collect(),
            rows: self.annual.standing_out.iter().map(row).collect(),
        }
    }

    /// A headline by year group, phase and cluster; nothing when it was not asked.
    fn groups(&self, (question, option): (&str, &str)) -> Option<PaperTable> {
        let released = &self.annual.released;
        let seen =
            |table: &Table| Some((self.half(&table.name).to_owned(), packs::seen(released, table, question, option)?));
        let caption = self.label(question, option);
        grouped(self.strings, self.lang, (caption, keys::ANNUAL_GROUP), released.tables.iter().filter_map(seen))
    }

    /// What schools take up.
    fn taken_up(&self) -> Vec<Block> {
        let annual = self.annual;
        let mut blocks = vec![
            self.heading(Level::Two, self.say(keys::ANNUAL_TAKEN_UP)),
            self.line(self.tell(keys::ANNUAL_TAKING_UP, "count", self.told(annual.schools_taking_up))),
            self.line(self.say(keys::ANNUAL_TAKEN_UP_ABOUT)),
        ];
        if !annual.taken_up.is_empty() {
            let last = self.last();
            let mut columns = vec![Self::column(self.say(keys::ANNUAL_APPROACH), false)];
            columns.push(Self::column(self.own(), true));
            columns.extend(last.map(|year| Self::column(year, true)));
            let rows = annual.taken_up.iter().map(|one| {
                let mut row = vec![self.half(&one.title).to_owned(), self.told(one.now)];
                row.extend(one.before.map(|before| self.told(before)));
                row
            });
            let caption = self.say(keys::ANNUAL_TAKEN_UP_TABLE);
            blocks.push(Block::Table(PaperTable { lang: self.lang, caption, columns, rows: rows.collect() }));
        }
        blocks
    }

    /// A question's options, with the authority's shares now and before.
    fn asked(&self, whole: &Table, asked: &Asked) -> PaperTable {
        let (definition, last) = (&self.annual.definition, self.last());
        let all: Vec<_> = asked
            .options
            .iter()
            .filter_map(|option| Some((option, seen(&self.annual.released, whole, &asked.code, option)?)))
            .collect();
        let not = || self.say(keys::NOT_COMPARED);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (option, seen) in &all {
            let mut row = vec![self.half(&label_of(definition, &asked.code, option)).to_owned(), shown(seen)];
            row.push(interval(seen));
            if last.is_some() {
                let changed = self.changed(&asked.code, option);
                row.push(changed.map_or_else(not, |c| c.before.share.range()));
                row.push(changed.map_or_else(not, |c| points(self.strings, self.lang, c)));
            }
            rows.push(row);
        }
        if let Some((option, seen)) = all.first() {
            let mut row = vec![self.say(keys::BASE), base(seen), String::new()];
            if last.is_some() {
                let before =
                    self.changed(&asked.code, option).map(|c| format!("{}–{}", c.before.base, c.before.base + 4));
                row.extend([before.unwrap_or_else(not), String::new()]);
            }
            rows.push(row);
        }
        let mut columns = vec![Self::column(self.say(keys::SHARE), false)];
        columns.push(Self::column(self.own(), true));
        columns.push(Self::column(self.say(keys::INTERVAL), true));
        if let Some(year) = last {
            columns.push(Self::column(year, true));
            columns.push(Self::column(self.say(keys::CHANGE), true));
        }
        let text = text_of(definition, &asked.code);
        PaperTable { lang: self.lang, caption: self.half(&text).to_owned(), columns, rows }
    }
}

/// The report in these languages, one after the other.
#[must_use]
pub fn paper(strings: &Strings, annual: &Annual, langs: &[Lang]) -> Paper {
    let (mut blocks, mut titles) = (Vec::new(), Vec::new());
    for lang in langs {
        let words = Words { strings, lang: *lang, annual };
        if !blocks.is_empty() {
            blocks.push(Block::PageBreak);
        }
        titles.push(words.title());
        blocks.extend(words.blocks());
    }
    Paper { title: titles.join(" / "), lang: langs.first().copied().unwrap_or(Lang::Cy), blocks }
}
