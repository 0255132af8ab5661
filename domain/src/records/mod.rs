//! What becomes of what is held: how long it is kept, what must not go, what went for good, and giving a child their own.
//!
//! Retention rules are data. What is due is shown before it goes, goes by destroying the key it was sealed under, and
//! leaves a certificate, a tombstone and the tally counts are made of. Who deletes by hand is not helped here: there is no
//! function that removes one record because somebody wants it gone.

pub mod holds;
pub mod retention;
pub mod sealed;
pub mod subject_access;
pub mod tombstones;
