//! What a child asks for does not go while they wait for it, and what was found for them goes when its source does.

use dolen_domain::kernel::{Limit, PageRequest, ReferralId, SubjectAccessId};
use dolen_domain::oversight::{self, OversightSettings, Part};
use dolen_domain::records::subject_access::{self, Format, NewRequest, Rendered};

use super::*;

/// A request for the child with this number.
pub fn by_number(rig: &Rig, upn: &str) -> NewRequest {
    let received_on = rig.clock.now().date();
    NewRequest { upn: Some(upn.to_owned()), reference: None, asked_by: "child".to_owned(), received_on }
}

const UPN: &str = "L676400024001";

fn ask(rig: &Rig) -> SubjectAccessId {
    let new = by_number(rig, UPN);
    rig.write(&rig.administrator(), move |work, vault| Ok(subject_access::open(work, vault, &new)?.id)).unwrap()
}

fn lead(rig: &Rig) -> Caller {
    caller(rig.world.who(Role::SafeguardingLead).id)
}

#[test]
fn what_a_child_asks_for_stays_until_the_request_is_finished() {
    let rig = Rig::new();
    let child = rig.child("asker", Some(UPN), day(2010, 5, 6), "bss");
    let other = rig.child("other", None, day(2010, 5, 6), "bss");
    rig.reckon();
    rig.advance_years(10);
    let request = ask(&rig);
    let before = left(&mut rig.inspect(), &child);
    let standings = |rig: &Rig| -> Vec<Standing> {
        rig.plan().items.iter().filter(|i| i.case == child.case).map(|i| i.standing).collect()
    };
    assert_eq!(standings(&rig), [Standing::Held, Standing::Held], "the case and its documents");
    rig.run().unwrap();
    assert_eq!(left(&mut rig.inspect(), &child), before);
    let none: [&str; 0] = [];
    assert_eq!(left(&mut rig.inspect(), &other), none, "the control: nobody asked for the other");
    rig.write(&lead(&rig), move |work, vault| subject_access::gather(work, vault, request)).unwrap();
    assert_eq!(standings(&rig), [Standing::Held, Standing::Held]);
    assert!(rig.run().is_none());
    // Nobody asks any more.
    rig.write(&lead(&rig), move |work, _| subject_access::withdraw(work, request)).unwrap();
    assert_eq!(standings(&rig), [Standing::Due, Standing::Due]);
    rig.run().unwrap();
    assert_eq!(left(&mut rig.inspect(), &child), none);
    rig.verify();
}

/// Gathers, keeps every piece and releases a bundle that says little.
fn give(rig: &Rig, request: SubjectAccessId) {
    rig.write(&lead(rig), move |work, vault| {
        subject_access::gather(work, vault, request)?;
        for piece in subject_access::pieces(work, vault, request)? {
            subject_access::decide(work, request, piece.number, "keep", None)?;
        }
        let render = |_: &subject_access::Bundle| {
            Ok(Rendered { json: b"given".to_vec(), html: b"given".to_vec(), pdf: b"given".to_vec() })
        };
        subject_access::release(work, vault, request, render)
    })
    .unwrap();
}

fn pieces_of(rig: &Rig, request: SubjectAccessId) -> Vec<CaseId> {
    let pieces = rig.write(&lead(rig), move |work, vault| subject_access::pieces(work, vault, request)).unwrap();
    pieces.into_iter().map(|p| p.content.case).collect()
}

#[test]
fn what_was_found_in_a_case_goes_with_it() {
    let rig = Rig::new();
    let goes = rig.child("goes", Some(UPN), day(2010, 5, 6), "bss");
    let stays = rig.child("stays", Some(UPN), day(2010, 5, 6), "sbc");
    rig.reckon();
    let request = ask(&rig);
    give(&rig, request);
    let found = pieces_of(&rig, request);
    assert!(found.contains(&goes.case) && found.contains(&stays.case));
    rig.advance_years(10);
    rig.run().unwrap();
    let left = pieces_of(&rig, request);
    assert!(!left.contains(&goes.case), "its words are still kept");
    let of_stays = |all: &[CaseId]| all.iter().filter(|c| **c == stays.case).count();
    assert_eq!(of_stays(&left), of_stays(&found), "the control: the case that stays keeps its pieces");
    rig.verify();
}

#[test]
fn pieces_that_do_not_say_where_they_were_found_go_with_the_first_case() {
    let rig = Rig::new();
    rig.child("goes", Some(UPN), day(2010, 5, 6), "bss");
    rig.child("stays", Some(UPN), day(2010, 5, 6), "sbc");
    rig.reckon();
    let request = ask(&rig);
    give(&rig, request);
    rig.inspect().execute("UPDATE subject_access_pieces SET case_id = NULL");
    rig.advance_years(10);
    rig.run().unwrap();
    assert!(pieces_of(&rig, request).is_empty());
}

#[test]
fn a_bundle_ends_some_days_after_its_release() {
    let rig = Rig::new();
    rig.child("given", Some(UPN), day(2010, 5, 6), "bss");
    let request = ask(&rig);
    give(&rig, request);
    let worker = Caller::system("worker");
    let pass = |rig: &Rig| rig.write(&worker, |work, _| subject_access::end_bundles(work, 90)).unwrap();
    let is_any = |rig: &Rig| rig.db.read(&worker, |work| subject_access::is_any_bundle_over(work, 90)).unwrap();
    let download =
        |rig: &Rig| rig.write(&lead(rig), move |w, vault| subject_access::download(w, vault, request, Format::Html));
    let sealed = "SELECT count(*) FROM subject_access_bundles WHERE length(content) > 0";
    rig.clock.advance_seconds(90 * 86_400);
    assert!(!is_any(&rig));
    assert_eq!(download(&rig).unwrap(), b"given", "the control");
    rig.clock.advance_seconds(1);
    assert!(is_any(&rig));
    let refused = rig.write(&rig.administrator(), |work, _| subject_access::end_bundles(work, 0));
    assert_eq!(refused.unwrap_err().code, Code::Forbidden, "nobody ends one by hand");
    assert_eq!(pass(&rig), 1);
    assert_eq!(rig.inspect().number(sealed), 0);
    assert_eq!(download(&rig).unwrap_err().code, Code::NotFound);
    assert!(!is_any(&rig), "once is enough");
    rig.verify();
}

/// Who has seen a case, newest first, without the readings of just this: the parts, and whether it was the lead.
fn seen(rig: &Rig, id: ReferralId) -> Vec<(Part, Option<String>)> {
    let all = PageRequest { limit: Limit::new(Some(50)).unwrap(), after: None };
    let auditor = caller(rig.world.who(Role::Auditor).id);
    let page = rig.write(&auditor, move |work, _| oversight::of_referral(work, id, all)).unwrap();
    let told = page.items.into_iter().filter(|s| s.part != Part::Readers);
    told.map(|s| (s.part, s.basis.map(|basis| basis.to_string()))).collect()
}

/// How many children the report says somebody opened in a day; the report's own reading is none.
fn opened(rig: &Rig, who: PersonId) -> Option<u32> {
    let auditor = caller(rig.world.who(Role::Auditor).id);
    let report = rig.write(&auditor, |work, _| oversight::report(work, &OversightSettings::default())).unwrap();
    report.readers.iter().find(|r| r.who == dolen_domain::kernel::Actor::Person(who)).map(|r| r.children_day)
}

#[test]
fn what_is_read_for_a_request_is_read_of_every_case_it_was_gathered_from() {
    let rig = Rig::new();
    let first = rig.child("first", Some(UPN), day(2010, 5, 6), "bss").referral.id;
    let second = rig.child("second", Some(UPN), day(2010, 5, 6), "sbc").referral.id;
    let other = rig.child("other", None, day(2010, 5, 6), "bss").referral.id;
    let who = rig.world.who(Role::SafeguardingLead).id;
    let request = ask(&rig);
    assert_eq!((seen(&rig, first), opened(&rig, who)), (Vec::new(), None), "taking a request in opens nothing");
    let read = (Part::SubjectAccess, Some("safeguarding_lead/any".to_owned()));
    let at_once = |rig: &Rig, times: usize| {
        for id in [first, second] {
            assert_eq!(seen(rig, id), vec![read.clone(); times]);
        }
        assert_eq!(seen(rig, other), Vec::new(), "the control: a child nobody asked for");
        assert_eq!(opened(rig, who), Some(1));
        // What comes next is counted for itself.
        rig.clock.advance_seconds(2 * 86_400);
        assert_eq!(opened(rig, who), Some(0));
    };
    rig.write(&lead(&rig), move |work, vault| subject_access::gather(work, vault, request)).unwrap();
    at_once(&rig, 1);
    // A case opened after the gathering is none of the request's.
    let later = rig.child("later", Some(UPN), day(2010, 5, 6), "bss").referral.id;
    pieces_of(&rig, request);
    at_once(&rig, 2);
    rig.write(&lead(&rig), move |work, _| {
        (1..).try_for_each(|number| subject_access::decide(work, request, number, "keep", None)).or_else(|e| {
            match e.code {
                Code::NotFound => Ok(()),
                _ => Err(e),
            }
        })
    })
    .unwrap();
    let render =
        |_: &subject_access::Bundle| Ok(Rendered { json: b"g".to_vec(), html: b"g".to_vec(), pdf: b"g".to_vec() });
    rig.write(&lead(&rig), move |work, vault| subject_access::release(work, vault, request, render)).unwrap();
    rig.write(&lead(&rig), move |work, vault| subject_access::download(work, vault, request, Format::Pdf)).unwrap();
    at_once(&rig, 3);
    assert_eq!(seen(&rig, later), Vec::new());
    rig.verify();
}
