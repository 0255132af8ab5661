//! The services Dolen comes with, as data. An authority's own changes to them stay.

use crate::kernel::{Bilingual, pair};

use super::model::Gate;

/// One shipped service.
pub(super) struct Shipped {
    pub code: &'static str,
    pub name: Bilingual<&'static str>,
    pub gate: Gate,
}

/// The three services of `seeds/003`. Counselling is for Years 6 to 13 ("School-based Counselling Service");
/// the others name no years. That consent and evidence are asked for is a default an authority may change.
pub(super) fn shipped() -> [Shipped; 3] {
    let gate = |years, evidence_required, queue: &str| Gate {
        years,
        phases: Vec::new(),
        consent_required: true,
        evidence_required,
        queue: queue.to_owned(),
    };
    [
        Shipped {
            code: "bss",
            name: pair("Gwasanaeth Cymorth Ymddygiad", "Behaviour Support Service"),
            gate: gate(None, true, "bss"),
        },
        Shipped {
            code: "eps",
            name: pair("Gwasanaeth Seicoleg Addysg", "Educational Psychology Service"),
            gate: gate(None, true, "eps"),
        },
        Shipped {
            code: "sbc",
            name: pair("Gwasanaeth Cwnsela mewn Ysgolion", "School-based Counselling Service"),
            gate: gate(Some((6, 13)), false, "sbc"),
        },
    ]
}
