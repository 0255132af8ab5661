//! The glass broken, watched and reviewed, over a real database.

mod breaking;
mod rec2;
mod watching;
mod world;
