//! `migrate` and `user`.

use clap::{Args, Subcommand};
use dolen_domain::access::Role;
use dolen_domain::db::conn::establish;
use dolen_domain::db::{self};
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::identity::{self, AddPerson, Member, NewMembership, PasswordHash, Preference};
use dolen_domain::kernel::{Caller, Code, EmailAddress, Error, FreeText, OsChance, PersonId, Result, SchoolNumber};

use crate::app::App;
use crate::auth::accounts;

use super::{Global, Outcome, load, open, say};

/// The database's version.
#[derive(Subcommand)]
pub enum Migrate {
    /// Apply what waits.
    Up,
    /// Say what has run and what waits.
    Status,
}

/// Migrates as the owner and lets the service's role in, or says what waits.
pub fn migrate(global: &Global, what: &Migrate) -> Outcome {
    let settings = load(global)?.settings()?;
    let mut conn = establish(&settings.database.owner_url, false).map_err(|e| e.to_string())?;
    if matches!(what, Migrate::Up) {
        db::migrate(&mut conn).map_err(|e| e.to_string())?;
        if let Some(role) = &settings.database.service_role {
            db::roles::grant_service(&mut conn, role).map_err(|e| e.to_string())?;
            say(format_args!("{role} may use the tables, and add to the audit record"));
        }
    }
    let (known, pending) = db::waiting(&mut conn).map(|w| (db::known(), w)).map_err(|e| e.to_string())?;
    say(format_args!("{} applied", known - pending.len()));
    for name in &pending {
        say(format_args!("waits: {name}"));
    }
    // A restored database is brought up to date and told of its tombstones in one go.
    if matches!(what, Migrate::Up) && crate::tombstones::path(&settings).is_some_and(|path| path.exists()) {
        open(global)?;
    }
    Ok(())
}

/// Where a role holds.
#[derive(Args, Clone)]
pub struct Place {
    /// Role, such as `dsp` or `team_lead`; an unknown one is answered with the list.
    #[arg(long)]
    role: String,
    /// School number, for a school's role.
    #[arg(long)]
    school: Option<String>,
    /// Service code, for a service's role.
    #[arg(long)]
    service: Option<String>,
    /// E-mail of the officer on the contact list this person is.
    #[arg(long)]
    officer: Option<String>,
    /// As a deputy.
    #[arg(long)]
    deputy: bool,
}

impl Place {
    /// The membership, once its places are found.
    pub(super) fn membership(&self, work: &mut db::Work<'_>, who: Member) -> Result<NewMembership> {
        let bad = |what: &str| Error::internal(format!("there is no such {what}"));
        let school = match &self.school {
            Some(text) => {
                let number = SchoolNumber::parse(text).map_err(|_| bad("school number: seven digits"))?;
                Some(schools::by_number(work, &number)?.id)
            }
            None => None,
        };
        let service = match &self.service {
            Some(code) => Some(services::by_code(work, code)?.id),
            None => None,
        };
        let officer = match &self.officer {
            Some(email) => {
                let listed = officers::all_listed(work)?;
                let officer = listed.into_iter().find(|o| o.email.as_str().eq_ignore_ascii_case(email));
                Some(officer.ok_or_else(|| bad("officer on the contact list"))?.id)
            }
            None => None,
        };
        Ok(NewMembership {
            who,
            role: self.role.parse::<Role>().map_err(|_| unknown_role())?,
            school,
            service,
            officer,
            deputy: self.deputy,
        })
    }
}

/// Names every role.
fn unknown_role() -> Error {
    let words: Vec<_> = Role::ALL.iter().map(|r| r.as_str()).collect();
    Error::internal(format!("there is no such role; there are {}", words.join(", ")))
}

/// People who sign in.
#[derive(Subcommand)]
pub enum User {
    /// Add a person, or another role for a known one. A new person's password is the first line of standard input.
    Add {
        /// E-mail address they sign in with.
        #[arg(long)]
        email: String,
        /// Name as shown.
        #[arg(long)]
        name: String,
        /// Language of their mail: cy, en or both.
        #[arg(long, default_value = "both")]
        lang: String,
        #[command(flatten)]
        place: Place,
    },
    /// Set a person's password, the first line of standard input. Their sessions end.
    Password {
        /// E-mail address they sign in with.
        #[arg(long)]
        email: String,
    },
    /// Forget who a person is at the issuers they sign in by, before they are bound anew. Their sessions end.
    Unbind {
        /// E-mail address they are known by here.
        #[arg(long)]
        email: String,
        /// The issuer's identifier (its URL); all of them when not given.
        #[arg(long)]
        issuer: Option<String>,
    },
    /// End a role of a person, wherever they hold it; their sessions end at once.
    EndRole {
        /// E-mail address they sign in with.
        #[arg(long)]
        email: String,
        /// Role, such as `dsp` or `team_lead`.
        #[arg(long)]
        role: String,
    },
    /// Take a person's authenticator app away, when they lost it: they add a new one when they sign in next.
    ResetFactor {
        /// E-mail address they sign in with.
        #[arg(long)]
        email: String,
    },
    /// Print a one-time link with which an administrator who lost their authenticator app signs in and adds another. It
    /// works once, for 15 minutes; it is on record, and they are told by mail.
    BreakGlassLink {
        /// E-mail address they sign in with.
        email: String,
    },
    /// Let a person go: they can't sign in, and their sessions end at once.
    Deactivate {
        /// E-mail address they sign in with.
        #[arg(long)]
        email: String,
    },
}

/// The first line of standard input as a password's hash; nothing for an empty line.
fn password_from_input() -> std::result::Result<Option<PasswordHash>, String> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).map_err(|e| e.to_string())?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Ok(None);
    }
    let hash = identity::hash_password(password, &OsChance);
    hash.map(Some).map_err(|e| format!("the password: {e}; at least {} characters", identity::SHORTEST))
}

/// The person of an address.
fn person_of(work: &mut db::Work<'_>, email: &EmailAddress) -> Result<PersonId> {
    let known = identity::credentials(work, email)?;
    known.map(|k| k.person).ok_or_else(|| Error::internal("nobody signs in with that address"))
}

fn address(text: &str) -> std::result::Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|_| format!("`{text}` is no e-mail address"))
}

/// Adds a person, sets a password, or lets somebody go.
pub fn user(global: &Global, what: User) -> Outcome {
    let app = open(global)?;
    let caller = Caller::system("cli");
    let done = match what {
        User::Add { email, name, lang, place } => {
            let email = address(&email)?;
            let lang: Preference = lang.parse().map_err(|_| "lang is cy, en or both".to_owned())?;
            let name = FreeText::parse(&name).map_err(|_| "the name is empty or too long".to_owned())?;
            let lookup = email.clone();
            let known = app.db.read(&caller, |work| identity::credentials(work, &lookup)).map_err(|e| e.to_string())?;
            let password = if known.is_none() { password_from_input()? } else { None };
            app.db.write(&caller, move |work| {
                let person = match known {
                    Some(known) => known.person,
                    None => identity::add_person(work, &AddPerson { email, name, lang, password })?,
                };
                let membership = place.membership(work, Member::Person(person))?;
                identity::add_membership(work, &membership)?;
                Ok(person)
            })
        }
        User::Password { email } => {
            let email = address(&email)?;
            let hash = password_from_input()?.ok_or("the password is empty")?;
            app.db.write(&caller, move |work| {
                let person = person_of(work, &email)?;
                identity::set_password(work, person, &hash)?;
                Ok(person)
            })
        }
        User::Unbind { email, issuer } => {
            let email = address(&email)?;
            app.db.write(&caller, move |work| {
                let person = person_of(work, &email)?;
                identity::unbind_person(work, person, issuer.as_deref())?;
                Ok(person)
            })
        }
        User::EndRole { email, role } => {
            let email = address(&email)?;
            let role: Role = role.parse().map_err(|_| unknown_role().to_string())?;
            app.db.write(&caller, move |work| {
                let person = person_of(work, &email)?;
                identity::end_role(work, person, role)?;
                Ok(person)
            })
        }
        User::ResetFactor { email } => {
            let email = address(&email)?;
            app.db.write(&caller, move |work| {
                let person = person_of(work, &email)?;
                accounts::reset_factor(work, person)?;
                Ok(person)
            })
        }
        User::BreakGlassLink { email } => return break_glass_link(&app, address(&email)?),
        User::Deactivate { email } => {
            let email = address(&email)?;
            app.db.write(&caller, move |work| {
                let person = person_of(work, &email)?;
                identity::deactivate_person(work, person)?;
                Ok(person)
            })
        }
    };
    say(format_args!("done: {}", done.map_err(|e| e.to_string())?));
    Ok(())
}

/// Prints a one-time link; its owner is told by mail, so that one they did not ask for is noticed.
fn break_glass_link(app: &App, email: EmailAddress) -> Outcome {
    let made = app.db.write(&Caller::system("cli"), move |work| {
        let person = person_of(work, &email)?;
        let token = identity::new_sign_in_link(work, person)?;
        accounts::tell_changed(work, person)?;
        Ok(token)
    });
    let token = made.map_err(|e| match e.code {
        Code::Forbidden => "only for an administrator who may sign in".to_owned(),
        _ => e.to_string(),
    })?;
    say(format_args!(
        "{}/sign-in-link/{}\nIt works once, for {} minutes. Send it to nobody but them.",
        app.settings.server.public_url,
        token.reveal(),
        identity::LINK_MINUTES
    ));
    Ok(())
}
