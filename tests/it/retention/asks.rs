//! What a child asks for does not go while they wait for it, and what was found for them goes when its source does.

use dolen_domain::kernel::SubjectAccessId;
use dolen_domain::records::subject_access::{self, NewRequest};

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
