//! Children who are back within a week and whose record a part has not acknowledged: the first thing on the first page and
//! on the work list.

use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::kernel::Result;
use dolen_domain::warrn::Part;
use dolen_domain::warrn::returns::{self, Returning};

use super::desk::Desk;
use super::names::Wanted;
use super::page::Page;
use super::strings::keys;

/// Those of the reader, and whose names are wanted for them.
///
/// # Errors
/// When the database can't be read.
pub fn listed(work: &mut Work<'_>, desk: &Desk, wanted: &mut Wanted) -> Result<Vec<Returning>> {
    if !desk.may(Action::ReadWarrn) {
        return Ok(Vec::new());
    }
    let all = returns::returning(work)?;
    for returning in &all {
        wanted.school(returning.record.school);
    }
    Ok(all)
}

/// Whom a record waits for, in words.
#[must_use]
pub fn parts(page: &Page, parts: &[Part]) -> String {
    let word = |part: &Part| match part {
        Part::Dsp => page.say(keys::PART_DSP),
        Part::Ep => page.say(keys::PART_EP),
    };
    parts.iter().map(word).collect::<Vec<_>>().join("; ")
}
