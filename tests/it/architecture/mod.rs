//! The shape of the project. Every check is tried on something wrong too: a check that finds nothing there would find
//! nothing anywhere.

mod checks;

use dolen_tests::source::Source;

use checks::{
    LAYERS, LONGEST, area_shape, layer_order, named_areas, nothing_async, only_in, short_files, spelt_readings,
    sql_in_stores,
};

/// Files beside the usual five (or a folder's), each with what makes it one of its own.
const EXTRAS: &[&str] = &[
    // The policy is one table, read by people.
    "access/policy.rs",
    // A child who changes school: what is told then, and the handing over, which begins no return and ends none.
    "cases/moves.rs",
    "warrn/handing.rs",
    "warrn/views.rs",
    // Figures of large groups, told beside a release with a margin: a rule of its own beside the engine's.
    "disclosure/broad.rs",
    // What a release has tables of, and what it was made of: neither decides anything.
    "surveys/releases/breakdowns.rs",
    "surveys/releases/carrying.rs",
    "surveys/releases/lives.rs",
    "surveys/releases/plan.rs",
    "surveys/releases/snapshot.rs",
    "surveys/releases/together.rs",
    // What published figures are worth beside one another: formulas, beside the rules of what stands out.
    "surveys/packs/figures.rs",
    // Three things that are neither rules nor services: an envelope's bytes, what wraps a key, a key's life.
    "vault/envelope.rs",
    "vault/kek.rs",
    "vault/keys.rs",
    // Secrets and passwords, shared by the areas of identity.
    "identity/secret.rs",
    "identity/people/passwords.rs",
    // The three kinds of things kept with a case, each whole in one file; what each looks like and what is done with it.
    "cases/people.rs",
    "cases/tasks.rs",
    "cases/documents.rs",
    "cases/reminders.rs",
    // Who an actor is, in words people read.
    "access/words.rs",
    // Every reading that is put on record, by its words.
    "audit/readings.rs",
    // What an authority sets for itself.
    "oversight/settings.rs",
    "provision/settings.rs",
    // A return's clocks, who is told when they run out, and what is asked of many returns at once.
    "warrn/returns/clock.rs",
    "warrn/returns/clocks.rs",
    "warrn/returns/escalation.rs",
    "warrn/returns/lists.rs",
    // Its clocks counted again when the calendar changes.
    "warrn/returns/recount.rs",
    // What became of a year's returns: counted, and passed on through the disclosure rule.
    "warrn/returns/report.rs",
    // A referral from a record: the one thing done there that is another area's too.
    "warrn/referring.rs",
    // Taking a step, and reading what was said with it.
    "warrn/returns/reading.rs",
    "warrn/returns/steps.rs",
    "warrn/returns/succession.rs",
    // Who stands in for who is away, and who holds which post.
    "warrn/returns/leave.rs",
    // Who follows in what is closed; taking a return back; how far a record is.
    "warrn/returns/after_closing.rs",
    "warrn/returns/take_back.rs",
    "warrn/returns/progress.rs",
    "warrn/returns/posts.rs",
    // What the product comes with, as data.
    "directory/services/builtin.rs",
    // Reading files that people made.
    "directory/import/",
    "surveys/codes/store/arrivals.rs",
    // A campaign for this area's tests.
    "surveys/stage.rs",
    "surveys/responses/reading/",
    // What a proportion is worth: formulas, beside the rule of what may be shown.
    "disclosure/statistics.rs",
    // A release as it comes in, how wide its bands are, its decision, what subtracting leaves; sets; plain tables; the attacker.
    "disclosure/release.rs",
    "disclosure/bands.rs",
    "disclosure/engine.rs",
    "disclosure/differences.rs",
    "disclosure/sets.rs",
    "disclosure/frequency.rs",
    "disclosure/attack/",
    // How answers are packed.
    "instruments/layout.rs",
    // What can be wrong with a definition, in words; how old a reader must be.
    "instruments/flaws.rs",
    "instruments/symbols.rs",
    "instruments/reading_age.rs",
    // How its texts are read, so that every flaw of a file is told at once.
    "instruments/wording.rs",
    // How long its texts may be, and what may stand in them.
    "instruments/texts.rs",
    // A questionnaire for tests.
    "instruments/testing.rs",
    // The words of messages.
    "notices/wording.rs",
    // The three pure parts of a record's path: to whom, how long, and then.
    "warrn/recipients.rs",
    "warrn/settings.rs",
    // The list of sealed columns, read by disposal, subject access and people.
    "records/sealed.rs",
    // Finding what is sealed, and taking it apart.
    "records/subject_access/gather.rs",
];

/// Who may change bookkeeping without an audit entry, besides the database itself, which offers it.
const UPKEEP: &[&str] = &[
    "api/src/app.rs",
    // That a session is used, and a sign-in failed.
    "api/src/auth/caller.rs",
    "api/src/auth/accounts.rs",
    // A sign-in on its way to an issuer and back.
    "api/src/auth/issuers/flow.rs",
    // A pupil's answers: who answered, and when, is on no record.
    "api/src/console/pupil/mod.rs",
    // That a class was looked at and nothing was to be said of it.
    "api/src/worker/concerns.rs",
    // A release that another worker was quicker with: nothing was done.
    "api/src/worker/releases.rs",
    // Delivery leases and states; what has expired.
    "api/src/worker/deliver.rs",
    "api/src/worker/upkeep.rs",
];

fn source() -> Vec<Source> {
    let files = Source::below(&["domain/src", "api/src", "tests/src", "tests/it"]);
    assert!(files.len() > 100, "the source is found");
    files
}

fn product() -> Vec<Source> {
    Source::below(&["domain/src", "api/src"])
}

/// No complaints.
#[track_caller]
fn clean(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// A complaint about each of these files, and about no other.
#[track_caller]
fn complains(complaints: &[String], paths: &[&str]) {
    for path in paths {
        assert!(complaints.iter().any(|c| c.starts_with(path)), "nothing about {path}: {complaints:?}");
    }
    assert!(complaints.iter().all(|c| paths.iter().any(|p| c.starts_with(p))), "too much: {complaints:?}");
}

#[test]
fn no_area_names_one_above_it() {
    clean(&layer_order(&product()));
    let file = Source::invented;
    complains(
        &layer_order(&[
            file("domain/src/audit/service.rs", "use crate::identity::session;"),
            file("domain/src/access/store.rs", "use crate::{\n    db::{Work, schema::{a, b}},\n    referrals::x,\n};"),
            file("domain/src/vault/mod.rs", "fn f() { super::surveys::count(); }"),
            file("domain/src/directory/schools/store.rs", "use super::super::super::warrn;"),
            file("domain/src/kernel/text.rs", "impl crate::audit::Entry {}"),
            file("domain/src/nowhere/mod.rs", "//! An area without a place."),
            file("domain/src/pupils/rules.rs", "// use crate::referrals;\nconst X: &str = \"crate::warrn\";"),
            file("domain/src/warrn/rules.rs", "use crate::{kernel::Code, access};\nuse super::model;"),
            file("domain/src/routing/rules.rs", "#[cfg(test)]\nmod tests {\n    use crate::surveys;\n}\n"),
        ]),
        &[
            "domain/src/audit/",
            "domain/src/access/",
            "domain/src/vault/",
            "domain/src/directory/",
            "domain/src/kernel/",
            "domain/src/nowhere/",
        ],
    );
    let braces = named_areas("domain/src/a/b.rs", "use crate::{x::{y, z}, w};");
    assert_eq!(braces, ["x", "w"]);
}

#[test]
fn every_area_has_its_place() {
    let listed = LAYERS.iter().flat_map(|row| row.iter());
    for area in listed {
        assert!(product().iter().any(|f| f.path.starts_with(&format!("domain/src/{area}/"))), "there is no `{area}`");
    }
}

#[test]
fn sql_is_in_stores() {
    clean(&sql_in_stores(&product()));
    let file = Source::invented;
    complains(
        &sql_in_stores(&[
            file("domain/src/audit/service.rs", "let n = work.conn();"),
            file("api/src/rest/x.rs", "use diesel::prelude::*;"),
            file("api/src/store.rs", "diesel::sql_query(\"SELECT 1\");"),
            file("domain/src/pupils/model.rs", "use crate::db::schema::pupils;"),
            file("domain/src/pupils/store.rs", "use diesel::prelude::*;"),
            file("domain/src/pupils/store/key.rs", "use diesel::prelude::*;"),
            file("domain/src/db/x.rs", "use diesel::prelude::*;"),
            file("domain/src/pupils/rules.rs", "/// diesel::x\nconst T: &str = r#\"sql_query \" .conn()\"#;"),
        ]),
        &["domain/src/audit/", "api/src/rest/x.rs", "api/src/store.rs", "domain/src/pupils/model.rs"],
    );
}

#[test]
fn every_reading_on_record_is_one_of_the_list() {
    clean(&spelt_readings(&product()));
    let file = Source::invented;
    complains(
        &spelt_readings(&[
            file("domain/src/a/service.rs", "audit::record(work, \"warrn.read\", x, \"content\");"),
            file("domain/src/a/b.rs", "f(\"%.read%\", \"a.write\"); #[cfg(test)]\nmod tests {\n\"warrn.read\"\n}"),
            file("domain/src/audit/readings.rs", "\"warrn.read envelope\""),
            file("api/src/a.rs", "\"referrals.read\""),
        ]),
        &["domain/src/a/service.rs"],
    );
}

#[test]
fn the_domain_waits_for_nothing() {
    clean(&nothing_async(&product()));
    let bad = [Source::invented("domain/src/a/service.rs", "pub async fn f() {}")];
    complains(&nothing_async(&bad), &["domain/src/a/"]);
    assert!(nothing_async(&[Source::invented("api/src/a.rs", "pub async fn f() {}")]).is_empty());
}

#[test]
fn no_file_is_too_long() {
    clean(&short_files(&source()));
    let long = "x\n".repeat(LONGEST + 1);
    complains(&short_files(&[Source::invented("api/src/a.rs", &long)]), &["api/src/a.rs"]);
    assert!(short_files(&[Source::invented("api/src/a.rs", &"x\n".repeat(LONGEST))]).is_empty());
}

#[test]
fn areas_have_the_usual_files() {
    let files = product();
    clean(&area_shape(&files, EXTRAS));
    for extra in EXTRAS {
        let there = files.iter().any(|f| f.path.starts_with(&format!("domain/src/{extra}")));
        assert!(there, "{extra} is listed and not there");
    }
    let file = |path: &str| Source::invented(path, "//! A.\n\nuse a;\nuse b;\n");
    complains(
        &area_shape(
            &[
                file("domain/src/audit/helpers.rs"),
                file("domain/src/audit/rules.rs"),
                file("domain/src/directory/schools/service.rs"),
                file("domain/src/referrals/service/open.rs"),
                file("domain/src/x/extra.rs"),
                Source::invented("domain/src/audit/model.rs", "//! Nothing.\n"),
            ],
            &["x/extra.rs"],
        ),
        &["domain/src/audit/helpers.rs", "domain/src/audit/model.rs"],
    );
}

#[test]
fn only_access_makes_grants_and_only_a_grant_opens() {
    let check = |files: &[Source]| {
        let mut complaints = only_in(files, &["MayOpen for"], &["domain/src/access/model.rs"], "only a grant opens");
        complaints.extend(only_in(files, &["Grant::new", "Grant {"], GRANTS, "only access makes grants"));
        complaints
    };
    clean(&check(&product()));
    let file = Source::invented;
    complains(
        &check(&[
            file("domain/src/pupils/service.rs", "impl MayOpen for Mine {}"),
            file("api/src/rest/x.rs", "let grant = Grant::new(on, action, basis);"),
        ]),
        &["domain/src/pupils/", "api/src/rest/x.rs"],
    );
}

/// The blind indexes there are, and where: an equal value shows as an equal index, so only what is as good as unique may
/// have one (`facts/reliability.md` D7). Never a yes or no, a score, a name.
const BLIND: &[(&str, &str)] = &[
    ("domain/src/pupils/service.rs", "pupils.upn"),
    // No index of anything: the secret of an invitation's link, made from its random id when the mail is written.
    ("domain/src/identity/invitations/service.rs", "invitations.link"),
    // The sender's own key of a survey row: random to us, and kept apart from the answers.
    ("domain/src/surveys/responses/service.rs", "responses.row_key"),
    // A body's SHA-256, so that whoever has the database can't try small bodies until one fits.
    ("domain/src/surveys/responses/rules.rs", "submissions.digest"),
    // A request's SHA-256, for the same reason.
    ("domain/src/idempotency/service.rs", "idempotency_keys.fingerprint"),
    // A pupil's one-use code: random, and of nobody.
    ("domain/src/surveys/codes/service.rs", "survey_codes.code"),
    // Answers of a release, so that the next can be held against it: they are nobody's, and in no order.
    ("domain/src/surveys/releases/snapshot.rs", "survey_releases.snapshot"),
];

#[test]
fn blind_indexes_are_listed() {
    let uses = |files: &[Source]| {
        let using = files.iter().filter(|f| f.path != "domain/src/vault/keys.rs");
        using
            .map(|f| (f.path.clone(), f.code().matches("blind_index(").count()))
            .filter(|(_, n)| *n > 0)
            .collect::<Vec<_>>()
    };
    for (path, count) in uses(&product().into_iter().filter(|f| !f.is_test()).collect::<Vec<_>>()) {
        // What a file's own tests ask for is asked of the same column.
        let listed = BLIND.iter().find(|(p, _)| *p == path);
        assert!(listed.is_some(), "{path} makes a blind index ({count}): list it with its reason");
    }
    for (path, column) in BLIND {
        let file = product().into_iter().find(|f| f.path == *path).unwrap_or_else(|| panic!("{path} is not there"));
        let others = quoted_columns(&file.text);
        assert!(others.iter().all(|c| c == column) && !others.is_empty(), "{path}: {others:?}");
    }
    // The controls: a new file, and a second column in a known one.
    let file =
        Source::invented("domain/src/warrn/service.rs", "let i = vault.blind_index(\"warrn.self_harm\", \"yes\");");
    assert_eq!(uses(&[file]).len(), 1);
    assert_eq!(quoted_columns("vault.blind_index(\"pupils.upn\", a); vault.blind_index(\"pupils.flag\", b)").len(), 2);
}

/// The columns that blind indexes are asked for in a text: written there, or in a constant of it.
fn quoted_columns(text: &str) -> Vec<String> {
    let first = |at: usize| text[at..].trim_start().split([',', ')']).next().unwrap_or_default().trim();
    let constant = |name: &str| {
        let line = text.lines().find(|l| l.contains(&format!("const {name}:")))?;
        Some(line.split('"').nth(1)?.to_owned())
    };
    let mut columns: Vec<String> = text
        .match_indices("blind_index(")
        .map(|(at, word)| first(at + word.len()))
        .map(|arg| {
            arg.strip_prefix('"')
                .map_or_else(|| constant(arg).unwrap_or_else(|| arg.to_owned()), |a| a.trim_end_matches('"').to_owned())
        })
        .collect();
    columns.sort();
    columns.dedup();
    columns
}

/// Where grants are made.
const GRANTS: &[&str] = &["domain/src/access/model.rs", "domain/src/access/service.rs"];

#[test]
fn bookkeeping_without_an_entry_is_listed() {
    let check = |files: &[Source]| only_in(files, &["upkeep("], UPKEEP, "list it in UPKEEP with its reason");
    clean(&check(&product()));
    for path in UPKEEP {
        let file = product().into_iter().find(|f| f.path == *path);
        assert!(file.is_some_and(|f| f.code().contains("upkeep(")), "{path} is listed and does none");
    }
    complains(&check(&[Source::invented("api/src/rest/x.rs", "app.upkeep(&c, f).await")]), &["api/src/rest/x.rs"]);
}

#[test]
fn time_and_randomness_and_output_have_one_door_each() {
    let check = |files: &[Source]| {
        let mut all = only_in(
            files,
            &["Utc::now(", "Local::now(", "SystemTime::now("],
            &["domain/src/kernel/clock.rs"],
            "time comes in as an argument",
        );
        all.extend(only_in(
            files,
            &["getrandom::", "rand::", "now_v7(", "new_v4("],
            &["domain/src/kernel/chance.rs"],
            "randomness comes in as an argument",
        ));
        all.extend(only_in(
            files,
            &["println!(", "print!(", "dbg!("],
            &["api/src/cli/mod.rs"],
            "say it through the log",
        ));
        all
    };
    clean(&check(&product()));
    let file = Source::invented;
    complains(
        &check(&[
            file("api/src/a.rs", "let now = chrono::Utc::now();"),
            file("api/src/b.rs", "println!(\"x\");"),
            file("domain/src/c.rs", "let id = Uuid::new_v4();"),
            file("domain/src/d.rs", "// println!(\"x\")\nlet t = \"Utc::now()\";"),
        ]),
        &["api/src/a.rs", "api/src/b.rs", "domain/src/c.rs"],
    );
}
