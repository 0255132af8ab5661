//! The words of a message. What may stand in one is a type: no name, school, need, service or record kind can get in.

use chrono::{Datelike, Timelike};

use crate::identity::Preference;
use crate::kernel::{Bilingual, Reference, Utc, uk_time};

use super::model::Ask;

/// An address at which a signed-in reader finds the record. It is made of the service's own address and the reference
/// alone; opening it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// The link to a record: `{base_url}/r/{reference}`.
    #[must_use]
    pub fn to(base_url: &str, reference: &Reference) -> Self {
        Self(format!("{}/r/{reference}", base_url.trim_end_matches('/')))
    }

    /// A page about the reader's own account: `{base_url}{path}`. The path is ours; an invitation's ends with its secret.
    #[must_use]
    pub fn page(base_url: &str, path: &str) -> Self {
        Self(format!("{}{path}", base_url.trim_end_matches('/')))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An instant that is said in words, in the United Kingdom's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due(Utc);

impl Due {
    /// The instant.
    #[must_use]
    pub const fn at(at: Utc) -> Self {
        Self(at)
    }

    /// As it stands after "before": "16:00 on Tuesday 3 March 2026". Nothing for an instant outside the calendar.
    #[must_use]
    pub fn words(self) -> Bilingual {
        const DAYS_CY: [&str; 7] =
            ["ddydd Llun", "ddydd Mawrth", "ddydd Mercher", "ddydd Iau", "ddydd Gwener", "ddydd Sadwrn", "ddydd Sul"];
        const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        const MONTHS_CY: [&str; 12] = [
            "Ionawr",
            "Chwefror",
            "Mawrth",
            "Ebrill",
            "Mai",
            "Mehefin",
            "Gorffennaf",
            "Awst",
            "Medi",
            "Hydref",
            "Tachwedd",
            "Rhagfyr",
        ];
        const MONTHS_EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        fn word(list: &[&'static str], index: u32) -> &'static str {
            usize::try_from(index).ok().and_then(|i| list.get(i).copied()).unwrap_or_default()
        }
        let at = uk_time(self.0);
        let (weekday, month) = (at.weekday().num_days_from_monday(), at.month0());
        let (hour, minute, day, year) = (at.hour(), at.minute(), at.day(), at.year());
        Bilingual {
            cy: format!("{hour}:{minute:02} {} {day} {} {year}", word(&DAYS_CY, weekday), word(&MONTHS_CY, month)),
            en: format!("{hour}:{minute:02} on {} {day} {} {year}", word(&DAYS_EN, weekday), word(&MONTHS_EN, month)),
        }
    }
}

/// Everything a message may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The record's reference.
    pub reference: Reference,
    /// Where to read on after signing in.
    pub link: Link,
    /// By when, if by any time.
    pub due: Option<Due>,
}

/// A subject line and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The subject line.
    pub subject: String,
    /// The body, plain text.
    pub body: String,
}

/// What the message says first, as a clause. Welsh awaits a translator's review.
fn clause(ask: Ask, reference: &Reference) -> Bilingual {
    let (cy, en) = match ask {
        Ask::Attention => (format!("mae angen eich sylw ar {reference}"), format!("{reference} needs your attention")),
        Ask::Overdue => (
            format!("mae {reference} yn dal i aros am sylw ac wedi dod atoch chi"),
            format!("{reference} is still waiting and has come to you"),
        ),
        Ask::Question => {
            (format!("mae cwestiwn i chi am {reference}"), format!("there is a question for you about {reference}"))
        }
        Ask::Answer => {
            (format!("mae ateb i chi am {reference}"), format!("there is an answer for you about {reference}"))
        }
        Ask::News => {
            (format!("mae newyddion i chi am {reference}"), format!("there is news for you about {reference}"))
        }
        Ask::Join => {
            ("fe'ch gwahoddwyd i ddefnyddio Dolen".to_owned(), "you have been invited to use Dolen".to_owned())
        }
        Ask::Account => (
            "newidiwyd y ffordd rydych yn mewngofnodi i Dolen".to_owned(),
            "the way you sign in to Dolen was changed".to_owned(),
        ),
        Ask::Survey => (
            "mae arolwg yn aros i gael ei orffen gennych".to_owned(),
            "a survey is waiting for you to finish it".to_owned(),
        ),
        Ask::Results => {
            ("mae canlyniadau arolwg wedi'u cyhoeddi".to_owned(), "survey results have been published".to_owned())
        }
    };
    Bilingual { cy, en }
}

/// What the link is for. Welsh awaits a translator's review.
const fn lead(ask: Ask) -> (&'static str, &'static str) {
    match ask {
        Ask::Join => (
            "Dilynwch y ddolen hon i ddechrau. Mae'n gweithio unwaith, i chi yn unig; peidiwch â'i hanfon ymlaen.",
            "Follow this link to begin. It works once, for you alone; do not pass it on.",
        ),
        Ask::Account => (
            "Os nad chi a wnaeth hyn, rhowch wybod i weinyddwr ar unwaith. Mewngofnodwch i weld y manylion:",
            "If this was not you, tell an administrator at once. Sign in to see the details:",
        ),
        // A correction reads the same as a first release: both are true of it.
        Ask::Results => (
            "Os oedd canlyniadau cynharach, mae'r rhain yn cymryd eu lle, ac mae'r dudalen yn dweud beth sydd wedi newid.\n\
             Mewngofnodwch i'w gweld:",
            "If there were earlier results, these take their place, and the page says what has changed.\n\
             Sign in to see them:",
        ),
        _ => ("Mewngofnodwch i weld y manylion:", "Sign in to see the details:"),
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The message in the reader's language or in both, Welsh first.
#[must_use]
pub fn write(ask: Ask, envelope: &Envelope, reader: Preference) -> Text {
    let clause = clause(ask, &envelope.reference);
    let link = envelope.link.as_str();
    let mut cy = sentence(&clause.cy);
    let mut en = sentence(&clause.en);
    if let Some(due) = envelope.due.map(Due::words) {
        cy = format!("{cy}\nGwnewch hyn cyn {}.", due.cy);
        en = format!("{en}\nPlease do this before {}.", due.en);
    }
    let (lead_cy, lead_en) = lead(ask);
    cy = format!(
        "{cy}\n\n{lead_cy}\n{link}\n\n\
         Nid oes gwybodaeth am neb yn y neges hon. Peidiwch ag ateb yr e-bost hwn."
    );
    en = format!(
        "{en}\n\n{lead_en}\n{link}\n\n\
         This message holds no information about anyone. Please do not reply to this e-mail."
    );
    let (subject, body) = match reader {
        Preference::Cy => (clause.cy, cy),
        Preference::En => (clause.en, en),
        Preference::Both => (format!("{} / {}", clause.cy, clause.en), format!("{cy}\n\n* * *\n\n{en}")),
    };
    Text { subject: format!("Dolen: {subject}"), body: format!("{body}\n") }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::kernel::FixedChance;
    use crate::notices::Wording;

    fn at(month: u32, day: u32, hour: u32) -> Utc {
        Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, month, day).unwrap(), hour)
    }

    fn envelope(due: Option<Utc>) -> Envelope {
        let reference = Reference::random(&FixedChance::seeded(3));
        let link = Link::to("https://dolen.la.example/", &reference);
        Envelope { reference, link, due: due.map(Due::at) }
    }

    #[test]
    fn a_due_time_is_said_in_the_kingdoms_time() {
        assert_eq!(Due::at(at(3, 3, 16)).words().en, "16:00 on Tuesday 3 March 2026");
        assert_eq!(Due::at(at(3, 3, 16)).words().cy, "16:00 ddydd Mawrth 3 Mawrth 2026");
        assert_eq!(Due::at(at(7, 1, 23)).words().en, "0:00 on Thursday 2 July 2026", "summer time passes midnight");
    }

    #[test]
    fn each_reader_gets_their_language_and_welsh_comes_first() {
        let envelope = envelope(Some(at(3, 3, 16)));
        let reference = envelope.reference.as_str();
        let both = write(Ask::Attention, &envelope, Preference::Both);
        let subject = format!("Dolen: mae angen eich sylw ar {reference} / {reference} needs your attention");
        assert_eq!(both.subject, subject);
        let cy = write(Ask::Attention, &envelope, Preference::Cy);
        let en = write(Ask::Attention, &envelope, Preference::En);
        assert_eq!(both.body, format!("{}\n* * *\n\n{}", cy.body, en.body));
        assert!(cy.body.contains("cyn 16:00 ddydd Mawrth") && !cy.body.contains("Sign in"));
        assert!(en.body.contains("before 16:00 on Tuesday") && !en.body.contains("Mewngofnodwch"));
        assert!(en.body.contains(&format!("https://dolen.la.example/r/{reference}\n")));
    }

    /// OUT-3 of `facts/reliability.md`: whatever happened, the message does not say what kind of thing it was.
    #[test]
    fn no_message_tells_what_kind_of_record_it_is_about() {
        let telling = [
            "referral",
            "refer",
            "warrn",
            "record",
            "child",
            "pupil",
            "young",
            "school",
            "service",
            "counsel",
            "harm",
            "need ",
            "accepted",
            "declined",
            "redirect",
            "atgyfeir",
            "cyfeir",
            "cofnod",
            "plentyn",
            "disgybl",
            "ysgol",
            "gwasanaeth",
            "cwnsela",
            "niwed",
            "derbyn",
            "gwrthod",
            "ailgyfeir",
            "acknowledge",
            "cydnabod",
        ];
        for wording in Wording::ALL {
            for reader in Preference::ALL {
                for due in [None, Some(at(3, 3, 16))] {
                    let text = write(wording.ask(), &envelope(due), *reader);
                    let all = format!("{}\n{}", text.subject, text.body).to_lowercase();
                    for word in telling {
                        assert!(!all.contains(word), "{wording}: {word}");
                    }
                    assert!(!text.subject.contains(['\r', '\n']));
                    assert!(text.body.lines().all(|l| l.len() < 200));
                }
            }
        }
        assert_eq!(Wording::ReferralReceived.ask(), Wording::WarrnReceived.ask());
    }
}
