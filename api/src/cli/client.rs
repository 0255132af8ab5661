//! `client`: API clients, their secrets, and what schools consent to.

use clap::{Args, Subcommand};
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::identity::{self, Member, Networks, NewClient, RegisteredClient, SecretLife};
use dolen_domain::kernel::{
    Caller, ClientId, Cursor, Error, FreeText, PageRequest, Result, SchoolId, SchoolNumber, Scopes, Utc,
};

use super::admin::Place;
use super::{Global, Outcome, open, say};

/// API clients.
#[derive(Subcommand)]
pub enum Client {
    /// Add a client and print its secret, once. For a school it can do nothing until the school consents.
    Add {
        /// Name as shown.
        #[arg(long)]
        name: String,
        /// Scopes, separated by spaces.
        #[arg(long)]
        scopes: String,
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        place: Place,
    },
    /// List the clients.
    List,
    /// Give a client a new secret and print it, once. The old one works until the overlap is over.
    Rotate {
        /// Its id.
        #[arg(long)]
        id: String,
        /// How long the old secret still works, in hours; 0 ends it now.
        #[arg(long, default_value_t = 168)]
        overlap_hours: u32,
    },
    /// Say anew where a client may call from and when it ends; what is not given is lifted.
    Limit {
        /// Its id.
        #[arg(long)]
        id: String,
        #[command(flatten)]
        limits: Limits,
    },
    /// Record a school's consent that you hold on paper.
    Consent(AtSchool),
    /// Withdraw a school's consent: the client's next request finds the school closed.
    Withdraw(AtSchool),
    /// Stop a client: its tokens end at once.
    Deactivate {
        /// Its id.
        #[arg(long)]
        id: String,
    },
}

/// Where from and how long.
#[derive(Args, Clone)]
pub struct Limits {
    /// A network it may call from, such as 192.0.2.0/24; may be given several times. Any when not given.
    #[arg(long = "from")]
    from: Vec<String>,
    /// When it ends, as 2027-08-31T00:00:00Z; never when not given.
    #[arg(long)]
    expires: Option<String>,
}

impl Limits {
    fn read(&self) -> std::result::Result<(Networks, Option<Utc>), String> {
        let networks = Networks::read(self.from.iter().map(String::as_str));
        let networks = networks.map_err(|_| "--from: write networks as 192.0.2.0/24".to_owned())?;
        let expires = self.expires.as_deref().map(chrono::DateTime::parse_from_rfc3339).transpose();
        let expires = expires.map_err(|_| "--expires: write a time as 2027-08-31T00:00:00Z".to_owned())?;
        Ok((networks, expires.map(|at| Utc::from_micros(at.timestamp_micros()))))
    }
}

/// A client at a school.
#[derive(Args)]
pub struct AtSchool {
    /// The client's id.
    #[arg(long)]
    id: String,
    /// School number.
    #[arg(long)]
    school: String,
}

fn client_id(text: &str) -> std::result::Result<ClientId, String> {
    text.parse().map_err(|_| "that is no client's id".to_owned())
}

fn school_id(work: &mut Work<'_>, text: &str) -> Result<SchoolId> {
    let number = SchoolNumber::parse(text).map_err(|_| Error::internal("a school's number has seven digits"))?;
    Ok(schools::by_number(work, &number)?.id)
}

/// Does what is asked of a client.
pub fn client(global: &Global, what: Client) -> Outcome {
    match what {
        Client::Add { name, scopes, limits, place } => add(global, &name, &scopes, &limits, place),
        Client::List => list(global),
        Client::Rotate { id, overlap_hours } => rotate(global, &id, SecretLife { overlap_hours }),
        Client::Limit { id, limits } => {
            let (id, (networks, expires)) = (client_id(&id)?, limits.read()?);
            write(global, move |work| identity::limit_client(work, id, &networks, expires))
        }
        Client::Consent(AtSchool { id, school }) => {
            let id = client_id(&id)?;
            write(global, move |work| {
                let school = school_id(work, &school)?;
                identity::give_consent(work, school, id)
            })
        }
        Client::Withdraw(AtSchool { id, school }) => {
            let id = client_id(&id)?;
            write(global, move |work| {
                let school = school_id(work, &school)?;
                identity::withdraw_consent(work, school, id)
            })
        }
        Client::Deactivate { id } => {
            let id = client_id(&id)?;
            write(global, move |work| identity::deactivate_client(work, id))
        }
    }
}

fn write<T: Send + 'static>(
    global: &Global,
    f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
) -> std::result::Result<T, String> {
    open(global)?.db.write(&Caller::system("cli"), f).map_err(|e| e.to_string())
}

fn add(global: &Global, name: &str, scopes: &str, limits: &Limits, place: Place) -> Outcome {
    for scope in scopes.split_ascii_whitespace() {
        if !crate::openapi::SCOPES.iter().any(|(known, _)| *known == scope) {
            let known: Vec<_> = crate::openapi::SCOPES.iter().map(|(s, _)| *s).collect();
            return Err(format!("there is no scope `{scope}`; there are {}", known.join(", ")));
        }
    }
    let (networks, expires_at) = limits.read()?;
    let name = FreeText::parse(name).map_err(|_| "the name is empty or too long".to_owned())?;
    let new = NewClient { name, scopes: Scopes::parse(scopes), expires_at, networks };
    let (id, secret, of_school) = write(global, move |work| {
        let (client, secret) = identity::add_client(work, &new)?;
        let membership = place.membership(work, Member::Client(client))?;
        identity::add_membership(work, &membership)?;
        Ok((client, secret, membership.school.is_some()))
    })?;
    say(format_args!("client_id {id}\nclient_secret {}\nThe secret is shown this once.", secret.reveal()));
    if of_school {
        say(
            "The school must consent before the client can act for it: its headteacher or safeguarding person signs in.",
        );
    }
    Ok(())
}

fn rotate(global: &Global, id: &str, life: SecretLife) -> Outcome {
    let id = client_id(id)?;
    let (secret, ends_at) = write(global, move |work| identity::rotate_secret(work, id, life))?;
    say(format_args!("client_secret {}\nThe secret is shown this once.", secret.reveal()));
    say(format_args!("The old one works until {}.", ends_at.chrono().to_rfc3339()));
    Ok(())
}

fn list(global: &Global) -> Outcome {
    let app = open(global)?;
    let mut cursor = None;
    loop {
        let request = PageRequest::read(None, cursor.as_deref()).map_err(|e| e.to_string())?;
        let page = app.db.read(&Caller::system("cli"), |work| identity::clients(work, request));
        let page = page.map_err(|e| e.to_string())?;
        page.items.iter().for_each(show);
        cursor = page.next.map(Cursor::encode);
        if cursor.is_none() {
            return Ok(());
        }
    }
}

fn show(client: &RegisteredClient) {
    let state = if client.active { "active" } else { "stopped" };
    let ends = client.expires_at.map_or_else(|| "never".to_owned(), |at| at.chrono().to_rfc3339());
    let (schools, waiting) = (client.schools.len(), client.schools.iter().filter(|(_, consents)| !consents).count());
    let (id, name) = (client.id, &client.name);
    say(format_args!("{id} {state} ends {ends} schools {schools} without consent {waiting}: {name}"));
}
