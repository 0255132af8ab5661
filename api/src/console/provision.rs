//! Special provision of a WARRN record: its page, and a form for its beginning and each change.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Bilingual, Code, Fault, FaultCode, PersonId, ProvisionId, Reference, Result, WarrnId};
use dolen_domain::provision::{self, Kind, Placement, Provision, ProvisionFile};
use dolen_domain::warrn;
use uuid::Uuid;

use crate::app::App;
use crate::rest::provision::KIND;
use crate::rest::{Reply, etag, etag_matches};

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, a_date, a_text};
use super::names::{Names, Wanted};
use super::page::Page;
use super::provision_read as read;
use super::strings::keys;

const NO_CHOICE: (FaultCode, &str) = (FaultCode::Missing, keys::PROVISION_CHOOSE);

/// A form, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Its beginning.
    Start(Kind),
    /// A review.
    Review,
    /// Another last day.
    Extend,
    /// Its end.
    End,
}

impl Form {
    /// What can be done about provision there is.
    pub const CHANGES: [Self; 3] = [Self::Review, Self::Extend, Self::End];

    fn change(word: &str) -> Result<Self> {
        Self::CHANGES.into_iter().find(|f| f.word() == word).ok_or_else(|| Code::NotFound.into())
    }

    /// The last part of its address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start(kind) => kind.as_str(),
            Self::Review => "review",
            Self::Extend => "extend",
            Self::End => "end",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Start(_) => keys::PROVISION_NEW,
            Self::Review => keys::PROVISION_REVIEW,
            Self::Extend => keys::PROVISION_EXTEND,
            Self::End => keys::PROVISION_END,
        }
    }

    /// Its fields, with what is said of their faults.
    fn fields(self) -> Vec<Field> {
        let mut fields = match self {
            Self::Start(_) => vec![a_date("starts_on"), a_date("review_on"), a_date("ends_on"), a_text("plan")],
            Self::Review => vec![a_date("held_on"), a_text("note"), a_date("next_on")],
            Self::Extend => vec![a_date("ends_on"), a_text("reason"), a_text("consent_by"), a_date("consent_on")],
            Self::End => vec![
                a_date("on"),
                Field { name: "ending", texts: &[(FaultCode::NotInList, keys::PROVISION_CHOOSE)] },
                a_text("note"),
            ],
        };
        match self {
            Self::Start(Kind::HandlingPlan) => fields.extend([a_text("triggers"), a_text("techniques")]),
            Self::Start(Kind::ReducedTimetable) => {
                fields.extend([a_text("hours_per_week"), a_text("reason"), a_text("consent_by"), a_date("consent_on")]);
            }
            Self::Start(Kind::Eotas) => {
                fields.extend([Field { name: "placement", texts: &[NO_CHOICE] }, a_text("provider")]);
            }
            Self::Review | Self::Extend | Self::End => {}
        }
        fields
    }
}

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "provision_form.html")]
struct FormPage {
    page: Page,
    form: Form,
    record: WarrnId,
    around: Around,
    version: String,
    choices: Vec<Choice>,
    fields: Fields,
}

impl FormPage {
    fn title(&self) -> String {
        match self.form {
            Form::Start(kind) => self.page.half_of(kind.name()).to_owned(),
            form => self.page.say(form.title()),
        }
    }

    /// The address to go back to, without its language.
    fn back(&self) -> String {
        match &self.around.provision {
            Some(one) => format!("{}/provision/{}", self.record, one.id),
            None => self.record.to_string(),
        }
    }

    fn is_timetable(&self) -> bool {
        self.around.provision.as_ref().is_some_and(|p| p.kind == Kind::ReducedTimetable)
    }
}

/// What a form shows besides what was typed.
struct Around {
    reference: Reference,
    names: Names,
    school: dolen_domain::kernel::SchoolId,
    version: String,
    provision: Option<Provision>,
}

/// Which form of what.
type Which = (WarrnId, Form, Option<ProvisionId>);

/// The form for provision of a kind.
#[get("/warrn/{id}/provision/new/{kind}")]
pub async fn ask_new(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    page_of(&desk, new(&path)?, Fields::default(), None).await
}

/// Keeps provision with the record.
#[post("/warrn/{id}/provision/new/{kind}")]
pub async fn send_new(sent: Sent, path: web::Path<(Uuid, String)>) -> Reply {
    send(sent, new(&path)?).await
}

/// The form of a change.
#[get("/warrn/{id}/provision/{provision}/{change}")]
pub async fn ask_change(desk: Desk, path: web::Path<(Uuid, Uuid, String)>) -> Reply {
    page_of(&desk, change(&path)?, Fields::default(), None).await
}

/// Makes a change.
#[post("/warrn/{id}/provision/{provision}/{change}")]
pub async fn send_change(sent: Sent, path: web::Path<(Uuid, Uuid, String)>) -> Reply {
    send(sent, change(&path)?).await
}

fn new(path: &(Uuid, String)) -> Result<Which> {
    let kind = path.1.parse().map_err(|_| Code::NotFound)?;
    Ok((WarrnId::from_uuid(path.0), Form::Start(kind), None))
}

fn change(path: &(Uuid, Uuid, String)) -> Result<Which> {
    Ok((WarrnId::from_uuid(path.0), Form::change(&path.2)?, Some(ProvisionId::from_uuid(path.1))))
}

async fn send(sent: Sent, which: Which) -> Reply {
    let (record, form, one) = which;
    let (tag, fields) = (sent.version(), sent.fields.clone());
    let outcome = sent.once(move |work, app| {
        let (vault, settings) = (&app.vault, &app.settings.provision);
        let id = match (form, one) {
            (Form::Start(kind), _) => {
                // Who may not do this is told so before anything about what was typed.
                warrn::version(work, Action::StepWarrn, record)?;
                provision::start(work, vault, settings, record, read::start(kind, &fields)?)?.id
            }
            (form, one) => {
                let id = one.ok_or(Code::NotFound)?;
                let now = of_record(work, record, id)?.version;
                etag_matches(vault, KIND, id.uuid(), now, &tag)?;
                let which = (id, now);
                match form {
                    Form::Review => provision::review(work, vault, settings, which, &read::review(&fields)?)?,
                    Form::Extend => provision::extend(work, vault, settings, which, read::extension(&fields)?)?,
                    Form::Start(_) | Form::End => provision::end(work, vault, which, read::end(&fields)?)?,
                }
                .id
            }
        };
        Ok(Done::at(format!("/warrn/{record}/provision/{id}"), Flash::StepTaken))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => page_of(&sent.desk, which, sent.fields.clone(), Some(e.faults)).await,
        Err(e) if form::is_stale(e.code) => Ok(changed(&sent.desk, record)),
        outcome => Ok(outcome?),
    }
}

/// Provision for who may change it, when it is of this record.
fn of_record(work: &mut Work<'_>, record: WarrnId, id: ProvisionId) -> Result<Provision> {
    let one = provision::provision_after(work, id)?;
    if one.record == record { Ok(one) } else { Err(Code::NotFound.into()) }
}

fn changed(desk: &Desk, record: WarrnId) -> HttpResponse {
    Done::at(format!("/warrn/{record}"), Flash::Changed).respond(&desk.visitor)
}

async fn page_of(desk: &Desk, which: Which, fields: Fields, faults: Option<Vec<Fault>>) -> Reply {
    let (record, form, _) = which;
    let around = match desk.visitor.app.write(&desk.caller, move |work, app| around(work, app, which)).await {
        Err(e) if e.code == Code::StateConflict => return Ok(changed(desk, record)),
        around => around?,
    };
    let mut page = Page::of(desk);
    let shown = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let faults: Vec<Fault> = faults.unwrap_or_default().into_iter().map(read::at_its_field).collect();
    form::complain(&mut page, &form.fields(), &faults);
    let choice = |word: &str, name: Bilingual<&'static str>| Choice {
        value: word.to_owned(),
        text: page.half_of(name).to_owned(),
    };
    let choices = match (form, &around.provision) {
        (Form::Start(_), _) => Placement::ALL.iter().map(|p| choice(p.as_str(), p.name())).collect(),
        (Form::End, Some(one)) => provision::endings(one.kind).iter().map(|e| choice(e.as_str(), e.name())).collect(),
        _ => Vec::new(),
    };
    // A form typed on an old page keeps its version: what changed meanwhile must be seen before it counts.
    let kept = fields.get("version").to_owned();
    let version = if kept.is_empty() { around.version.clone() } else { kept };
    Ok(page.show(shown, |page| FormPage { page, form, record, around, version, choices, fields })?)
}

fn around(work: &mut Work<'_>, app: &App, (record, _, one): Which) -> Result<Around> {
    warrn::version(work, Action::StepWarrn, record)?;
    let envelope = warrn::envelope(work, record)?.record().clone();
    let provision = one.map(|id| of_record(work, record, id)).transpose()?;
    if envelope.closed_at.is_some() || provision.as_ref().is_some_and(|p| !p.is_open()) {
        return Err(Code::StateConflict.into());
    }
    let mut wanted = Wanted::default();
    wanted.school(envelope.school);
    let names = wanted.find(work)?;
    let version = provision.as_ref().map(|p| etag(&app.vault, KIND, p.id.uuid(), p.version)).unwrap_or_default();
    Ok(Around { reference: envelope.reference, names, school: envelope.school, version, provision })
}

#[derive(Template)]
#[template(path = "provision.html")]
struct ProvisionPage {
    page: Page,
    record: Reference,
    file: ProvisionFile,
    names: Names,
    /// Whether the reader may change it, and it has not ended.
    may: bool,
}

impl ProvisionPage {
    fn who(&self, id: &PersonId) -> String {
        self.names.person(*id).unwrap_or_else(|| self.page.say(keys::SOMEBODY))
    }

    /// Minutes as people write them: `12:30`.
    fn hours(&self) -> Option<String> {
        self.file.provision.minutes_per_week.map(|minutes| format!("{}:{:02}", minutes / 60, minutes % 60))
    }

    /// What it says, each part under its name.
    fn sections(&self) -> Vec<(&'static str, &str)> {
        let said = &self.file.content;
        let parts = [
            (keys::PROVISION_REASON, said.reason.as_deref()),
            (keys::PROVISION_PLAN, Some(said.plan.as_str())),
            (keys::TRIGGERS, said.triggers.as_deref()),
            (keys::PROVISION_TECHNIQUES, said.techniques.as_deref()),
            (keys::PROVISION_PROVIDER, said.provider.as_deref()),
            (keys::PROVISION_CONSENT_BY, said.consent_by.as_deref()),
        ];
        parts.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
    }
}

/// All there is of one. Its reading is on record before it is shown.
#[get("/warrn/{id}/provision/{provision}")]
pub async fn show(desk: Desk, path: web::Path<(Uuid, Uuid)>) -> Reply {
    let (record, id) = (WarrnId::from_uuid(path.0), ProvisionId::from_uuid(path.1));
    let open = move |work: &mut Work<'_>, app: &App| {
        let file = provision::file(work, &app.vault, id)?;
        if file.provision.record != record {
            return Err(Code::NotFound.into());
        }
        let mut wanted = Wanted::default();
        wanted.school(file.provision.school);
        wanted.person(file.provision.started_by);
        file.notes.iter().for_each(|n| wanted.person(n.noted_by));
        let may = file.provision.is_open() && provision::version(work, id).is_ok();
        let reference = warrn::envelope(work, record)?.record().reference.clone();
        Ok((file, wanted.find(work)?, reference, may))
    };
    let (file, names, record, may) = desk.visitor.app.write(&desk.caller, open).await?;
    Ok(Page::of(&desk).ok(|page| ProvisionPage { page, record, file, names, may })?)
}
