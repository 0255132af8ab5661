//! The people around a child in a case, and how they stand to the child.

use serde::{Deserialize, Serialize};

use crate::audit::{self, Reading};
use crate::db::Work;
use crate::db::types::Utc;
use crate::kernel::{
    Bilingual, CaseId, CasePersonId, Code, Error, FaultCode, Faults, FreeText, Result, pair, text_enum,
};
use crate::pupils;
use crate::vault::{Place, Sealed, Vault};

use super::model::Use;
use super::service::{keep, note, object, permit};
use super::store;

/// Longest name and way to reach somebody, in characters.
const SHORT: usize = 200;
/// Longest remark, in characters.
const REMARK: usize = 1000;
/// Most people of one case, those who have left with them (the product's own bound).
const MOST: i64 = 100;

text_enum! {
    /// How somebody stands to the child.
    pub enum Relation {
        /// A parent.
        Parent = "parent",
        /// A carer.
        Carer = "carer",
        /// The adult the child turns to at school.
        KeyAdult = "key_adult",
        /// Somebody else of the school.
        SchoolStaff = "school_staff",
        /// Somebody of a health service.
        HealthWorker = "health_worker",
        /// A social worker.
        SocialWorker = "social_worker",
        /// Somebody else.
        Other = "other",
    }
}

impl Relation {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Parent => pair("Rhiant", "Parent"),
            Self::Carer => pair("Gofalwr", "Carer"),
            Self::KeyAdult => pair("Oedolyn allweddol", "Key adult"),
            Self::SchoolStaff => pair("Staff yr ysgol", "School staff"),
            Self::HealthWorker => pair("Gweithiwr iechyd", "Health worker"),
            Self::SocialWorker => pair("Gweithiwr cymdeithasol", "Social worker"),
            Self::Other => pair("Arall", "Other"),
        }
    }
}

/// What is sealed of somebody. No `Debug` of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetails {
    /// Their name.
    pub name: String,
    /// How to reach them.
    pub contact: Option<String>,
    /// A remark: language, whom to ring first.
    pub remark: Option<String>,
}

impl std::fmt::Debug for PersonDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonDetails(…)")
    }
}

/// Somebody to add, not yet checked.
#[derive(Clone)]
pub struct NewPerson {
    /// How they stand to the child, as a word of [`Relation`].
    pub relation: String,
    /// Their name, 1 to 200 characters.
    pub name: String,
    /// How to reach them, up to 200 characters.
    pub contact: Option<String>,
    /// A remark, up to 1,000 characters.
    pub remark: Option<String>,
}

/// Somebody around the child.
#[derive(Debug, Clone)]
pub struct PersonAround {
    /// Their id in the case.
    pub id: CasePersonId,
    /// How they stand to the child.
    pub relation: Relation,
    /// Who.
    pub details: PersonDetails,
    /// Since when.
    pub added_at: Utc,
    /// Until when, if no longer.
    pub ended_at: Option<Utc>,
}

const fn place(id: CasePersonId) -> Place {
    Place { table: "case_people", column: "details", row: id.uuid() }
}

/// An optional text, left out when it is blank.
pub(super) fn optional<const N: usize>(pointer: &str, raw: Option<String>, faults: &mut Faults) -> Option<String> {
    let raw = raw.filter(|t| !t.trim().is_empty())?;
    faults.keep(pointer, FreeText::<N>::parse(&raw)).map(|t| t.as_str().to_owned())
}

/// Adds somebody to an open case.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of `access`; [`Code::StateConflict`] when the case is closed.
pub fn add_person(work: &mut Work<'_>, vault: &Vault, id: CaseId, new: NewPerson) -> Result<CasePersonId> {
    let (pass, case) = keep(work, id)?;
    let mut faults = Faults::default();
    let relation = faults.keep("/relation", new.relation.parse::<Relation>());
    let name = faults.keep("/name", FreeText::<SHORT>::parse(&new.name));
    let contact = optional::<SHORT>("/contact", new.contact, &mut faults);
    let remark = optional::<REMARK>("/remark", new.remark, &mut faults);
    store::envelope::lock_open(work, &pass)?;
    if store::people::count(work, &pass)? >= MOST {
        faults.add("", FaultCode::TooMany);
    }
    faults.finish()?;
    let (Some(relation), Some(name)) = (relation, name) else {
        return Err(Error::internal("a person without a fault was not sound"));
    };
    let person = CasePersonId::from_uuid(work.new_id());
    let details = PersonDetails { name: name.as_str().to_owned(), contact, remark };
    let key = pupils::key(work, vault, case.pupil)?;
    let sealed = vault.seal(&key, place(person), &details, work.chance())?;
    store::people::insert(work, &pass, person, relation, sealed)?;
    note(work, &pass, "person_added", None)?;
    audit::record(work, "case.add_person", object(&case), relation.as_str());
    Ok(person)
}

/// Says that somebody no longer stands to the child in this case. Their row stays.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`] when there is no such person in force.
pub fn end_person(work: &mut Work<'_>, id: CaseId, person: CasePersonId) -> Result<()> {
    let (pass, case) = keep(work, id)?;
    if !store::people::end(work, &pass, person)? {
        return Err(Code::NotFound.into());
    }
    note(work, &pass, "person_ended", None)?;
    audit::record(work, "case.end_person", object(&case), "");
    Ok(())
}

/// The people around the child, for who may open the case; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn people(work: &mut Work<'_>, vault: &Vault, id: CaseId) -> Result<Vec<PersonAround>> {
    let (_, pass) = permit(work, Use::Open, id)?;
    let case = store::envelope::find(work, &pass)?;
    let key = pupils::key(work, vault, case.pupil)?;
    let mut all = Vec::new();
    for row in store::people::people(work, &pass)? {
        let details = vault.open(&pass, &key, place(row.id), &row.details)?;
        let (id, relation, added_at, ended_at) = (row.id, row.relation, row.added_at, row.ended_at);
        all.push(PersonAround { id, relation, details, added_at, ended_at });
    }
    audit::read(work, Reading::CasePeople, object(&case), pass.basis());
    Ok(all)
}

/// A stored person, still sealed.
pub(super) struct StoredPerson {
    pub id: CasePersonId,
    pub relation: Relation,
    pub details: Sealed<PersonDetails>,
    pub added_at: Utc,
    pub ended_at: Option<Utc>,
}
