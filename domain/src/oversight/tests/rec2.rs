//! REC-2 of `facts/reliability.md`: two hundred generated attempts, each with the verdict the rule in words gives.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::world::*;
use crate::kernel::*;
use crate::oversight::NewEmergency;
use crate::warrn::{self, WarrnSettings};

/// A generator of numbers below a bound, from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

const MAY: [&str; 4] = ["lead", "eps_lead", "colleague", "second_lead"];
const MAY_NOT: [&str; 6] = ["administrator", "analyst", "auditor", "bss_lead", "bss_officer", "head"];

#[test]
fn two_hundred_attempts_end_as_the_rule_says() {
    let w = World::new();
    let settings = WarrnSettings::default();
    let other =
        w.write("worker", move |work, vault| warrn::send(work, vault, &settings, record(Some("P207000016049"))));
    let records = [w.warrn.clone(), other.unwrap().record];
    let mut dice = Dice(2026);
    // Person and child, with the end of what they hold.
    let mut held: BTreeMap<(&str, usize), Utc> = BTreeMap::new();
    let mut verdicts: BTreeMap<String, u32> = BTreeMap::new();
    for attempt in 0..200 {
        let name = if dice.below(6) == 0 { dice.pick(&MAY_NOT) } else { dice.pick(&MAY) };
        let proved =
            dice.pick(&[None, Some(0), Some(0), Some(1), Some(1), Some(299), Some(300), Some(301), Some(90_000)]);
        let child = dice.below(2);
        let length = dice.pick(&[0, 19, 20, 20, 21, 21, 60, 60]);
        let varied = dice.below(8) != 0;
        let reason: String = (0..length).map(|i| if varied && i % 2 == 1 { 'b' } else { 'a' }).collect();
        let padded = format!("{}{reason}{}", " ".repeat(dice.below(30)), "\n".repeat(dice.below(3)));

        let now = w.t.clock.now();
        let in_force = |held: &BTreeMap<_, Utc>, key| held.get(&key).is_some_and(|ends| now < *ends);
        let expected = if !MAY.contains(&name) {
            Err(Code::Forbidden)
        } else if proved.is_none_or(|age| age > 300) {
            Err(Code::StepUpRequired)
        } else if length < 20 || !varied {
            Err(Code::InvalidBody)
        } else if in_force(&held, (name, child)) {
            Err(Code::EmergencyInForce)
        } else {
            Ok(())
        };
        let asked = NewEmergency { reference: Some(records[child].reference.to_string()), pupil: None, reason: padded };
        let outcome = w.start_as(&w.caller(name, proved), asked);
        assert_eq!(outcome.as_ref().map(|_| ()).map_err(|e| e.code), expected, "{attempt}: {name} {proved:?} {length}");
        *verdicts.entry(format!("{expected:?}")).or_default() += 1;

        if let Ok(view) = outcome {
            held.insert((name, child), now.plus_seconds(3600));
            let own = if name == "colleague" { Code::Forbidden } else { Code::OwnReview };
            assert_eq!(code(w.review(name, view.emergency.id)), own);
            let mutated = w.system(|work| {
                Ok(diesel::sql_query("UPDATE emergency_accesses SET ends_at = ends_at + 3600000000")
                    .execute(work.conn())?)
            });
            assert!(mutated.is_err());
        }
        // Every child of every person is readable for as long as the access to that very child lasts.
        for name in MAY {
            for (child, record) in records.iter().enumerate() {
                let id = record.id;
                let read = w.write(name, move |work, vault| warrn::content(work, vault, id));
                let may = in_force(&held, (name, child));
                let seen = read.map(|_| ()).map_err(|e| e.code);
                assert_eq!(seen, if may { Ok(()) } else { Err(Code::NotFound) }, "{attempt}: {name} reads {child}");
            }
        }
        w.t.clock.advance_seconds(dice.pick(&[0, 0, 1, 1, 60, 300, 900, 3599, 3600]));
    }
    // Every verdict came up: a generator that only ever refuses proves nothing.
    assert_eq!(verdicts.len(), 5, "{verdicts:?}");
    assert!(verdicts.values().all(|n| *n >= 5), "{verdicts:?}");
}
