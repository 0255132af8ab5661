//! Girls, boys and others, and the roles in bullying, as the authority's report has them.

use dolen_domain::kernel::{Bilingual, Lang};
use dolen_domain::surveys::packs;
use dolen_domain::surveys::releases::{
    Breakdown, Broad, BroadFigure, FEW, Kind, ROLE_OPTIONS, ROLES, Share, label_of, role_name, text_of,
};
use dolen_domain::surveys::reports::Annual;

use crate::paper::{Block, Column, Level, Table, said};

use super::Strings;
use super::strings::keys;

/// Both parts; nothing of a release from before there were any.
pub fn blocks(strings: &Strings, lang: Lang, annual: &Annual) -> Vec<Block> {
    let words = Words { strings, lang, annual };
    let part = |heading: &str, about: String, tables: Vec<Table>| {
        let mut blocks =
            vec![Block::Heading(Level::Two, said(lang, words.say(heading))), Block::Paragraph(said(lang, about))];
        let some = !tables.is_empty();
        blocks.extend(tables.into_iter().map(Block::Table));
        if some { blocks } else { Vec::new() }
    };
    let about = words.say(keys::ANNUAL_ROLES_ABOUT);
    let mut blocks = part(keys::ANNUAL_ROLES, about, words.roles().into_iter().collect());
    let about = strings.tell(lang, keys::ANNUAL_EQUALITY_ABOUT, &[("few", FEW.to_string().into())]);
    blocks.extend(part(keys::ANNUAL_EQUALITY, about, words.groups()));
    blocks
}

/// A group: the answer that makes it, and its figures.
type Group<'a> = (&'a str, &'a Breakdown);

struct Words<'a> {
    strings: &'a Strings,
    lang: Lang,
    annual: &'a Annual,
}

impl Words<'_> {
    fn say(&self, key: &str) -> String {
        self.strings.say(self.lang, key)
    }

    fn half<'t>(&self, pair: &'t Bilingual) -> &'t str {
        pair.of(self.lang)
    }

    fn all(&self) -> &[Breakdown] {
        &self.annual.released.header.breakdowns
    }

    fn columns(&self, first: &str, others: impl Iterator<Item = String>) -> Vec<Column> {
        let others = others.map(|name| Column { name, numeric: true });
        std::iter::once(Column { name: self.say(first), numeric: false }).chain(others).collect()
    }

    /// The share of an option, of so many or more, or the symbol in its place.
    fn share(&self, figure: Option<&BroadFigure>, option: &str) -> String {
        let Some(figure) = figure else { return String::new() };
        if let Some((symbol, _)) = figure.symbol() {
            return symbol.to_owned();
        }
        let Broad::Shown { least, shares } = figure.view() else { return String::new() };
        // Of an option that is not among them nothing can be said.
        let Some(range) = shares.iter().find(|s| s.option == option).map(Share::range) else { return "c".to_owned() };
        let told: &[(&'static str, _)] = &[("share", range.into()), ("base", least.to_string().into())];
        self.strings.tell(self.lang, keys::ANNUAL_BROAD, told)
    }

    /// The roles of all pupils, in the authority and each phase.
    fn roles(&self) -> Option<Table> {
        let areas: Vec<(&Breakdown, &BroadFigure)> =
            self.all().iter().filter(|b| b.by.is_none()).filter_map(|b| Some((b, figure(b, ROLES)?))).collect();
        let row = |role: &&str| {
            let name = role_name(role)?.to_owned_pair().of(self.lang).to_owned();
            let shares = areas.iter().map(|(_, figure)| self.share(Some(figure), role));
            Some(std::iter::once(name).chain(shares).collect())
        };
        let names = areas.iter().map(|(area, _)| self.half(&area.area).to_owned());
        (!areas.is_empty()).then(|| Table {
            lang: self.lang,
            caption: self.say(keys::ANNUAL_ROLES_TABLE),
            columns: self.columns(keys::ANNUAL_ROLE, names),
            rows: ROLE_OPTIONS.iter().filter_map(row).collect(),
        })
    }

    /// The headlines and roles, group by group: a table for each question that makes groups, of the authority and of each phase
    /// where any group is large enough.
    fn groups(&self) -> Vec<Table> {
        let mut tables: Vec<(&str, &Bilingual, Vec<Group<'_>>)> = Vec::new();
        for breakdown in self.all() {
            let Some((question, option)) = &breakdown.by else { continue };
            match tables.iter_mut().find(|(q, area, _)| q == question && **area == breakdown.area) {
                Some((.., groups)) => groups.push((option, breakdown)),
                None => tables.push((question, &breakdown.area, vec![(option, breakdown)])),
            }
        }
        tables.into_iter().filter_map(|(question, area, groups)| self.group(question, area, &groups)).collect()
    }

    fn group(&self, question: &str, area: &Bilingual, groups: &[Group<'_>]) -> Option<Table> {
        let told = |b: &Breakdown| b.figures.iter().any(|(_, f)| matches!(f.view(), Broad::Shown { .. }));
        let whole = groups.iter().any(|(_, b)| b.kind == Kind::Authority);
        if !whole && !groups.iter().any(|(_, b)| told(b)) {
            return None;
        }
        let definition = &self.annual.definition;
        let asked = packs::headlines(definition).into_iter().filter(|(q, _)| *q != question);
        let row = |(asked, option): (&str, &str)| {
            let cells = groups.iter().map(|(_, b)| self.share(figure(b, asked), option));
            let text = text_of(definition, asked);
            let label = format!("{} {}", self.half(&text), self.half(&label_of(definition, asked, option)));
            std::iter::once(label).chain(cells).collect::<Vec<_>>()
        };
        let role = |role: &&str| {
            let name = role_name(role)?.to_owned_pair().of(self.lang).to_owned();
            let told = groups.iter().any(|(_, b)| figure(b, ROLES).is_some());
            let cells = groups.iter().map(|(_, b)| self.share(figure(b, ROLES), role));
            told.then(|| std::iter::once(name).chain(cells).collect::<Vec<_>>())
        };
        let names = groups.iter().map(|(option, _)| self.half(&label_of(definition, question, option)).to_owned());
        let text = text_of(definition, question);
        Some(Table {
            lang: self.lang,
            caption: format!("{}: {}", self.half(area), self.half(&text)),
            columns: self.columns(keys::SHARE, names),
            rows: asked.map(row).chain(ROLE_OPTIONS.iter().filter_map(role)).collect(),
        })
    }
}

fn figure<'b>(breakdown: &'b Breakdown, question: &str) -> Option<&'b BroadFigure> {
    breakdown.figures.iter().find(|(q, _)| q == question).map(|(_, figure)| figure)
}
