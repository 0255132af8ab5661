//! Records close together, for the psychology service's lead: counts and references, and no way into a record.

use actix_web::get;
use askama::Template;
use dolen_domain::kernel::Reference;
use dolen_domain::warrn::alerts::{self, Alert, AlertPlace};

use crate::rest::Reply;

use super::desk::Desk;
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage {
    page: Page,
    alerts: Vec<Alert>,
    names: Names,
}

impl AlertsPage {
    fn place(&self, place: &AlertPlace) -> String {
        match place {
            AlertPlace::School(id) => self.page.tell(keys::ALERT_SCHOOL, "name", self.names.school(&self.page, id)),
            AlertPlace::Cluster(name) => self.page.tell(keys::ALERT_CLUSTER, "name", name),
        }
    }

    fn number(&self, records: &[Reference]) -> i64 {
        i64::try_from(records.len()).unwrap_or(i64::MAX)
    }
}

/// The last alerts. Their reading is on record before they are shown.
#[get("/alerts")]
pub async fn list(desk: Desk) -> Reply {
    let (alerts, names) = desk
        .visitor
        .app
        .write(&desk.caller, |work, _| {
            let found = alerts::alerts(work)?;
            let mut wanted = Wanted::default();
            for alert in &found {
                if let AlertPlace::School(id) = alert.place {
                    wanted.school(id);
                }
            }
            Ok((found, wanted.find(work)?))
        })
        .await?;
    Ok(Page::of(&desk).ok(|page| AlertsPage { page, alerts, names })?)
}
