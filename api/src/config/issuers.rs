//! The issuers people may sign in by: `auth.issuers`, a list of tables in `dolen.toml` or the same as JSON.

use std::path::PathBuf;

use dolen_domain::access::Role;
use dolen_domain::identity::{IssuerTrust, RoleMapping};
use dolen_domain::kernel::{Bilingual, SchoolNumber};
use secrecy::SecretString;
use serde::Deserialize;

/// One issuer, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    name_cy: String,
    name_en: String,
    issuer: String,
    client_id: String,
    #[serde(default)]
    client_secret_file: Option<PathBuf>,
    #[serde(default)]
    scopes: Option<String>,
    #[serde(default)]
    role_claim: Option<String>,
    #[serde(default)]
    roles: Vec<WrittenRole>,
    #[serde(default)]
    email_domains: Vec<String>,
    #[serde(default)]
    email_trusted: bool,
    #[serde(default)]
    second_factor_amr: Vec<String>,
    #[serde(default)]
    second_factor_acr: Vec<String>,
}

/// What a value of the role claim stands for, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRole {
    value: String,
    role: String,
    #[serde(default)]
    school: Option<String>,
    #[serde(default)]
    service: Option<String>,
    #[serde(default)]
    deputy: bool,
}

/// One issuer.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// Its word in addresses (`/sign-in/CODE`).
    pub code: String,
    /// Its name on the button.
    pub name: Bilingual,
    /// How far it is believed; with its identifier, to which its documents and tokens must agree letter by letter.
    pub trust: IssuerTrust,
    /// Who we are to it.
    pub client_id: String,
    /// What proves it; nothing for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// What is asked for.
    pub scopes: String,
    /// The claim that holds roles.
    pub role_claim: String,
    /// What its values stand for.
    pub roles: Vec<RoleMapping>,
    /// Values of `amr` that say a second factor was proved.
    pub second_factor_amr: Vec<String>,
    /// Values of `acr` or `acrs` that say so.
    pub second_factor_acr: Vec<String>,
}

/// Whether an address of the web may be asked: over TLS, or on this machine.
#[must_use]
pub fn may_ask(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    bare && (url.scheme() == "https" && url.has_host() || is_loopback(&url))
}

/// Whether it is plain HTTP to this machine.
#[must_use]
pub fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "http" && host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Reads the list; what is wrong with it goes to `faults`.
pub(super) fn read(text: &str, faults: &mut Vec<String>) -> Vec<IssuerSettings> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let written: Vec<Written> = match serde_json::from_str(text) {
        Ok(written) => written,
        Err(e) => {
            faults.push(format!("auth.issuers: {e}"));
            return Vec::new();
        }
    };
    let mut issuers: Vec<IssuerSettings> = Vec::new();
    for one in written {
        let code = one.code.clone();
        match settings(one) {
            Ok(one) if issuers.iter().any(|i| i.code == one.code || i.trust.issuer == one.trust.issuer) => {
                faults.push(format!("auth.issuers: `{code}` is there twice, by code or by issuer"));
            }
            Ok(one) => issuers.push(one),
            Err(fault) => faults.push(format!("auth.issuers: `{code}`: {fault}")),
        }
    }
    issuers
}

fn settings(one: Written) -> Result<IssuerSettings, String> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if one.code.is_empty() || one.code.len() > 32 || !one.code.chars().all(word) {
        return Err("code: 1 to 32 small letters, digits or hyphens".to_owned());
    }
    if one.name_cy.trim().is_empty() || one.name_en.trim().is_empty() {
        return Err("name_cy and name_en: both are shown".to_owned());
    }
    if !may_ask(&one.issuer) || one.issuer.contains('?') {
        return Err("issuer: an https:// address without query, as in its discovery document".to_owned());
    }
    if one.client_id.is_empty() {
        return Err("client_id: who we are to the issuer".to_owned());
    }
    let client_secret = one.client_secret_file.map(|path| {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("client_secret_file: {}: {e}", path.display()))?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() { Err("client_secret_file: it is empty".to_owned()) } else { Ok(SecretString::from(text)) }
    });
    let scopes = one.scopes.unwrap_or_else(|| "openid email profile".to_owned());
    if !scopes.split(' ').any(|s| s == "openid") {
        return Err("scopes: `openid` must be among them".to_owned());
    }
    Ok(IssuerSettings {
        code: one.code,
        name: Bilingual { cy: one.name_cy, en: one.name_en },
        trust: IssuerTrust { issuer: one.issuer, email_domains: one.email_domains, email_trusted: one.email_trusted },
        client_id: one.client_id,
        client_secret: client_secret.transpose()?,
        scopes,
        role_claim: one.role_claim.unwrap_or_else(|| "roles".to_owned()),
        roles: one.roles.into_iter().map(mapping).collect::<Result<_, _>>()?,
        second_factor_amr: one.second_factor_amr,
        second_factor_acr: one.second_factor_acr,
    })
}

fn mapping(one: WrittenRole) -> Result<RoleMapping, String> {
    let role: Role = one.role.parse().map_err(|_| format!("roles: there is no role `{}`", one.role))?;
    let school = one.school.map(|s| SchoolNumber::parse(&s).map_err(|_| format!("roles: `{s}` is no school's number")));
    let school = school.transpose()?;
    let (anywhere, placed) = (one.value.contains("{school}"), school.is_some());
    let of_school = matches!(role, Role::SchoolSubmitter | Role::Dsp | Role::Headteacher);
    if of_school && !anywhere && !placed {
        return Err(format!("roles: `{role}` is a role at a school: name it, or put {{school}} into the value"));
    }
    if anywhere && placed {
        return Err("roles: a school is named twice".to_owned());
    }
    if matches!(role, Role::Officer | Role::TeamLead) && one.service.is_none() {
        return Err(format!("roles: `{role}` is a role in a service: name it"));
    }
    if role == Role::Integration {
        return Err("roles: `integration` is for API clients alone".to_owned());
    }
    if one.value.trim().is_empty() {
        return Err("roles: an empty value".to_owned());
    }
    Ok(RoleMapping { value: one.value, role, school, service: one.service, deputy: one.deputy })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        read(text, &mut faults);
        faults
    }

    fn one(change: &str) -> String {
        let base = r#""code":"entra","name_cy":"Cyfrif y cyngor","name_en":"Council account","client_id":"c""#;
        let issuer = if change.contains("\"issuer\"") { "" } else { r#","issuer":"https://i.example/v2.0""# };
        format!("[{{{base}{issuer}{change}}}]")
    }

    #[test]
    fn an_issuer_is_read_and_what_is_wrong_is_said() {
        assert!(faults("").is_empty());
        assert!(faults(&one("")).is_empty());
        let good =
            r#","roles":[{"value":"Dsp.{school}","role":"dsp"},{"value":"x","role":"team_lead","service":"eps"}]"#;
        assert!(faults(&one(good)).is_empty());
        for (bad, says) in [
            (r#","issuer":"http://i.example""#, "https"),
            (r#","issuer":"https://u:p@i.example""#, "https"),
            (r#","issuer":"https://i.example?x""#, "query"),
            (r#","issuer":"file:///etc""#, "https"),
            (r#","wrong":1"#, "unknown field"),
            (r#","scopes":"email""#, "openid"),
            (r#","client_secret_file":"/nowhere/at/all""#, "client_secret_file"),
            (r#","roles":[{"value":"x","role":"dsp"}]"#, "at a school"),
            (r#","roles":[{"value":"x","role":"king"}]"#, "no role"),
            (r#","roles":[{"value":"x","role":"officer"}]"#, "in a service"),
            (r#","roles":[{"value":"x","role":"integration"}]"#, "API clients"),
            (r#","roles":[{"value":"{school}","role":"dsp","school":"6764001"}]"#, "twice"),
        ] {
            let found = faults(&one(bad)).join("\n");
            assert!(found.contains(says), "{bad}: {found:?}");
        }
        let twice = format!("[{0},{0}]", one("").trim_matches(['[', ']']));
        assert!(faults(&twice).join("").contains("twice"));
        assert!(
            may_ask("http://127.0.0.1:9000/x") && may_ask("http://[::1]/x") && !may_ask("http://localhost.example")
        );
    }
}
