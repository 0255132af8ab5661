//! GraphQL: the same services as REST, asked in one request, within limits.
//!
//! A field reads by itself (`visit::read`) or through the loader, and is null with an error beside it when refused. A
//! mutation tells the caller's own mistakes in `userErrors`. What is refused before anything runs is in [`limits`].

mod budget;
mod cases;
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
mod policy;
mod problems;
mod provision;
mod referrals;
mod reports;
mod returns;
mod serve;
mod survey_releases;
mod survey_report;
mod surveys;
#[cfg(test)]
mod tests;
mod visit;
mod warrn;

use actix_web::http::Method;
use actix_web::web;
use async_graphql::{EmptySubscription, MergedObject, SchemaBuilder};

use crate::app::App;

pub use policy::{EDGES, FIELDS};

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
    cases::CaseQuery,
    surveys::SurveyQuery,
    survey_releases::ReleaseQuery,
    survey_report::SurveyReportQuery,
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
    cases::CaseMutation,
    surveys::SurveyMutation,
);

/// The schema with its limits.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

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
