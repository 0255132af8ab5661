use super::*;
use crate::audit::Finding;
use crate::instruments::{FlawKind, by_code, ensure_builtin, published};
use crate::kernel::Caller;
use crate::testing::{self, TestDb};

struct Stand {
    db: TestDb,
    system: Caller,
}

impl Stand {
    fn new() -> Self {
        let (db, system) = (testing::db(), Caller::system("test"));
        db.db.upkeep(&system, ensure_builtin).unwrap();
        Self { db, system }
    }

    fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.db.db.write(&self.system, f)
    }

    fn read<T>(&self, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        self.db.db.read(&self.system, f)
    }

    fn shipped(&self) -> InstrumentId {
        self.read(|work| by_code(work, "bullying")).unwrap().id
    }

    fn copy(&self, of: InstrumentId, code: &'static str) -> Result<Held> {
        self.write(move |work| copy(work, of, code))
    }

    fn replace(&self, id: InstrumentId, revision: i64, definition: Definition) -> Result<Held> {
        self.write(move |work| replace(work, id, revision, &definition))
    }

    fn publish(&self, id: InstrumentId, revision: i64) -> Result<Held> {
        self.write(move |work| publish(work, id, revision))
    }
}

fn faults(error: &Error) -> Vec<(&str, FaultCode)> {
    error.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect()
}

#[test]
fn a_draft_is_written_published_and_then_left_as_it_is() {
    let stand = Stand::new();
    let draft = stand.copy(stand.shipped(), "sir-gar").unwrap();
    assert_eq!((draft.stage, draft.revision, draft.builtin), (Stage::Draft, 1, false));
    assert_eq!((draft.definition.code.as_str(), draft.definition.version), ("sir-gar", 1));
    // No campaign can ask a draft.
    assert!(stand.read(|work| published(work, "sir-gar", None)).is_err());
    let mut wanted = draft.definition.clone();
    wanted.title.cy = "Arolwg Sir Gâr".into();
    let written = stand.replace(draft.id, 1, wanted.clone()).unwrap();
    assert_eq!((written.revision, &written.definition), (2, &wanted));
    // Who wrote on the older one is told.
    let stale = stand.replace(draft.id, 1, wanted.clone()).unwrap_err();
    assert_eq!(stale.code, Code::VersionMismatch);
    assert_eq!(stand.publish(draft.id, 1).unwrap_err().code, Code::VersionMismatch);
    let out = stand.publish(draft.id, 2).unwrap();
    assert_eq!((out.id, out.stage, out.revision), (draft.id, Stage::Published, 0));
    assert_eq!(stand.read(|work| published(work, "sir-gar", None)).unwrap().definition, wanted);
    // It never changes.
    assert_eq!(stand.replace(draft.id, 2, wanted).unwrap_err().code, Code::StateConflict);
    assert_eq!(stand.publish(draft.id, 2).unwrap_err().code, Code::StateConflict);
    let id = draft.id;
    assert_eq!(stand.write(move |work| discard(work, id, 2)).unwrap_err().code, Code::StateConflict);
    // Two shipped, a draft, a change, a publication.
    assert_eq!(stand.read(audit::verify).unwrap(), Finding::Whole { entries: 5 });
}

#[test]
fn a_flawed_draft_is_kept_and_not_published() {
    let stand = Stand::new();
    let draft = stand.copy(stand.shipped(), "own").unwrap();
    let mut flawed = draft.definition.clone();
    flawed.title.en.clear();
    stand.replace(draft.id, 1, flawed.clone()).unwrap();
    let id = draft.id;
    let held = stand.read(move |work| by_id(work, id)).unwrap();
    assert_eq!(check(&held.definition).first().map(|f| f.kind), Some(FlawKind::MissingLanguage));
    let refused = stand.publish(draft.id, 2).unwrap_err();
    assert_eq!(refused.code, Code::StateConflict);
    assert!(stand.read(|work| published(work, "own", None)).is_err());
    // Another code or version, and what no database stores, is refused.
    let mut other = flawed.clone();
    (other.code, other.version, other.title.cy) = ("bullying".into(), 9, "A\0".into());
    let refused = stand.replace(draft.id, 2, other).unwrap_err();
    let expected =
        [("/code", FaultCode::NotInList), ("/version", FaultCode::NotInList), ("/title/cy", FaultCode::BadCharacter)];
    assert_eq!(faults(&refused), expected);
    stand.write(move |work| discard(work, id, 2)).unwrap();
    assert_eq!(stand.publish(draft.id, 2).unwrap_err().code, Code::NotFound);
}

#[test]
fn codes_are_an_authoritys_own_or_free() {
    let stand = Stand::new();
    let shipped = stand.shipped();
    let taken = |of, code| faults(&stand.copy(of, code).unwrap_err()).first().map(|(_, f)| *f);
    assert_eq!(taken(shipped, "bullying"), Some(FaultCode::Duplicate), "what ships has no version of an authority's");
    assert_eq!(taken(shipped, "Own code"), Some(FaultCode::BadFormat));
    let own = stand.copy(shipped, "own").unwrap();
    assert_eq!(taken(shipped, "own"), Some(FaultCode::Duplicate), "there is a draft of it");
    assert_eq!(stand.copy(own.id, "third").unwrap_err().code, Code::StateConflict, "a draft is not copied");
    stand.publish(own.id, 1).unwrap();
    assert_eq!(taken(shipped, "own"), Some(FaultCode::Duplicate), "it is another's by now");
    // Its own next version, one at a time.
    let next = stand.copy(own.id, "own").unwrap();
    assert_eq!((next.definition.code.as_str(), next.definition.version), ("own", 2));
    assert_eq!(taken(own.id, "own"), Some(FaultCode::Duplicate));
    stand.publish(next.id, 1).unwrap();
    let lines = stand.read(list).unwrap();
    let told: Vec<_> = lines.iter().map(|l| (l.code.as_str(), l.version, l.stage, l.builtin)).collect();
    let published = Stage::Published;
    assert_eq!(
        told,
        [
            ("bullying", 2, published, true),
            ("bullying", 1, published, true),
            ("own", 2, published, false),
            ("own", 1, published, false)
        ]
    );
}
