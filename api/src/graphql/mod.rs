//! GraphQL: the same services as REST, asked in one request, within limits.
//!
//! A field reads by itself (`visit::read`) or through the loader, and is null with an error beside it when refused. A
//! mutation tells the caller's own mistakes in `userErrors`. What is refused before anything runs is in [`limits`].

mod budget;
mod directory;
mod enums;
mod lexer;
mod limits;
mod loaders;
mod notices;
mod once;
mod oversight;
mod paging;
mod plain;
mod problems;
mod provision;
mod referrals;
mod reports;
mod returns;
mod serve;
mod surveys;
#[cfg(test)]
mod tests;
mod visit;
mod warrn;

use actix_web::http::Method;
use actix_web::web;
use async_graphql::{EmptySubscription, MergedObject, SchemaBuilder};
use dolen_domain::access::Action;

use crate::app::App;

/// Everything that can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    directory::DirectoryQuery,
    referrals::ReferralQuery,
    warrn::WarrnQuery,
    returns::ReturnQuery,
    reports::ReportQuery,
    provision::ProvisionQuery,
    oversight::OversightQuery,
    surveys::SurveyQuery,
    notices::NoticeQuery,
);

/// Everything that can be changed. Each change is carried out once for its `idempotencyKey`.
#[derive(Default, MergedObject)]
pub struct Mutation(
    referrals::ReferralMutation,
    warrn::WarrnMutation,
    returns::ReturnMutation,
    provision::ProvisionMutation,
    oversight::OversightMutation,
    surveys::SurveyMutation,
);

/// The schema with its limits.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Every field of `Query` and `Mutation` with the action it needs; `None` for anyone signed in.
pub const FIELDS: &[(&str, Option<Action>)] = &[
    ("me", None),
    ("schools", Some(Action::ReadDirectory)),
    ("school", Some(Action::ReadDirectory)),
    ("services", Some(Action::ReadDirectory)),
    ("officers", Some(Action::ReadDirectory)),
    ("referral", Some(Action::ReadReferral)),
    ("referrals", Some(Action::ReadReferral)),
    ("warrnRecord", Some(Action::ReadWarrn)),
    ("warrnRecords", Some(Action::ReadWarrn)),
    ("returning", Some(Action::ReadWarrn)),
    ("ownReturnSteps", Some(Action::StepWarrn)),
    ("alerts", Some(Action::ReadAlerts)),
    ("reintegrationReport", Some(Action::ReadReturnReport)),
    ("provisions", Some(Action::ReadWarrnContent)),
    ("provision", Some(Action::ReadWarrnContent)),
    ("emergencyAccess", Some(Action::ReadEmergency)),
    ("emergencyAccesses", Some(Action::ReadEmergency)),
    ("referralReaders", Some(Action::ReadReferralReaders)),
    ("warrnReaders", Some(Action::ReadWarrnReaders)),
    ("childReaders", Some(Action::ReadChildReaders)),
    ("accessReport", Some(Action::ReadAccessReport)),
    ("surveyCampaigns", Some(Action::ReadCampaign)),
    ("surveyCampaign", Some(Action::ReadCampaign)),
    ("notices", Some(Action::ReadNotices)),
    ("openReferral", Some(Action::OpenReferral)),
    ("acceptReferral", Some(Action::DecideReferral)),
    ("requestReferralInformation", Some(Action::DecideReferral)),
    ("answerReferral", Some(Action::AnswerReferral)),
    ("declineReferral", Some(Action::DecideReferral)),
    ("redirectReferral", Some(Action::DecideReferral)),
    ("sendWarrnRecord", Some(Action::SendWarrn)),
    ("acknowledgeWarrnRecord", Some(Action::AcknowledgeWarrn)),
    ("assessWarrnRisk", Some(Action::StepWarrn)),
    ("holdWarrnMeeting", Some(Action::StepWarrn)),
    ("agreeWarrnPlan", Some(Action::StepWarrn)),
    ("recordWarrnReturn", Some(Action::StepWarrn)),
    ("endWarrnPartTime", Some(Action::StepWarrn)),
    ("reviewWarrnReturn", Some(Action::StepWarrn)),
    ("closeWarrnRecord", Some(Action::StepWarrn)),
    ("moveWarrnReturn", Some(Action::MoveWarrnReturn)),
    ("referFromWarrnRecord", Some(Action::StepWarrn)),
    ("startProvision", Some(Action::StepWarrn)),
    ("reviewProvision", Some(Action::StepWarrn)),
    ("extendProvision", Some(Action::StepWarrn)),
    ("endProvision", Some(Action::StepWarrn)),
    ("startEmergencyAccess", Some(Action::StartEmergency)),
    ("reviewEmergencyAccess", Some(Action::ReviewEmergency)),
    ("createSurveyCampaign", Some(Action::ManageCampaign)),
];

/// Every other field that decides for itself, with the action it needs beside that of the field it stands below. All the
/// rest is given with the object it is a field of.
pub const EDGES: &[(&str, Action)] = &[
    ("Referral.school", Action::ReadDirectory),
    ("Referral.service", Action::ReadDirectory),
    ("Referral.officer", Action::ReadDirectory),
    ("Referral.events", Action::ReadReferral),
    ("Referral.content", Action::ReadReferralContent),
    ("WarrnRecord.school", Action::ReadDirectory),
    ("WarrnRecord.version", Action::ReadWarrn),
    ("WarrnRecord.agreement", Action::ReadWarrn),
    ("WarrnRecord.recipients", Action::ReadWarrn),
    ("WarrnRecord.content", Action::ReadWarrnContent),
    ("WarrnRecord.progress", Action::ReadWarrn),
    ("WarrnRecord.returnFile", Action::ReadWarrnContent),
    ("EmergencyAccess.reason", Action::ReadEmergencyReason),
    ("SurveyCampaign.progress", Action::ReadProgress),
    ("SurveyCampaign.results", Action::ReadResults),
];

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
}

/// The schema, with the limits of the settings.
#[must_use]
pub fn schema(app: &App) -> Schema {
    let limits = &app.settings.limits;
    builder()
        .limit_depth(limits.graphql_depth)
        .limit_complexity(limits.graphql_complexity)
        .limit_recursive_depth(limits::RECURSION)
        .limit_directives(limits::DIRECTIVES)
        .disable_introspection()
        .disable_suggestions()
        .extension(budget::Budget(limits.graphql_objects))
        .finish()
}

/// The schema's text.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl()
}

/// Where it is served.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/v1/graphql")
                .route(web::post().to(serve::execute))
                .default_service(web::to(async || serve::not_allowed(&Method::POST))),
        )
        .service(
            web::resource("/v1/graphql/schema.graphql")
                .route(web::get().to(serve::schema_text))
                .default_service(web::to(async || serve::not_allowed(&Method::GET))),
        );
}
