//! What every page's layout needs to know.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_LANGUAGE;
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::kernel::{Bilingual, Error, Lang, Result, Utc};

use super::desk::{Desk, Visitor};
use super::flash::Flash;
use super::strings::{Strings, keys};
use super::{address, assets, dates};

/// An entry of the menu.
pub struct Entry {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub text: String,
    /// Whether the page is in it.
    pub current: bool,
}

/// Something wrong with what was typed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also its id in the page.
    pub field: Cow<'static, str>,
    /// What to do about it.
    pub text: String,
}

/// A page's frame, and the words in its language.
pub struct Page {
    visitor: Visitor,
    /// Who is signed in.
    pub person: Option<String>,
    /// What forms carry to show that this page made them.
    pub csrf: String,
    /// A fresh key, so that a form sent twice is done once.
    pub key: String,
    /// The menu.
    pub menu: Vec<Entry>,
    /// What is wrong with what was typed.
    pub errors: Vec<FieldError>,
}

impl Page {
    /// A page for anybody.
    #[must_use]
    pub fn public(visitor: &Visitor) -> Self {
        Self {
            visitor: visitor.clone(),
            person: None,
            csrf: String::new(),
            key: String::new(),
            menu: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A page for somebody signed in.
    #[must_use]
    pub fn of(desk: &Desk) -> Self {
        let mut bytes = [0_u8; 16];
        desk.visitor.app.db.chance().fill(&mut bytes);
        Self {
            person: Some(desk.session.name.clone()),
            csrf: desk.csrf(),
            key: dolen_domain::kernel::to_hex(&bytes),
            menu: if desk.lacking.is_none() { menu(desk) } else { Vec::new() },
            ..Self::public(&desk.visitor)
        }
    }

    /// The page's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.visitor.lang
    }

    /// Its tag.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.lang().tag()
    }

    /// The strings its texts are of.
    #[must_use]
    pub fn strings(&self) -> &Strings {
        &self.visitor.strings
    }

    /// A text.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.visitor.say(key)
    }

    /// A text with one value in it.
    #[must_use]
    pub fn tell(&self, key: &str, name: &'static str, value: impl std::fmt::Display) -> String {
        self.visitor.strings.tell(self.lang(), key, &[(name, value.to_string().into())])
    }

    /// A text with a number in it, as `count`.
    #[must_use]
    pub fn count(&self, key: &str, count: &i64) -> String {
        self.visitor.strings.tell(self.lang(), key, &[("count", (*count).into())])
    }

    /// A text with two numbers in it: `some`, and what they are `of`.
    #[must_use]
    pub fn two(&self, key: &str, some: impl std::fmt::Display, of: impl std::fmt::Display) -> String {
        let args = [("some", some.to_string().into()), ("of", of.to_string().into())];
        self.visitor.strings.tell(self.lang(), key, &args)
    }

    /// From one day to another.
    #[must_use]
    pub fn span(&self, from: &chrono::NaiveDate, to: &chrono::NaiveDate) -> String {
        let args = [("from", self.day(from).into()), ("to", self.day(to).into())];
        self.visitor.strings.tell(self.lang(), keys::SPAN, &args)
    }

    /// The half of a pair for this page.
    #[must_use]
    pub fn half<'a>(&self, pair: &'a Bilingual) -> &'a str {
        pair.of(self.lang())
    }

    /// The half of a fixed pair for this page.
    #[must_use]
    pub fn half_of(&self, pair: Bilingual<&'static str>) -> &'static str {
        pair.of(self.lang())
    }

    /// The address of another page in this language.
    #[must_use]
    pub fn link(&self, bare: impl AsRef<str>) -> String {
        address::of(self.lang(), bare.as_ref())
    }

    /// The address of this page in the other language.
    #[must_use]
    pub fn other_link(&self) -> String {
        address::of(self.lang().other(), &self.visitor.here)
    }

    /// The address of another page in the other language.
    #[must_use]
    pub fn other_of(&self, bare: &str) -> String {
        address::of(self.lang().other(), bare)
    }

    /// The other language in its own words.
    #[must_use]
    pub fn other_name(&self) -> &'static str {
        match self.lang().other() {
            Lang::Cy => "Cymraeg",
            Lang::En => "English",
        }
    }

    /// The address of a style or script.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::address(name).unwrap_or_default()
    }

    /// The address of the component library, in a build that has it.
    #[must_use]
    pub fn components(&self) -> Option<String> {
        assets::address("govuk-frontend.min.js")
    }

    /// Whose service this is.
    #[must_use]
    pub fn council(&self) -> &str {
        self.half(&self.visitor.app.settings.authority.name)
    }

    /// What the page before has to say.
    #[must_use]
    pub fn flash(&self) -> Option<Flash> {
        self.visitor.flash
    }

    /// Its sentence.
    #[must_use]
    pub fn done(&self, flash: &Flash) -> String {
        flash.number().map_or_else(|| self.say(flash.key()), |number| self.count(flash.key(), &number.into()))
    }

    /// Where a pupil goes who leaves in a hurry.
    #[must_use]
    pub fn exit(&self) -> &str {
        &self.visitor.app.settings.survey.exit_url
    }

    /// A day in words.
    #[must_use]
    pub fn day(&self, date: &chrono::NaiveDate) -> String {
        dates::day(self.lang(), *date)
    }

    /// The day of an instant in words.
    #[must_use]
    pub fn day_of(&self, at: &Utc) -> String {
        dates::day_of(self.lang(), *at)
    }

    /// The day and hour of an instant in words.
    #[must_use]
    pub fn moment(&self, at: &Utc) -> String {
        let args = [("day", self.day_of(at).into()), ("hour", dates::hour(*at).into())];
        self.visitor.strings.tell(self.lang(), keys::DAY_AND_HOUR, &args)
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&FieldError> {
        self.errors.iter().find(|e| e.field == field)
    }

    /// Answers with a view of this page.
    ///
    /// # Errors
    /// When the template can't be written.
    pub fn show<T: Template>(self, status: StatusCode, view: impl FnOnce(Self) -> T) -> Result<HttpResponse> {
        let (tag, flash) = (self.tag(), self.flash());
        let secure = self.visitor.app.settings.server.is_https();
        let text = view(self).render().map_err(Error::internal)?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8").insert_header((CONTENT_LANGUAGE, tag));
        if let Some(flash) = flash {
            response.cookie(flash.shown(secure));
        }
        Ok(response.body(text))
    }

    /// Answers with a view of this page: found as asked for.
    ///
    /// # Errors
    /// As [`Self::show`].
    pub fn ok<T: Template>(self, view: impl FnOnce(Self) -> T) -> Result<HttpResponse> {
        self.show(StatusCode::OK, view)
    }
}

fn menu(desk: &Desk) -> Vec<Entry> {
    let here = desk.visitor.here.split('?').next().unwrap_or_default();
    let works = desk.may(Action::ReadReferral) || desk.may(Action::ReadWarrn);
    let oversees = [Action::StartEmergency, Action::ReviewEmergency, Action::ReadAccessReport];
    let all: [(&str, &str, &[&str], bool); 12] = [
        ("/", keys::MENU_HOME, &[], true),
        ("/work", keys::MENU_WORK, &["/work", "/referrals", "/warrn"], works),
        ("/alerts", keys::MENU_ALERTS, &["/alerts"], desk.may(Action::ReadAlerts)),
        ("/concerns", keys::MENU_CONCERNS, &[], desk.may(Action::ReadConcerns)),
        ("/surveys", keys::MENU_SURVEYS, &["/surveys"], desk.may(Action::ReadCampaign)),
        ("/reports/reintegration", keys::MENU_REPORTS, &["/reports"], desk.may(Action::ReadReturnReport)),
        (
            "/emergencies",
            keys::MENU_OVERSIGHT,
            &["/emergencies", "/access-report"],
            oversees.into_iter().any(|a| desk.may(a)),
        ),
        ("/mail", keys::MENU_MAIL, &["/mail"], desk.may(Action::ReadNotices)),
        ("/systems", keys::MENU_SYSTEMS, &["/systems"], desk.may(Action::ConsentClient)),
        ("/people", keys::MENU_PEOPLE, &["/people"], desk.may(Action::ManagePeople)),
        ("/records", keys::MENU_RECORDS, &["/records"], desk.may(Action::ManageRetention)),
        ("/subject-access", keys::MENU_SUBJECT_ACCESS, &["/subject-access"], desk.may(Action::HandleSubjectAccess)),
    ];
    all.into_iter()
        .filter(|(.., offered)| *offered)
        .map(|(href, key, below, _)| Entry {
            href: address::of(desk.visitor.lang, href),
            text: desk.visitor.say(key),
            current: here == href || below.iter().any(|b| here == *b || here.starts_with(&format!("{b}/"))),
        })
        .collect()
}
