//! Who holds a post, who is there, and who would be named now: looked up once for all the records of a look.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::access::Role;
use crate::db::Work;
use crate::directory::officers;
use crate::directory::schools;
use crate::identity;
use crate::kernel::{OfficerId, PersonId, Result, SchoolId};
use crate::notices::Recipient;
use crate::warrn::model::Part;
use crate::warrn::recipients::{How, first_dsp, first_psychologist, is_there, leads};
use crate::warrn::settings::WarrnSettings;

/// Who holds which post now, looked up once.
#[derive(Default)]
pub(super) struct Posts {
    dsps: HashMap<SchoolId, Vec<(PersonId, bool)>>,
    officers: HashMap<OfficerId, bool>,
    listed: Option<Vec<OfficerId>>,
    leads: Option<Vec<Recipient>>,
    next: HashMap<(SchoolId, Part), Option<(Recipient, How)>>,
    there: HashMap<(SchoolId, Recipient), bool>,
}

impl Posts {
    /// Who would be named first for a part of a school's record now.
    pub(super) fn next(
        &mut self,
        work: &mut Work<'_>,
        settings: &WarrnSettings,
        (school, part): (SchoolId, Part),
    ) -> Result<Option<(Recipient, How)>> {
        if let Some(next) = self.next.get(&(school, part)) {
            return Ok(*next);
        }
        let of_school = schools::by_id(work, school)?;
        let next = match part {
            Part::Dsp => first_dsp(work, &of_school)?,
            Part::Ep => first_psychologist(work, settings, &of_school)?,
        };
        self.next.insert((school, part), next);
        Ok(next)
    }

    /// Whether somebody holds the post of a part, present or on leave.
    pub(super) fn holds(&mut self, work: &mut Work<'_>, school: SchoolId, part: Part, to: Recipient) -> Result<bool> {
        match (part, to) {
            (Part::Dsp, Recipient::Person(person)) => {
                Ok(self.dsps(work, school)?.iter().any(|(dsp, _)| *dsp == person))
            }
            (Part::Ep, Recipient::Officer(officer)) => self.is_held(work, officer),
            (Part::Dsp, Recipient::Officer(_)) | (Part::Ep, Recipient::Person(_)) => Ok(false),
        }
    }

    /// Whether somebody is a school's DSP, and no deputy.
    pub(super) fn is_dsp(&mut self, work: &mut Work<'_>, school: SchoolId, to: Recipient) -> Result<bool> {
        Ok(self.dsps(work, school)?.iter().any(|(dsp, deputy)| Recipient::Person(*dsp) == to && !deputy))
    }

    fn dsps(&mut self, work: &mut Work<'_>, school: SchoolId) -> Result<&[(PersonId, bool)]> {
        Ok(match self.dsps.entry(school) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(identity::holders(work, Role::Dsp, school)?),
        })
    }

    fn is_held(&mut self, work: &mut Work<'_>, officer: OfficerId) -> Result<bool> {
        if let Some(held) = self.officers.get(&officer) {
            return Ok(*held);
        }
        if self.listed.is_none() {
            self.listed = Some(officers::all_listed(work)?.into_iter().map(|o| o.id).collect());
        }
        let listed = self.listed.as_ref().is_some_and(|listed| listed.contains(&officer));
        let held = listed && !identity::is_vacated(work, officer)?;
        self.officers.insert(officer, held);
        Ok(held)
    }

    /// Whether nobody of a part's recipients is there today, though one of them holds its post.
    pub(super) fn all_away(
        &mut self,
        work: &mut Work<'_>,
        (school, part): (SchoolId, Part),
        in_force: &[Recipient],
    ) -> Result<bool> {
        let mut held = false;
        for to in in_force {
            let there = match self.there.get(&(school, *to)) {
                Some(there) => *there,
                None => is_there(work, school, *to)?,
            };
            self.there.insert((school, *to), there);
            if there {
                return Ok(false);
            }
            held = held || self.holds(work, school, part, *to)?;
        }
        Ok(held)
    }

    pub(super) fn leads(&mut self, work: &mut Work<'_>) -> Result<Vec<Recipient>> {
        if self.leads.is_none() {
            self.leads = Some(leads(work)?);
        }
        Ok(self.leads.clone().unwrap_or_default())
    }
}
