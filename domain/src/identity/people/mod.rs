//! People who sign in.

mod model;
mod passwords;
mod service;
pub(super) mod store;

pub use model::{AddPerson, Person, PersonLine};
pub use passwords::{PasswordHash, SHORTEST, hash_password, verify_password};
pub use service::{
    add_person, change_password, deactivate_person, may_manage_people, own_password, people, set_language, set_password,
};
pub use store::{contact, people_by_ids};
