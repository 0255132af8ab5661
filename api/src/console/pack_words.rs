//! A pack in words: as blocks of a paper, for the page and the PDF alike, and as a tidy table.

use dolen_domain::instruments::Definition;
use dolen_domain::kernel::{Bilingual, Lang};
use dolen_domain::surveys::packs::{Found, Pack, Rule};
use dolen_domain::surveys::releases::{self, Asked, Figure, Kind, PublishedFigure, Released, Share, Table, label_of};

use crate::paper::{Band, Bar, Bars, Block, Cell, Column, Key, Level, Paper, Table as PaperTable, Tidy, said};

use super::Strings;
use super::dates::day;
use super::results::question_text;
use super::strings::keys;

/// The questions of the chart, by comparability key, and the option each counts.
const CHART: &[(&str, &str)] = &[
    ("bullied", releases::OFTEN),
    ("bullied_online", releases::OFTEN),
    ("bullied_others", releases::OFTEN),
    ("safe_school", "always"),
    ("belonging", "always"),
    ("trusted_adult", "yes"),
    ("told", "yes"),
    ("school_helped", "stopped"),
];

/// The chart's questions that a questionnaire asks, by their codes in it.
pub fn charted(definition: &Definition) -> Vec<(&str, &'static str)> {
    CHART.iter().filter_map(|(key, option)| Some((definition.keyed(key)?.code.as_str(), *option))).collect()
}

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
        question_text(self.lang, self.definition(), code).to_owned()
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

    /// The chart: the school's shares beside the authority's.
    #[must_use]
    pub fn chart(&self) -> Option<Bars> {
        let (own, whole) = (self.table(Kind::School)?, self.table(Kind::Authority)?);
        let mut alt = Vec::new();
        let bar = |(question, option): (&str, &str)| {
            let at = self.released().header.questions.iter().position(|q| q.code == question)?;
            let (mine, all) = (share(own, at, option), share(whole, at, option));
            let label = format!("{} {}", self.question(question), self.label(question, option));
            let text = mine.clone().map_or_else(|symbol| symbol, |share| share.range());
            alt.push(format!("{label}: {text}"));
            let band = |s: &Share| Band { from: s.band.from, to: s.band.to };
            Some(Bar { label, band: mine.as_ref().ok().map(band), compared: all.as_ref().ok().map(band), text })
        };
        let bars: Vec<Bar> = charted(self.definition()).into_iter().filter_map(bar).collect();
        Some(Bars {
            lang: self.lang,
            title: self.say(keys::PACK_CHART),
            alt: alt.join(". "),
            key: Some(Key { own: self.say(keys::PACK_OWN), compared: self.half(&whole.name).to_owned() }),
            bars,
        })
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
            Block::Paragraph(line(self.say(keys::RESULTS_ABOUT))),
        ];
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
        if !self.pack.advice.is_empty() {
            blocks.push(heading(Level::Two, self.say(keys::PACK_ADVICE)));
            for one in &self.pack.advice {
                blocks.push(heading(Level::Three, self.half(&one.approach.title).to_owned()));
                blocks.push(Block::Paragraph(line(self.half(&one.approach.about).to_owned())));
                let steps = one.approach.first_steps.iter().map(|step| line(self.half(step).to_owned()));
                blocks.push(Block::List(steps.collect()));
                blocks.push(Block::Paragraph(line(self.help(&one.help))));
            }
        }
        blocks.push(heading(Level::Two, self.say(keys::PACK_TABLES)));
        blocks.push(Block::Paragraph(line(self.legend())));
        let asked = header.questions.iter().enumerate();
        blocks.extend(asked.map(|(at, asked)| Block::Table(self.asked(at, asked))));
        blocks
    }

    fn legend(&self) -> String {
        let one = |symbol: &str, key: &str| format!("{symbol}: {}", self.say(key));
        [one("c", keys::LEGEND_C), one("z", keys::LEGEND_Z), one("x", keys::LEGEND_X)].join(". ")
    }

    /// Who can help.
    #[must_use]
    pub fn help(&self, help: &[Bilingual]) -> String {
        let names: Vec<&str> = help.iter().map(|name| self.half(name)).collect();
        self.strings.tell(self.lang, keys::PACK_HELP, &[("names", names.join(", ").into())])
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

/// Every figure of the pack as a tidy table, with the official symbols in the figures' places (`facts/ecosystem.md` §1.4).
#[must_use]
pub fn tidy(released: &Released) -> Tidy {
    let columns = [
        "time_period",
        "time_identifier",
        "geographic_level",
        "group",
        "year_group",
        "question",
        "option",
        "base_at_least",
        "share_at_least",
        "share_below",
        "quality",
    ];
    let header = &released.header;
    let period: String = header.academic_year.chars().filter(char::is_ascii_digit).collect();
    let mut rows = Vec::new();
    for table in &released.tables {
        for (asked, figure) in header.questions.iter().zip(&table.figures) {
            for option in &asked.options {
                let year = table.year_group.map_or_else(|| "Total".to_owned(), |y| y.to_string());
                let mut row: Vec<Cell> = [
                    period.as_str(),
                    "Academic year",
                    table.kind.as_str(),
                    table.code.as_str(),
                    year.as_str(),
                    asked.code.as_str(),
                    option.as_str(),
                ]
                .into_iter()
                .map(Cell::text)
                .collect();
                row.extend(match figure.view() {
                    Figure::Shown { base, shares } => {
                        let found = shares.iter().find(|s| s.option == *option);
                        let tenths = |n: u16| Cell::Tenths(i64::from(n));
                        let (from, to) = found.map_or((0, 0), |s| (s.band.from, s.band.to));
                        let quality = figure.quality().or_else(|| found.and_then(Share::symbol)).unwrap_or("");
                        let base = Cell::Whole(i64::try_from(base).unwrap_or(i64::MAX));
                        [base, tenths(from), tenths(to), Cell::text(quality)]
                    }
                    Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol } => {
                        [Cell::text(symbol), Cell::text(symbol), Cell::text(symbol), Cell::text("")]
                    }
                });
                rows.push(row);
            }
        }
    }
    Tidy { columns: columns.iter().map(|c| (*c).to_owned()).collect(), rows }
}
