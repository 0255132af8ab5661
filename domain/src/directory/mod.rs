//! Schools, their calendar, the services they refer to, and the contact list of officers
//! (`seeds/003`, "LEI Key Staff – Contact List").

pub mod calendar;
pub mod import;
pub mod officers;
pub mod schools;
pub mod services;
