//! The names behind the ids of a page: each kind looked up once.

use std::collections::HashMap;

use dolen_domain::db::Work;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::identity;
use dolen_domain::kernel::{Actor, Bilingual, OfficerId, PersonId, Result, SchoolId, ServiceId};

use super::page::Page;
use super::strings::keys;

/// What is asked for.
#[derive(Default)]
pub struct Wanted {
    schools: Vec<SchoolId>,
    officers: Vec<OfficerId>,
    people: Vec<PersonId>,
}

impl Wanted {
    /// A school.
    pub fn school(&mut self, id: SchoolId) {
        self.schools.push(id);
    }

    /// An officer, if there is one.
    pub fn officer(&mut self, id: impl IntoIterator<Item = OfficerId>) {
        self.officers.extend(id);
    }

    /// Who did something.
    pub fn actor(&mut self, actor: Actor) {
        if let Actor::Person(id) = actor {
            self.people.push(id);
        }
    }

    /// A person.
    pub fn person(&mut self, id: PersonId) {
        self.people.push(id);
    }

    /// Looks them up.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn find(self, work: &mut Work<'_>) -> Result<Names> {
        fn once<T: Copy + std::hash::Hash + Eq>(ids: Vec<T>) -> Vec<T> {
            ids.into_iter().collect::<std::collections::HashSet<_>>().into_iter().collect()
        }
        Ok(Names {
            schools: schools::by_ids(work, &once(self.schools))?.into_iter().map(|s| (s.id, s.name)).collect(),
            services: services::all(work)?.into_iter().map(|s| (s.id, s.name)).collect(),
            officers: officers::by_ids(work, &once(self.officers))?.into_iter().map(|o| (o.id, o.name)).collect(),
            people: identity::people_by_ids(work, &once(self.people))?.into_iter().map(|p| (p.id, p.name)).collect(),
        })
    }
}

/// The names found.
pub struct Names {
    schools: HashMap<SchoolId, Bilingual>,
    services: HashMap<ServiceId, Bilingual>,
    officers: HashMap<OfficerId, String>,
    people: HashMap<PersonId, String>,
}

impl Names {
    /// A school's.
    #[must_use]
    pub fn school(&self, page: &Page, id: &SchoolId) -> String {
        self.schools.get(id).map(|n| page.half(n).to_owned()).unwrap_or_default()
    }

    /// A service's.
    #[must_use]
    pub fn service(&self, page: &Page, id: &ServiceId) -> String {
        self.services.get(id).map(|n| page.half(n).to_owned()).unwrap_or_default()
    }

    /// An officer's.
    #[must_use]
    pub fn officer(&self, id: OfficerId) -> Option<String> {
        self.officers.get(&id).cloned()
    }

    /// A person's.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<String> {
        self.people.get(&id).cloned()
    }

    /// The name of who did something.
    #[must_use]
    pub fn actor(&self, page: &Page, actor: &Actor) -> String {
        match actor {
            Actor::Person(id) => self.person(*id).unwrap_or_else(|| page.say(keys::SOMEBODY)),
            Actor::Client(_) => page.say(keys::A_SCHOOLS_SYSTEM),
            Actor::System | Actor::Anonymous => page.say(keys::SERVICE_NAME),
        }
    }
}
