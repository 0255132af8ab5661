//! One sentence from the page before, through a redirection: a word of ours in a cookie, with a number at most, never a text,
//! never a name.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::strings::keys;

const NAME: &str = "dolen-flash";

/// What was done, or why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flash {
    /// Signed out.
    SignedOut,
    /// The school consents to a system.
    Consented,
    /// It does no more.
    ConsentWithdrawn,
    /// A referral was accepted.
    Accepted,
    /// A question was sent to the school.
    Asked,
    /// The school's answer was sent.
    Answered,
    /// A referral was declined.
    Declined,
    /// A referral was passed on.
    Redirected,
    /// A WARRN record was acknowledged.
    Acknowledged,
    /// A WARRN record was sent.
    RecordSent,
    /// A WARRN record was handed over.
    HandedOver,
    /// A referral was opened.
    Referred,
    /// Something was kept with a case.
    Kept,
    /// A document was added to a WARRN record.
    Attached,
    /// A step of a return was noted.
    StepTaken,
    /// The return date was changed.
    ReturnMoved,
    /// A return noted by mistake was taken back.
    ReturnTakenBack,
    /// A new password counts.
    PasswordChanged,
    /// Sessions ended.
    SessionsEnded,
    /// The language was set.
    LanguageSet,
    /// It is kept when one is away.
    AbsenceSet,
    /// Somebody was invited.
    Invited,
    /// An invitation was accepted; signing in is next.
    InvitationAccepted,
    /// A role was confirmed.
    RoleConfirmed,
    /// A role was ended.
    RoleEnded,
    /// A second factor was taken away.
    FactorReset,
    /// A person was let go.
    PersonGone,
    /// The glass was broken.
    GlassBroken,
    /// It was broken before.
    GlassBrokenAlready,
    /// An emergency access was reviewed.
    Reviewed,
    /// What was due was disposed of.
    Disposed,
    /// A change of a rule, a hold or a review was kept.
    RecordsKept,
    /// A step of a subject-access request was taken.
    AccessStep,
    /// A campaign was made.
    CampaignMade,
    /// A school's survey was signed off.
    SurveySignedOff,
    /// A school's survey was opened again.
    SurveyReopened,
    /// A school's rolls were set.
    RollsSet,
    /// The rolls of so many schools were set.
    RollsSetFor(u32),
    /// A release was asked for.
    ReleaseAsked,
    /// A release can't be asked for yet.
    ReleaseNotYet,
    /// No code of a sheet is left to be replaced.
    SheetGone,
    /// What a school takes up was kept.
    AdviceTakenUp,
    /// A draft of a questionnaire was begun.
    QuestionnaireCopied,
    /// It was written.
    QuestionnaireWritten,
    /// It was published.
    QuestionnairePublished,
    /// It was thrown away.
    QuestionnaireDiscarded,
    /// A concern was taken up.
    ConcernTakenUp,
    /// A pupil's text was passed.
    TextPassed,
    /// A pupil's text was kept back.
    TextKeptBack,
    /// Somebody else was quicker: nothing was done.
    Changed,
}

impl Flash {
    /// The word a request brings.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(NAME)?;
        let word = match cookie.value().split_once('.') {
            None => Value::from(cookie.value()),
            Some((word, number)) => json!({word: number.parse::<u32>().ok()?}),
        };
        serde_json::from_value(word).ok()
    }

    /// Its sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::SignedOut => keys::DONE_SIGNED_OUT,
            Self::Consented => keys::DONE_CONSENTED,
            Self::ConsentWithdrawn => keys::DONE_CONSENT_WITHDRAWN,
            Self::Accepted => keys::DONE_ACCEPTED,
            Self::Asked => keys::DONE_ASKED,
            Self::Answered => keys::DONE_ANSWERED,
            Self::Declined => keys::DONE_DECLINED,
            Self::Redirected => keys::DONE_REDIRECTED,
            Self::Acknowledged => keys::DONE_ACKNOWLEDGED,
            Self::RecordSent => keys::DONE_RECORD_SENT,
            Self::HandedOver => keys::DONE_HANDED_OVER,
            Self::Referred => keys::DONE_REFERRED,
            Self::Kept => keys::DONE_KEPT,
            Self::Attached => keys::DONE_ATTACHED,
            Self::StepTaken => keys::DONE_STEP,
            Self::ReturnMoved => keys::DONE_RETURN_MOVED,
            Self::ReturnTakenBack => keys::DONE_RETURN_TAKEN_BACK,
            Self::PasswordChanged => keys::DONE_PASSWORD_CHANGED,
            Self::SessionsEnded => keys::DONE_SESSIONS_ENDED,
            Self::LanguageSet => keys::DONE_LANGUAGE_SET,
            Self::AbsenceSet => keys::DONE_ABSENCE_SET,
            Self::Invited => keys::DONE_INVITED,
            Self::InvitationAccepted => keys::DONE_INVITATION_ACCEPTED,
            Self::RoleConfirmed => keys::DONE_ROLE_CONFIRMED,
            Self::RoleEnded => keys::DONE_ROLE_ENDED,
            Self::FactorReset => keys::DONE_FACTOR_RESET,
            Self::PersonGone => keys::DONE_PERSON_GONE,
            Self::GlassBroken => keys::DONE_GLASS_BROKEN,
            Self::GlassBrokenAlready => keys::NOT_DONE_GLASS_BROKEN,
            Self::Reviewed => keys::DONE_REVIEWED,
            Self::Disposed => keys::DONE_DISPOSED,
            Self::RecordsKept => keys::DONE_RECORDS_KEPT,
            Self::AccessStep => keys::DONE_ACCESS_STEP,
            Self::CampaignMade => keys::DONE_CAMPAIGN_MADE,
            Self::SurveySignedOff => keys::DONE_SURVEY_SIGNED_OFF,
            Self::SurveyReopened => keys::DONE_SURVEY_REOPENED,
            Self::RollsSet => keys::DONE_ROLLS_SET,
            Self::RollsSetFor(_) => keys::DONE_ROLLS_SET_FOR,
            Self::ReleaseAsked => keys::DONE_RELEASE_ASKED,
            Self::ReleaseNotYet => keys::NOT_DONE_RELEASE,
            Self::SheetGone => keys::NOT_DONE_SHEET,
            Self::AdviceTakenUp => keys::DONE_ADVICE,
            Self::QuestionnaireCopied => keys::DONE_QUESTIONNAIRE_COPIED,
            Self::QuestionnaireWritten => keys::DONE_QUESTIONNAIRE_WRITTEN,
            Self::QuestionnairePublished => keys::DONE_QUESTIONNAIRE_PUBLISHED,
            Self::QuestionnaireDiscarded => keys::DONE_QUESTIONNAIRE_DISCARDED,
            Self::ConcernTakenUp => keys::DONE_CONCERN,
            Self::TextPassed => keys::DONE_TEXT_PASSED,
            Self::TextKeptBack => keys::DONE_TEXT_KEPT_BACK,
            Self::Changed => keys::NOT_DONE_CHANGED,
        }
    }

    /// The number in its sentence.
    #[must_use]
    pub const fn number(self) -> Option<u32> {
        if let Self::RollsSetFor(number) = self { Some(number) } else { None }
    }

    /// Whether something was done.
    #[must_use]
    pub const fn is_success(self) -> bool {
        !matches!(self, Self::Changed | Self::GlassBrokenAlready | Self::ReleaseNotYet | Self::SheetGone)
    }

    /// The cookie that carries it to the next page, within a minute.
    #[must_use]
    pub fn cookie(self, secure: bool) -> Cookie<'static> {
        let word = match serde_json::to_value(self) {
            Ok(Value::Object(one)) => {
                one.iter().next().map(|(word, number)| format!("{word}.{number}")).unwrap_or_default()
            }
            Ok(Value::String(word)) => word,
            _ => String::new(),
        };
        Cookie::build(NAME, word)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(secure)
            .max_age(Duration::seconds(60))
            .finish()
    }

    /// The cookie that ends it once it was shown.
    #[must_use]
    pub fn shown(self, secure: bool) -> Cookie<'static> {
        let mut cookie = self.cookie(secure);
        cookie.make_removal();
        cookie
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_word_arrives_and_anything_else_does_not() {
        let sent = TestRequest::default().cookie(Flash::Accepted.cookie(false)).to_http_request();
        assert_eq!(Flash::of(&sent), Some(Flash::Accepted));
        let counted = Flash::RollsSetFor(42);
        let sent = TestRequest::default().cookie(counted.cookie(false)).to_http_request();
        assert_eq!(Flash::of(&sent), Some(counted));
        for other in ["<b>you won</b>", "accepted.3", "rolls_set_for", "rolls_set_for.<b>", "rolls_set_for.-1"] {
            let other = TestRequest::default().cookie(Cookie::new(NAME, other)).to_http_request();
            assert_eq!(Flash::of(&other), None);
        }
    }
}
