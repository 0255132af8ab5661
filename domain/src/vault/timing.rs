//! A refusal takes as long wherever an envelope is wrong (`facts/reliability.md` CRY-2: no split of more than 5 %).

use std::hint::black_box;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::{Place, envelope};
use crate::kernel::OsChance;

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::from_u128(1) };
const KEY: [u8; 32] = [5; 32];
/// The most that two refusals may differ by.
const MOST: f64 = 0.05;

/// How long refusing each of these takes: the lower quartile of many turns, one of each after another, so that whatever
/// else the machine does slows all of them.
fn times(refused: &[(&str, Place, Vec<u8>)]) -> Vec<Duration> {
    let mut taken = vec![Vec::new(); refused.len()];
    for _ in 0..400 {
        for (times, (_, place, bytes)) in taken.iter_mut().zip(refused) {
            let begun = Instant::now();
            for _ in 0..4 {
                assert!(black_box(envelope::open(&KEY, *place, black_box(bytes))).is_err());
            }
            times.push(begun.elapsed());
        }
    }
    let quartile = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 4]
    };
    taken.into_iter().map(quartile).collect()
}

/// By how much the slowest differs from the quickest, as a part of the quickest.
fn split(refused: &[(&str, Place, Vec<u8>)]) -> f64 {
    let times = times(refused);
    let (least, most) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    most.as_secs_f64() / least.as_secs_f64() - 1.0
}

fn flipped(envelope: &[u8], byte: usize) -> Vec<u8> {
    let mut bad = envelope.to_vec();
    bad[byte] ^= 1;
    bad
}

#[test]
fn where_an_envelope_is_wrong_is_not_told_by_the_time() {
    let good = envelope::seal(&KEY, Uuid::from_u128(9), PLACE, &[b'x'; 2048], &OsChance).unwrap();
    let last = good.len() - 1;
    let refused = [
        ("the tag's first byte", PLACE, flipped(&good, last - 15)),
        ("the tag's last byte", PLACE, flipped(&good, last)),
        ("the first byte of what is sealed", PLACE, flipped(&good, 42)),
        ("its last byte", PLACE, flipped(&good, last - 16)),
        ("the nonce", PLACE, flipped(&good, 20)),
        ("the key's name", PLACE, flipped(&good, 5)),
        ("another row", Place { row: Uuid::from_u128(2), ..PLACE }, good.clone()),
    ];
    // A machine that is busy makes a split now and then; a leak makes one every time.
    let splits: Vec<f64> = (0..5).map(|_| split(&refused)).collect();
    assert!(splits.iter().any(|s| *s <= MOST), "{splits:?}");
    // The control: what is refused before anything is reckoned is told from the rest.
    let mut early = good.clone();
    early[0] = 2;
    let told = [refused[0].clone(), ("an unknown version", PLACE, early)];
    assert!((0..5).all(|_| split(&told) > MOST));
}
