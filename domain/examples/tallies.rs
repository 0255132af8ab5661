//! How long counting takes: answers of 40 questions, in memory, and read from a SQLite file that nothing holds in memory.
//! `cargo run --release -p dolen-domain --example tallies`. The kernel is asked to forget the file, and all others where
//! we may; what `fincore` then finds of it in memory is told beside the times.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::Command;
use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use dolen_domain::db::schema::{arrivals, responses};
use dolen_domain::db::types::Uid;
use dolen_domain::db::{conn, migrate};
use dolen_domain::instruments::{Answer, Band, Choice, Definition, Kind, Layout, Options, Question, Wording};
use dolen_domain::kernel::{Bilingual, YearGroup};
use dolen_domain::surveys::tallies::{Rows, count};

/// A questionnaire of 40 questions: every fifth takes several answers of ten, the others one of six.
fn layout() -> Option<Layout> {
    let text = || Wording::Common(Bilingual { cy: "Testun".into(), en: "Text".into() });
    let question = |n: usize| {
        let (kind, options) = if n.is_multiple_of(5) { (Kind::Multi, 10) } else { (Kind::Single, 6) };
        let codes = (1..options).map(|o| format!("o{o}")).chain(std::iter::once("prefer_not_to_say".to_owned()));
        let choice = |code| Choice { code, symbol: None, label: text(), bands: Vec::new() };
        Question {
            code: format!("q{n}"),
            trend: None,
            kind,
            text: text(),
            options: Options::Own(codes.map(choice).collect()),
            bands: Vec::new(),
            ask_if: Vec::new(),
        }
    };
    let definition = Definition {
        code: "bench".into(),
        version: 1,
        title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
        definition: text(),
        bands: vec![Band { code: "all".into(), years: [YearGroup::new(0).ok()?, YearGroup::new(14).ok()?] }],
        sets: std::collections::BTreeMap::new(),
        questions: (0..40).map(question).collect(),
    };
    Layout::of(&definition).ok()
}

/// So many answers, each question answered by nine of ten.
fn rows(layout: &Layout, many: usize) -> Option<Rows> {
    let (mut rows, mut dice) = (Rows::of(layout.width()), 88_172_645_463_325_252_u64);
    let band = layout.band(YearGroup::new(8).ok()?)?;
    for _ in 0..many {
        let mut answers = Vec::new();
        for slot in layout.slots() {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            if dice.is_multiple_of(10) {
                continue;
            }
            let codes: Vec<&str> = slot.options().collect();
            let pick = |n: u64| codes.get(usize::try_from(n % 6).ok()?).map(|code| (*code).to_owned().into());
            let answer = match slot.kind() {
                Kind::Single => Answer::One(pick(dice >> 20)?),
                Kind::Multi => Answer::Many(vec![pick(dice >> 20)?]),
                Kind::Text => continue,
            };
            answers.push((slot.code().to_owned().into(), answer));
        }
        rows.push(layout.pack(band, &answers).ok()?.as_bytes()).then_some(())?;
    }
    Some(rows)
}

/// Answers of twenty schools in a file of the service's own making: its address.
fn stored(folder: &std::path::Path, rows: &Rows) -> Result<String, Box<dyn Error>> {
    let url = format!("sqlite:{}", folder.join("answers.db").display());
    let mut conn = conn::establish(&url, false)?;
    migrate(&mut conn).map_err(|e| e.to_string())?;
    let all: Vec<&[u8]> = rows.iter().collect();
    let (mut nth, mut dice) = (0_u128, 88_172_645_463_325_252_u64);
    for chunk in all.chunks(1000) {
        let row = |answers: &&[u8]| {
            nth += 1;
            // Random ids, as the service's: rows lie in the file in no order of theirs.
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let id = uuid::Uuid::from_u64_pair(dice, dice.rotate_left(32));
            (
                responses::campaign_id.eq(Uid::from_uuid(uuid::Uuid::nil())),
                responses::school_id.eq(Uid::from_uuid(uuid::Uuid::from_u128(nth % 20))),
                responses::id.eq(Uid::from_uuid(id)),
                responses::year_group.eq(i16::try_from(7 + nth % 5).unwrap_or(7)),
                responses::answers.eq(answers.to_vec()),
            )
        };
        let values: Vec<_> = chunk.iter().map(row).collect();
        dolen_domain::both!(&mut conn, |c| diesel::insert_into(responses::table).values(&values).execute(c))?;
    }
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(url)
}

/// Lets the kernel forget a file; says how many of its bytes are in memory all the same, where that can be found out.
fn forget(path: &str) -> Option<u64> {
    Command::new("sync").status().ok()?;
    let file = format!("of={path}");
    let dropped = ["oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"];
    Command::new("dd").arg("if=/dev/null").arg(file).args(dropped).status().ok()?;
    // Only root may, and not in every container.
    let _ = std::fs::write("/proc/sys/vm/drop_caches", "3");
    let found = Command::new("fincore").args(["-n", "-b", "-o", "RES", path]).output().ok()?;
    String::from_utf8_lossy(&found.stdout).trim().parse().ok()
}

/// Opens the file, reads every answer as a release does, year group by year group of each school, and counts them.
fn read_and_count(url: &str, layout: &Layout, many: usize) -> Result<(u128, u128), Box<dyn Error>> {
    let begin = Instant::now();
    let mut conn = conn::establish(url, true)?;
    let campaign = Uid::from_uuid(uuid::Uuid::nil());
    let waiting = arrivals::table.filter(arrivals::campaign_id.eq(campaign)).select((
        arrivals::school_id,
        arrivals::year_group,
        arrivals::answers,
    ));
    let all = responses::table
        .filter(responses::campaign_id.eq(campaign))
        .select((responses::school_id, responses::year_group, responses::answers))
        .union_all(waiting);
    let answers: Vec<(Uid, i16, Vec<u8>)> = dolen_domain::both!(&mut conn, |c| all.load(c))?;
    let read = begin.elapsed().as_micros();
    let mut cells: BTreeMap<(Uid, i16), Rows> = BTreeMap::new();
    for (school, year, row) in &answers {
        let rows = cells.entry((*school, *year)).or_insert_with(|| Rows::of(layout.width()));
        rows.push(row).then_some(()).ok_or("a row of another layout")?;
    }
    let counted = cells.values().filter_map(|rows| count(layout, rows)).count();
    if (answers.len(), counted) != (many, cells.len()) {
        return Err("answers are missing".into());
    }
    Ok((read, begin.elapsed().as_micros()))
}

#[expect(clippy::print_stdout, reason = "it measures for a person")]
fn cold(layout: &Layout, rows: &Rows) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url = stored(folder.path(), rows)?;
    let path = conn::sqlite_path(&url);
    let bytes = std::fs::metadata(path)?.len();
    for what in ["cold", "warm"] {
        let mut times = Vec::new();
        let mut held = Some(0);
        for _ in 0..7 {
            if what == "cold" {
                held = held.max(forget(path));
            }
            times.push(read_and_count(&url, layout, rows.len())?);
        }
        times.sort_unstable_by_key(|(_, all)| *all);
        let (Some((read, middle)), Some((_, most))) = (times.get(3), times.last()) else { continue };
        let held = match held {
            _ if what == "warm" => String::new(),
            Some(bytes) => format!(" ({bytes} bytes in memory before)"),
            None => " (what was in memory before is not known)".to_owned(),
        };
        println!(
            "{} answers from a file of {bytes} bytes, {what}{held}: {middle} us ({read} us of it reading), at most {most} us",
            rows.len()
        );
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let Some(layout) = layout() else { return Err("no layout".into()) };
    for many in [30_000, 120_000, 1_000_000] {
        let Some(rows) = rows(&layout, many) else { return Err("no rows".into()) };
        let mut times: Vec<u128> = (0..7)
            .map(|_| {
                let begin = Instant::now();
                let counted = count(&layout, &rows);
                assert!(counted.is_some_and(|c| c.len() == 40));
                begin.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        let middle = times.get(3).copied().unwrap_or_default();
        #[expect(clippy::print_stdout, reason = "it measures for a person")]
        {
            println!("{many} answers of 40 questions, {} bytes each: {} us", layout.width(), middle);
        }
        if many < 1_000_000 {
            cold(&layout, &rows)?;
        }
    }
    Ok(())
}
