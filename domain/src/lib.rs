#![doc = include_str!("../README.md")]
// Diesel's multi-backend queries nest deeply; the compiler's default is not enough for the widest joins.
#![recursion_limit = "256"]

// Ground: what everything stands on.
pub mod access;
pub mod audit;
pub mod custody;
pub mod db;
pub mod idempotency;
pub mod kernel;
pub mod vault;

// People and places.
pub mod directory;
pub mod identity;
pub mod pupils;

// Engines: what the services share.
pub mod cases;
pub mod disclosure;
pub mod instruments;
pub mod notices;
pub mod routing;
pub mod toolkit;

// Services.
pub mod provision;
pub mod referrals;
pub mod surveys;
pub mod warrn;

// Above them all: who reads what.
pub mod oversight;

// What becomes of all of it.
pub mod records;

#[cfg(test)]
mod testing;
