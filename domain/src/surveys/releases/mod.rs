//! What goes back to schools and the authority: numbered releases, decided whole, frozen, and nothing else.
//!
//! A [`PublishedFigure`] can only be made by the disclosure engine ([`crate::disclosure`]), so no count leaves by another way
//! (`DESIGN.md` invariant 7). Publishing takes three steps, because a decision over hundreds of tables takes its time: somebody
//! asks for it ([`ask`]), a worker reads the answers ([`gather`]), decides without holding the database ([`decide`]), and
//! writes what was decided ([`keep`]).

mod breakdowns;
mod carrying;
mod lives;
mod model;
mod plan;
mod rules;
mod service;
mod snapshot;
mod store;
mod together;

pub use crate::disclosure::{Band, Broad, BroadFigure, FEW, Figure, PublishedFigure, Share, Threshold};
pub use breakdowns::{ROLE_OPTIONS, ROLES, role_name};
pub use model::{
    Asked, Breakdown, Carried, Change, Gathered, Header, Judged, Kind, Line, Reason, Released, Results, State, Table,
};
pub use rules::{OFTEN, decide, label_of, text_of};
pub use service::{ask, document, gather, give_up, keep, latest, list, published, results, waiting};
pub(in crate::surveys) use service::{newest, of_no_school};
