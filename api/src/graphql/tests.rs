//! The schema over a whole service with a database of its own.

mod bombs;
mod cases;
mod changes;
mod parity;
mod records;
mod returns;
mod shape;
mod wire;
mod words;
mod world;
