//! One error for the whole service, and the one table of its stable codes.

use super::bilingual::pair;
use super::{Bilingual, Fault};

/// What sort of answer a code is. The edge maps it to an HTTP status; the domain knows no HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request can't be read.
    BadRequest,
    /// Nobody is signed in, or the token is no good.
    Unauthenticated,
    /// The caller may know the thing, but not do this.
    Forbidden,
    /// There is no such thing, or the caller may not know it.
    NotFound,
    /// The method is not one this address takes.
    MethodNotAllowed,
    /// The thing is in another state than the request needs.
    Conflict,
    /// The caller's copy is stale.
    PreconditionFailed,
    /// The caller must say which version it changes.
    PreconditionRequired,
    /// The body is larger than the limit.
    TooLarge,
    /// The body's media type is not taken here.
    UnsupportedMedia,
    /// The request can be read but its content is not acceptable.
    Unprocessable,
    /// Too many requests.
    RateLimited,
    /// The service can't answer now; the same request may be sent again.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// Declares [`Code`]: word, class, title in Welsh and English.
macro_rules! codes {
    ($($var:ident $word:literal $class:ident $cy:literal $en:literal;)*) => {
        /// The stable code of a problem. Words never change once published.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $en] $var),* }
        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$var),*];
            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$var => $word),* } }
            /// The sort of answer.
            #[must_use]
            pub const fn class(self) -> Class { match self { $(Self::$var => Class::$class),* } }
            /// The title, in both languages. Welsh awaits a translator's review.
            #[must_use]
            pub const fn title(self) -> Bilingual<&'static str> { match self { $(Self::$var => pair($cy, $en)),* } }
        }
    };
}

codes! {
    AccountLocked "account_locked" RateLimited "Mae'r cyfrif wedi'i gloi am ychydig ar ôl sawl ymgais aflwyddiannus" "The account is locked for a while after several failed attempts";
    AccountUnknown "account_unknown" Forbidden "Nid oes cyfrif yma i'r mewngofnodi hwn; gofynnwch i'ch gweinyddwr" "There is no account here for this sign-in; ask your administrator";
    AddressNotAllowed "address_not_allowed" Forbidden "Ni chaiff y cleient API alw o'r cyfeiriad rhwydwaith hwn" "The API client may not call from this network address";
    BadToken "bad_token" Unauthenticated "Nid yw'r tocyn neu'r sesiwn yn ddilys" "The token or session is not valid";
    CampaignClosed "campaign_closed" Conflict "Nid yw ffenestr yr arolwg ar agor" "The survey's window is not open";
    CodesInUse "codes_in_use" Conflict "Mae disgyblion yr ysgol hon yn ateb â chodau: tynnwch y dalennau codau yn ôl cyn anfon ffeil. Unwaith y bydd disgybl wedi ateb â chod, ewch ymlaen â chodau" "This school's pupils answer with codes: call the sheets of codes back before sending a file. Once a pupil has answered with a code, go on with codes";
    ContentTypeUnsupported "content_type_unsupported" UnsupportedMedia "Ni dderbynnir y math hwn o gynnwys yma" "This content type is not accepted here";
    CsrfFailed "csrf_failed" Forbidden "Daeth y cais o dudalen arall; ail-lwythwch a rhowch gynnig arall" "The request came from another page; reload and try again";
    DocumentRefused "document_refused" Unprocessable "Gwrthodwyd y ddogfen: canfu'r sganiwr firws ynddi" "The document was refused: the scanner found a virus in it";
    Forbidden "forbidden" Forbidden "Nid oes gennych hawl i wneud hyn" "You may not do this";
    IdempotencyKeyInvalid "idempotency_key_invalid" BadRequest "Nid yw Idempotency-Key yn ddilys (1 i 255 nod ASCII gweladwy)" "The Idempotency-Key is not valid (1 to 255 visible ASCII characters)";
    IdempotencyKeyRequired "idempotency_key_required" BadRequest "Mae angen pennawd Idempotency-Key" "An Idempotency-Key header is required";
    IdempotencyKeyReused "idempotency_key_reused" Unprocessable "Defnyddiwyd yr Idempotency-Key hwn eisoes gyda chais gwahanol" "This Idempotency-Key was already used with a different request";
    Internal "internal" Internal "Gwall mewnol; mae wedi'i gofnodi" "An internal fault; it has been recorded";
    InvalidBody "invalid_body" Unprocessable "Mae gwallau yn y cynnwys" "The content has faults";
    InvalidClient "invalid_client" Unauthenticated "Nid yw'r cleient API yn hysbys neu mae'r gyfrinach yn anghywir" "The API client is not known or the secret is wrong";
    InvalidCredentials "invalid_credentials" Unauthenticated "Nid yw'r e-bost neu'r cyfrinair yn gywir" "The e-mail or password is not right";
    InvalidCursor "invalid_cursor" BadRequest "Nid yw'r cyrchwr yn ddilys; dechreuwch o'r dudalen gyntaf" "The cursor is not valid; start from the first page";
    InvalidParameter "invalid_parameter" BadRequest "Nid yw paramedr yn ddilys" "A parameter is not valid";
    IssuerRefused "issuer_refused" Unauthenticated "Ni ellir derbyn yr hyn a ddywedodd y gwasanaeth mewngofnodi; mewngofnodwch eto" "What the sign-in service said cannot be accepted; sign in again";
    LinkInvalid "link_invalid" NotFound "Nid yw'r ddolen hon yn ddilys mwyach" "This link is no longer valid";
    MalformedBody "malformed_body" BadRequest "Ni ellir darllen y cynnwys" "The content cannot be read";
    MethodNotAllowed "method_not_allowed" MethodNotAllowed "Ni chaniateir y dull hwn yma" "This method is not allowed here";
    NoOfficer "no_officer" Conflict "Nid oes swyddog na chiw ar gyfer hyn; gofynnwch i'r awdurdod" "There is no officer or queue for this; ask the authority";
    NoRole "no_role" Forbidden "Nid oes gennych rôl yma; gofynnwch i'ch gweinyddwr" "You hold no role here; ask your administrator";
    NotFound "not_found" NotFound "Heb ei ganfod" "Not found";
    PayloadTooLarge "payload_too_large" TooLarge "Mae'r cynnwys yn fwy na'r terfyn" "The content is larger than the limit";
    QueryTooExpensive "query_too_expensive" BadRequest "Mae'r ymholiad yn rhy fawr; gofynnwch am lai" "The query is too large; ask for less";
    RateLimited "rate_limited" RateLimited "Gormod o geisiadau; arhoswch ychydig" "Too many requests; wait a little";
    NotSustained "not_sustained" Conflict "Ni ellir cau'r cofnod fel dychweliad a gynhaliwyd eto: mae adolygiad gyda'r disgybl yn bresennol pan oedd yr wythnosau ar ben, neu gam cyn hynny, yn eisiau" "The record cannot be closed as sustained yet: a review with the pupil attending when the weeks were over, or a step before it, is missing";
    ReferralAlreadyOpen "referral_already_open" Conflict "Mae atgyfeiriad agored eisoes i'r plentyn hwn at y gwasanaeth hwn" "There is already an open referral for this child to this service";
    RowsRejected "rows_rejected" Unprocessable "Gwrthodwyd rhesi; ni chadwyd dim" "Rows were rejected; nothing was kept";
    ScopeInsufficient "scope_insufficient" Forbidden "Nid oes gan y tocyn y cwmpas angenrheidiol" "The token lacks the scope this needs";
    SecondFactorEnrolmentRequired "second_factor_enrolment_required" Forbidden "Rhaid ychwanegu ap dilysu at y cyfrif cyn mynd ymlaen" "An authenticator app must be added to the account before going on";
    SecondFactorRequired "second_factor_required" Unauthenticated "Mae angen y cod o'ch ap dilysu" "The code from your authenticator app is needed";
    SecondFactorWrong "second_factor_wrong" Unauthenticated "Nid yw'r cod yn gywir, neu fe'i defnyddiwyd eisoes" "The code is not right, or was used already";
    SignInExpired "sign_in_expired" Unauthenticated "Daeth y mewngofnodi hwn i ben neu fe'i defnyddiwyd eisoes; dechreuwch eto" "This sign-in has run out or was used already; begin again";
    SignInRequired "sign_in_required" Unauthenticated "Mewngofnodwch yn gyntaf" "Sign in first";
    ReturnReviewed "return_reviewed" Conflict "Cynhaliwyd adolygiad ers y dychweliad, felly ni ellir ei dynnu'n ôl; os yw'r disgybl yn absennol eto, caewch y cofnod gyda'r canlyniad hwnnw" "A review was held since the return, so it cannot be taken back; if the pupil is away again, close the record with that outcome";
    SubmissionUnknown "submission_unknown" Conflict "Nid oes dim o'r fath wedi'i dderbyn gan yr ysgol hon: anfonwch yr un ffeil yn union ag a anfonwyd" "Nothing of the kind was taken in from this school: send exactly the file that was sent";
    StateConflict "state_conflict" Conflict "Nid yw'r cofnod yn y cyflwr sydd ei angen" "The record is not in the state this needs";
    EmergencyInForce "emergency_in_force" Conflict "Mae gennych fynediad brys i'r plentyn hwn eisoes" "You already have an emergency access to this child";
    OwnReview "own_review" Forbidden "Rhaid i rywun arall adolygu eich mynediad brys" "Somebody else must review your emergency access";
    SurveySignedOff "survey_signed_off" Conflict "Mae'r ysgol wedi cadarnhau bod ei harolwg yn gyflawn; gofynnwch i'r awdurdod ei ailagor" "The school has signed its survey off; ask the authority to open it again";
    SurveyOtherWay "survey_other_way" Conflict "Daeth atebion yr ysgol hon mewn ffeil, felly ni wneir codau; tynnwch y ffeil yn ôl yn gyntaf" "This school's answers came in a file, so no codes are made; withdraw the file first";
    StepUpRequired "step_up_required" Forbidden "Profwch eich ail ffactor eto yn gyntaf, yn /step-up; mae'n para pum munud" "Prove your second factor again first, at /step-up; it lasts five minutes";
    Unavailable "unavailable" Unavailable "Ni all y gwasanaeth ateb nawr; rhowch gynnig arall cyn hir" "The service cannot answer now; try again shortly";
    WithdrawalAmbiguous "withdrawal_ambiguous" Conflict "Ni ellir tynnu'r ffeil hon yn ôl ar ei phen ei hun, am y gallai fod rhai o'i rhesi wedi dod gyda ffeil arall hefyd: tynnwch yn ôl bopeth a anfonodd yr ysgol, ac anfonwch ef eto" "This file cannot be withdrawn by itself, because some of its rows may have come with another file too: withdraw everything the school sent, and send it again";
    VersionMismatch "version_mismatch" PreconditionFailed "Mae'r cofnod wedi newid; darllenwch ef eto" "The record has changed; read it again";
    VersionRequired "version_required" PreconditionRequired "Mae angen pennawd If-Match" "An If-Match header is required";
    AlreadyExists "already_exists" Conflict "Mae cofnod o'r fath eisoes" "There is already such a record";
}

/// A problem the caller is told of by code. The cause, if any, goes to the log and never to the caller.
#[derive(Debug)]
pub struct Error {
    /// Which problem.
    pub code: Code,
    /// A sentence more than the title, in English, free of personal data. For developers.
    pub detail: Option<String>,
    /// What is wrong where, for problems with a body or file.
    pub faults: Vec<Fault>,
    /// When to try again, in seconds.
    pub retry_after: Option<u64>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of everything in the domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A problem with nothing more to say than its code.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, detail: None, faults: Vec::new(), retry_after: None, cause: None }
    }

    /// A problem with the faults that made it.
    #[must_use]
    pub fn faults(code: Code, faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new(code) }
    }

    /// A problem with one fault at a JSON Pointer.
    #[must_use]
    pub fn fault(pointer: &str, code: super::FaultCode) -> Self {
        Self::faults(Code::InvalidBody, vec![Fault::at(pointer, code)])
    }

    /// A fault of ours, with what happened for the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal) }
    }

    /// The service can't answer now, with what happened for the log.
    #[must_use]
    pub fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), retry_after: Some(1), ..Self::new(Code::Unavailable) }
    }

    /// Adds a sentence for developers. It must hold no personal data.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What happened underneath, for the log alone.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        for fault in &self.faults {
            write!(f, "; {}", fault.code.as_str())?;
            if let Some(row) = fault.row {
                write!(f, " in row {row}")?;
            }
            if let Some(column) = &fault.column {
                write!(f, " column {column}")?;
            }
            if !fault.pointer.is_empty() {
                write!(f, " at {}", fault.pointer)?;
            }
        }
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_titles_differ_between_languages() {
        let mut words: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            let title = code.title();
            assert!(!title.cy.is_empty() && !title.en.is_empty() && title.cy != title.en, "{code:?}");
        }
        for code in crate::kernel::FaultCode::ALL {
            let mend = code.mend();
            assert!(!mend.cy.is_empty() && !mend.en.is_empty() && mend.cy != mend.en, "{code:?}");
        }
    }
}
