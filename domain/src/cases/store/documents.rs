//! The table of documents.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::documents::{Content, MediaType, Scan, StoredDocument};
use crate::db::Work;
use crate::db::schema::case_documents as d;
use crate::db::types::{SealedBytes, Uid, Utc};
use crate::kernel::{Actor, CaseId, Code, DocumentId, Error, Result};
use crate::vault::Sealed;

#[derive(Insertable)]
#[diesel(table_name = d)]
struct NewRow {
    id: DocumentId,
    case_id: CaseId,
    media_type: MediaType,
    size: i64,
    name: SealedBytes,
    content: SealedBytes,
    scan: Scan,
    added_by_kind: &'static str,
    added_by_id: Uid,
    added_at: Utc,
}

pub(in crate::cases) fn insert(
    work: &mut Work<'_>,
    pass: &Grant<CaseId>,
    new: StoredDocument,
    content: Sealed<Content>,
) -> Result<()> {
    let by = new.added_by.uuid().ok_or(Code::Forbidden)?;
    let row = NewRow {
        id: new.id,
        case_id: pass.id(),
        media_type: new.media_type,
        size: new.size,
        name: new.name.into_stored(),
        content: content.into_stored(),
        scan: new.scan,
        added_by_kind: new.added_by.kind(),
        added_by_id: Uid::from_uuid(by),
        added_at: new.added_at,
    };
    diesel::insert_into(d::table).values(&row).execute(work.conn())?;
    Ok(())
}

pub(in crate::cases) fn count(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<i64> {
    Ok(d::table.filter(d::case_id.eq(pass.id())).count().get_result(work.conn())?)
}

/// All but the bytes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = d)]
struct Row {
    id: DocumentId,
    media_type: MediaType,
    size: i64,
    name: SealedBytes,
    scan: Scan,
    added_by_kind: String,
    added_by_id: Uid,
    added_at: Utc,
}

impl Row {
    fn stored(self) -> Result<StoredDocument> {
        let added_by = Actor::from_stored(&self.added_by_kind, Some(self.added_by_id.uuid()));
        Ok(StoredDocument {
            id: self.id,
            name: Sealed::from_stored(self.name),
            media_type: self.media_type,
            size: self.size,
            scan: self.scan,
            added_by: added_by.ok_or_else(|| Error::internal("a document was added by an unknown kind"))?,
            added_at: self.added_at,
        })
    }
}

/// A case's documents, oldest first, without their bytes.
pub(in crate::cases) fn documents(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<Vec<StoredDocument>> {
    let rows: Vec<Row> = d::table
        .filter(d::case_id.eq(pass.id()))
        .order((d::added_at.asc(), d::id.asc()))
        .select(Row::as_select())
        .load(work.conn())?;
    rows.into_iter().map(Row::stored).collect()
}

/// A document of the case with its bytes.
pub(in crate::cases) fn find(
    work: &mut Work<'_>,
    pass: &Grant<CaseId>,
    id: DocumentId,
) -> Result<Option<(StoredDocument, Sealed<Content>)>> {
    let found: Option<(Row, SealedBytes)> = d::table
        .filter(d::case_id.eq(pass.id()))
        .filter(d::id.eq(id))
        .select((Row::as_select(), d::content))
        .first(work.conn())
        .optional()?;
    found.map(|(row, content)| Ok((row.stored()?, Sealed::from_stored(content)))).transpose()
}
