//! JSON and NDJSON: the same bytes as either.
#![no_main]

use dolen_domain::surveys::responses::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = dolen_fuzz::check(Format::Json, data);
    let _ = dolen_fuzz::check(Format::Ndjson, data);
});
