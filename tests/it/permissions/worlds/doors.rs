//! Where a record can be seen: every door of every channel, and which fields stand behind it.

use dolen_domain::access::Action;
use dolen_domain::kernel::Utc;
use dolen_tests::canary;

use crate::permissions::operations::Target;
use crate::permissions::things::{CANARY, Thing};

/// A record of a world, and when it was seen first.
#[derive(Clone)]
pub struct Record {
    pub target: Target,
    pub thing: Thing,
    pub happened: Utc,
    pub seen: Utc,
}

/// What can be seen of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Reference,
    /// The queue's name, of one that waits in a queue.
    Queue,
    Agreement,
    /// The minute of the first entry of its timeline.
    Happened,
    /// The minute of the first reading.
    Seen,
    GivenName,
    FamilyName,
    Upn,
    Need,
    Evidence,
    Notes,
    Said,
    Summary,
    Review,
    Provision,
    Plan,
    Triggers,
    Techniques,
    Person,
    Task,
    Document,
    Bytes,
}

use Field as F;

impl Field {
    pub const ALL: [Self; 22] = [
        F::Reference,
        F::Queue,
        F::Agreement,
        F::Happened,
        F::Seen,
        F::GivenName,
        F::FamilyName,
        F::Upn,
        F::Need,
        F::Evidence,
        F::Notes,
        F::Said,
        F::Summary,
        F::Review,
        F::Provision,
        F::Plan,
        F::Triggers,
        F::Techniques,
        F::Person,
        F::Task,
        F::Document,
        F::Bytes,
    ];

    /// What stands before a record's secret in this field.
    const fn prefix(self) -> &'static str {
        match self {
            F::Queue => "ciw ",
            F::Agreement => "cytundeb ",
            F::GivenName => "Enw ",
            F::FamilyName => "Teulu ",
            F::Need => "angen ",
            F::Evidence => "tystiolaeth ",
            F::Notes => "nodiadau ",
            F::Said => "dywedwyd ",
            F::Summary => "crynodeb ",
            F::Review => "adolygiad ",
            F::Plan => "cynllun ",
            F::Triggers => "sbardun ",
            F::Techniques => "techneg ",
            F::Person => "rhiant ",
            F::Task => "tasg ",
            F::Document => "dogfen-",
            F::Bytes => "cynnwys ",
            F::Reference | F::Happened | F::Seen | F::Upn | F::Provision => "",
        }
    }

    /// What a record says in a field that holds its secret.
    pub fn word(self, thing: &Thing) -> String {
        format!("{}{}", self.prefix(), thing.canary)
    }

    /// The ways a record says it; none when it has no such field.
    fn says(self, record: &Record) -> Vec<String> {
        let thing = &record.thing;
        let at = |at: Utc| {
            let at = chrono::DateTime::from_timestamp_micros(at.micros()).unwrap();
            vec![at.format("%Y-%m-%dT%H:%M").to_string(), at.format("%-d %B %Y at %-I:%M%P").to_string()]
        };
        match self {
            _ if !self.is_of(record) => Vec::new(),
            F::Reference => vec![thing.reference.clone()],
            F::Happened => at(record.happened),
            F::Seen => at(record.seen),
            F::Upn => vec![thing.upn.clone().unwrap()],
            F::Provision => vec![thing.kept.provision.to_string()],
            _ => vec![self.word(thing)],
        }
    }
}

impl Field {
    /// Whether a record has it.
    pub fn is_of(self, record: &Record) -> bool {
        let referral = record.target == Target::Referral;
        match self {
            F::Need | F::Evidence | F::Notes | F::Said => referral,
            F::Queue => referral && record.thing.officer.is_none(),
            F::Agreement | F::Summary | F::Review | F::Provision | F::Plan | F::Triggers | F::Techniques => !referral,
            _ => true,
        }
    }
}

/// The fields of a record that stand in a text; and any secret there that is not the record's.
pub fn fields(record: &Record, text: &str) -> (Vec<Field>, Vec<String>) {
    let is_there = |field: &Field| field.says(record).iter().any(|said| text.contains(said.as_str()));
    let shown = Field::ALL.into_iter().filter(is_there).collect();
    let others = canary::all(text).into_iter().filter(|secret| *secret != record.thing.canary);
    (shown, others.map(str::to_owned).collect())
}

/// What a field of a door needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    See,
    Open,
    /// To know who has seen it.
    Look,
}

impl Right {
    pub const ALL: [Self; 3] = [Self::See, Self::Open, Self::Look];

    pub const fn action(self, target: Target) -> Action {
        match (self, target) {
            (Self::See, Target::Warrn) => Action::ReadWarrn,
            (Self::See, _) => Action::ReadReferral,
            (Self::Open, Target::Warrn) => Action::ReadWarrnContent,
            (Self::Open, _) => Action::ReadReferralContent,
            (Self::Look, Target::Warrn) => Action::ReadWarrnReaders,
            (Self::Look, _) => Action::ReadReferralReaders,
        }
    }
}

/// The ways to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Rest,
    GraphQl,
    Console,
}

/// One answer about one record.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    pub channel: Channel,
    pub target: Target,
    /// The address, or the field of GraphQL with what is selected below it.
    pub asks: &'static str,
    pub see: &'static [Field],
    pub open: &'static [Field],
    pub look: &'static [Field],
    /// Whether it is asked about every pair, or about some.
    pub always: bool,
    /// Whether who may open it but must prove their second factor again is led there before anything is shown.
    pub proof_first: bool,
}

impl Door {
    /// The fields it offers, and what each needs.
    pub fn offers(&self) -> impl Iterator<Item = (Field, Right)> {
        let of = |fields: &'static [Field], right| fields.iter().map(move |f| (*f, right));
        of(self.see, Right::See).chain(of(self.open, Right::Open)).chain(of(self.look, Right::Look))
    }

    /// Whether some field of it needs this.
    pub const fn needs(&self, right: Right) -> bool {
        !match right {
            Right::See => self.see,
            Right::Open => self.open,
            Right::Look => self.look,
        }
        .is_empty()
    }

    /// What is asked about this record.
    pub fn about(&self, thing: &Thing) -> String {
        let id = thing.id.to_string();
        let kept = &thing.kept;
        self.asks
            .replace("{id}", &id)
            .replace("{document}", &kept.document.to_string())
            .replace("{provision}", &kept.provision.to_string())
    }
}

const fn door(channel: Channel, target: Target, asks: &'static str) -> Door {
    // All that is asked of GraphQL goes in one request.
    let always = matches!(channel, Channel::GraphQl);
    Door { channel, target, asks, see: &[], open: &[], look: &[], always, proof_first: false }
}

const fn always(door: Door) -> Door {
    Door { always: true, ..door }
}

const fn proof_first(door: Door) -> Door {
    Door { proof_first: true, ..door }
}

const fn see(see: &'static [Field], door: Door) -> Door {
    Door { see, ..door }
}

const fn open(open: &'static [Field], door: Door) -> Door {
    Door { open, ..door }
}

const fn look(look: &'static [Field], door: Door) -> Door {
    Door { look, ..door }
}

use Channel::{Console, GraphQl, Rest};
use Target::{Referral, Warrn};

/// What a referral says, and a WARRN record.
const REFERRAL: &[Field] = &[F::GivenName, F::FamilyName, F::Upn, F::Need, F::Evidence, F::Notes, F::Said];
const WARRN: &[Field] = &[F::GivenName, F::FamilyName, F::Upn, F::Summary];
const KEPT: &[Field] = &[F::Person, F::Task, F::Document];
const FILE: &[Field] = &[F::Reference, F::Bytes];

/// Who has seen it: asked before anything else, or what is asked here would be all that is listed first.
pub const READERS: &[Door] = &[
    look(&[F::Reference, F::Seen], door(Rest, Referral, "/v1/referrals/{id}/readers?limit=200")),
    look(&[F::Reference, F::Seen], door(Rest, Warrn, "/v1/warrn-records/{id}/readers?limit=200")),
    look(&[F::Seen], door(Console, Referral, "/referrals/{id}/readers")),
    look(&[F::Seen], door(Console, Warrn, "/warrn/{id}/readers")),
    look(
        &[F::Reference, F::Seen],
        door(GraphQl, Referral, "referralReaders(id: \"{id}\", first: 100) { nodes { at reference } }"),
    ),
    look(
        &[F::Reference, F::Seen],
        door(GraphQl, Warrn, "warrnReaders(id: \"{id}\", first: 100) { nodes { at reference } }"),
    ),
];

/// The parts of a case on REST, of either kind.
macro_rules! parts {
    ($target:ident) => {
        [
            see(&[F::Reference, F::Queue], door(Rest, $target, "/v1/cases/{id}")),
            see(&[F::Happened], door(Rest, $target, "/v1/cases/{id}/timeline")),
            open(&[F::Person], door(Rest, $target, "/v1/cases/{id}/people")),
            open(&[F::Task], door(Rest, $target, "/v1/cases/{id}/tasks")),
            open(&[F::Document], door(Rest, $target, "/v1/cases/{id}/documents")),
            open(FILE, door(Rest, $target, "/v1/cases/{id}/documents/{document}/content")),
            see(&[F::Reference, F::Happened], open(KEPT, proof_first(door(Console, $target, "/cases/{id}")))),
            open(FILE, door(Console, $target, "/cases/{id}/documents/{document}")),
            see(
                &[F::Reference, F::Queue, F::Happened],
                open(
                    KEPT,
                    door(
                        GraphQl,
                        $target,
                        "case(id: \"{id}\") { envelope { reference queue } timeline { at } people { name } tasks { what } documents { name } }",
                    ),
                ),
            ),
        ]
    };
}

/// What every case has.
pub const CASES: [[Door; 9]; 2] = [parts!(Referral), parts!(Warrn)];

/// Only these wait in queues.
pub const QUEUES: Target = Referral;

/// Everything else.
pub const DOORS: &[Door] = &[
    see(&[F::Reference, F::Queue], always(door(Rest, Referral, "/v1/referrals/{id}"))),
    open(REFERRAL, always(door(Rest, Referral, "/v1/referrals/{id}/content"))),
    see(&[F::Happened], door(Rest, Referral, "/v1/referrals/{id}/events")),
    see(&[F::Reference, F::Queue, F::Happened], open(REFERRAL, always(door(Console, Referral, "/referrals/{id}")))),
    see(
        &[F::Reference, F::Queue, F::Happened],
        open(
            REFERRAL,
            door(
                GraphQl,
                Referral,
                "referral(id: \"{id}\") { reference queue events { at } \
                 content { pupil { givenName familyName upn } need evidence notes said { text } } }",
            ),
        ),
    ),
    see(&[F::Reference, F::Agreement], always(door(Rest, Warrn, "/v1/warrn-records/{id}"))),
    open(WARRN, always(door(Rest, Warrn, "/v1/warrn-records/{id}/content"))),
    see(&[F::Reference], door(Rest, Warrn, "/v1/warrn-records/{id}/steps")),
    open(&[F::Reference, F::Review, F::Happened], door(Rest, Warrn, "/v1/warrn-records/{id}/return-file")),
    open(&[F::Provision], door(Rest, Warrn, "/v1/warrn-records/{id}/provision")),
    open(&[F::Provision, F::Plan, F::Triggers, F::Techniques], door(Rest, Warrn, "/v1/provision/{provision}")),
    see(
        &[F::Reference, F::Agreement],
        open(
            &[F::GivenName, F::FamilyName, F::Upn, F::Summary, F::Provision],
            proof_first(always(door(Console, Warrn, "/warrn/{id}"))),
        ),
    ),
    open(&[F::Reference, F::Review, F::Happened], door(Console, Warrn, "/warrn/{id}/file")),
    open(
        &[F::Reference, F::Plan, F::Triggers, F::Techniques],
        door(Console, Warrn, "/warrn/{id}/provision/{provision}"),
    ),
    see(
        &[F::Reference, F::Agreement],
        open(
            &[F::GivenName, F::FamilyName, F::Upn, F::Summary, F::Review, F::Happened],
            door(
                GraphQl,
                Warrn,
                "warrnRecord(id: \"{id}\") { reference agreement progress { reference } \
                 content { pupil { givenName familyName upn } summary { text } } \
                 returnFile { notes { note } timeline { at } } }",
            ),
        ),
    ),
    open(&[F::Provision], door(GraphQl, Warrn, "provisions(id: \"{id}\") { id }")),
    open(
        &[F::Plan, F::Triggers, F::Techniques],
        door(GraphQl, Warrn, "provision(id: \"{provision}\") { plan triggers techniques }"),
    ),
];

/// Every door but those of who has seen it.
pub fn all() -> Vec<&'static Door> {
    DOORS.iter().chain(CASES.iter().flatten()).collect()
}

/// Whether a text holds any secret at all.
pub fn has_secret(text: &str) -> bool {
    text.contains(CANARY)
}
