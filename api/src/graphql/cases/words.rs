//! The words of cases as GraphQL enums.

use crate::graphql::enums::words;

words! {
    /// What a case is.
    CaseKind = dolen_domain::cases::CaseKind {
        /// A referral to a service.
        Referral,
        /// A WARRN record and the return to school that follows.
        Warrn,
    }

    /// How one case stands to another.
    CaseLinkKind = dolen_domain::cases::LinkKind {
        /// The one led to the other.
        LedTo,
        /// The one was passed on as the other.
        RedirectedTo,
        /// They belong together.
        Related,
    }

    /// How somebody stands to the child.
    CasePersonRelation = dolen_domain::cases::Relation {
        /// A parent.
        Parent,
        /// A carer.
        Carer,
        /// The adult the child turns to at school.
        KeyAdult,
        /// Somebody else of the school.
        SchoolStaff,
        /// Somebody of a health service.
        HealthWorker,
        /// A social worker.
        SocialWorker,
        /// Somebody else.
        Other,
    }

    /// Why clocks stand still.
    CasePauseReason = dolen_domain::cases::PauseReason {
        /// Consent is being asked for.
        AwaitingConsent,
        /// The school has to do something first.
        AwaitingSchool,
        /// Health has to do something first.
        AwaitingHealth,
        /// A panel has to decide first.
        AwaitingPanel,
        /// The child can't take part for now.
        ChildUnavailable,
    }

    /// What the virus scanner said of a document.
    CaseDocumentScan = dolen_domain::cases::Scan {
        /// There is no scanner.
        NotScanned,
        /// It found nothing.
        Clean,
    }
}
