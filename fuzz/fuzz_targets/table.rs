//! CSV in any characters. The first byte says what the sender said of them.
#![no_main]

use dolen_domain::surveys::responses::{Charset, Format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let charset = match first % 3 {
        0 => None,
        1 => Some(Charset::Utf8),
        _ => Some(Charset::Windows1252),
    };
    let _ = dolen_fuzz::check(Format::Csv(charset), body);
});
