//! To an issuer and back.

use actix_web::http::header::{LOCATION, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::identity;
use dolen_domain::kernel::{Code, Error};
use serde::Deserialize;

use crate::auth::issuers::Answered;
use crate::auth::{Signed, Unproved, cookie};
use crate::rest::Reply;

use super::address;
use super::desk::Visitor;

/// How someone goes.
#[derive(Deserialize)]
pub struct Going {
    /// The page they asked for.
    next: Option<String>,
    /// Whether the issuer should have them prove who they are again.
    again: Option<String>,
}

/// To the issuer. A link, not a form: the browser follows a form to no other site.
#[get("/sign-in/{issuer}")]
pub async fn go(request: HttpRequest, visitor: Visitor, code: web::Path<String>, going: web::Query<Going>) -> Reply {
    let app = &visitor.app;
    app.attempts.attempt(crate::auth::peer(app, &request))?;
    let issuer = app.issuers.get(&code).ok_or(Code::NotFound)?;
    let next = going.next.as_deref().and_then(address::local).unwrap_or_default();
    let wish = (next, going.again.is_some());
    let sent = app.send_to_issuer(&issuer, visitor.lang, wish, cookie::away(app, &request)).await?;
    let keep = cookie::go_away(app, &sent.browser);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, sent.to)).cookie(keep).finish())
}

/// Back from it. A session the browser had before is ended: nobody goes on as somebody else.
#[get("/sign-in/{issuer}/return")]
pub async fn come_back(
    request: HttpRequest,
    visitor: Visitor,
    code: web::Path<String>,
    answered: web::Query<Answered>,
) -> Reply {
    let app = &visitor.app;
    app.attempts.attempt(crate::auth::peer(app, &request))?;
    let issuer = app.issuers.get(&code).ok_or(Code::NotFound)?;
    let agent = request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let with = (cookie::away(app, &request), identity::device_of(agent));
    let (token, next) = app.take_from_issuer(&issuer, visitor.lang, answered.into_inner(), with).await?;
    if let Ok(Unproved(Signed { caller, session: Some(before) }, _)) = Unproved::of(&request).await {
        app.write(&caller, move |work, _| identity::end_session(work, before.id)).await?;
    }
    let to = address::of(visitor.lang, if next.is_empty() { "/" } else { &next });
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, to)).cookie(cookie::issue(app, &token)).cookie(cookie::come_back(app));
    Ok(response.finish())
}

/// On to the issuer's own page for signing out, when it has one (`OpenID Connect RP-Initiated Logout` §2).
#[get("/sign-out/{issuer}")]
pub async fn leave(visitor: Visitor, code: web::Path<String>) -> Reply {
    let app = &visitor.app;
    let issuer = app.issuers.get(&code).ok_or(Code::NotFound)?;
    let description = issuer.description(app.db.clock().now()).await?;
    let end = description.end_session_endpoint.as_deref().ok_or(Code::NotFound)?;
    let mut to = reqwest::Url::parse(end).map_err(Error::unavailable)?;
    let back = format!("{}{}", app.settings.server.public_url, address::of(visitor.lang, "/sign-in"));
    to.query_pairs_mut()
        .append_pair("client_id", &issuer.settings.client_id)
        .append_pair("post_logout_redirect_uri", &back);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, String::from(to))).finish())
}
