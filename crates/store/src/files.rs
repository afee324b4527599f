//! Files that belong to requests, sealed: name and content are read only by opening them.

use std::collections::BTreeSet;

use domain::{
    actor::Actor,
    audit::actor_name,
    file::{Content, File, FiledAs, Media},
    ids::{FileId, RequestId},
    permit::Work,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use crate::{
    Store, StoreError, Tx,
    entity::{file, request},
    forget::closed_before,
    moment,
    requests::Request,
};

/// A file without its content.
#[derive(Clone, Debug)]
pub struct Filed {
    pub id: FileId,
    pub filed_as: FiledAs,
    pub media: Media,
    pub size: u64,
    pub actor: String,
    pub at: Timestamp,
    pub name: domain::Personal,
}

fn name_place(id: &str) -> String {
    format!("file.name:{id}")
}

fn content_place(id: &str) -> String {
    format!("file.content:{id}")
}

/// Everything but the content, which may be large.
type Row = (String, String, Option<String>, String, i64, String, i64, Vec<u8>);

fn heads(find: Select<file::Entity>) -> Select<file::Entity> {
    find.select_only().columns([
        file::Column::Id,
        file::Column::FiledAs,
        file::Column::Side,
        file::Column::Media,
        file::Column::Size,
        file::Column::Actor,
        file::Column::At,
        file::Column::NameSealed,
    ])
}

/// Evidence of requests that have been closed since before `before`, but for what a hold keeps.
fn spent(before: Timestamp, held: &BTreeSet<RequestId>) -> Select<file::Entity> {
    let closed = closed_before(before).select_only().column(request::Column::Id).into_query();
    file::Entity::find()
        .filter(file::Column::FiledAs.eq(FiledAs::Evidence.as_str()))
        .filter(file::Column::RequestId.in_subquery(closed))
        .filter(file::Column::RequestId.is_not_in(held.iter().map(ToString::to_string)))
}

impl Tx {
    pub async fn add_file(
        &self,
        id: FileId,
        request: RequestId,
        filed_as: FiledAs,
        new: &File,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = id.to_string();
        let content = new.content.reveal();
        let row = file::Model {
            request_id: request.to_string(),
            filed_as: filed_as.as_str().to_owned(),
            side: filed_as.side().map(str::to_owned),
            media: new.media.mime().to_owned(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            actor: actor_name(actor),
            at: now.as_millisecond(),
            name_sealed: self.vault.seal(&name_place(&id), new.name.reveal().as_bytes())?.0,
            content_sealed: self.vault.seal(&content_place(&id), content)?.0,
            id,
        };
        file::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Evidence of requests closed since before `before`. How many files went.
    pub async fn forget_evidence(
        &self,
        _permit: &Work,
        before: Timestamp,
        held: &BTreeSet<RequestId>,
    ) -> Result<u64, StoreError> {
        let ids = spent(before, held).select_only().column(file::Column::Id);
        let ids: Vec<String> = ids.limit(500u64).into_tuple().all(&self.inner).await?;
        let gone = file::Entity::delete_many().filter(file::Column::Id.is_in(ids)).exec(&self.inner).await?;
        Ok(gone.rows_affected)
    }
}

impl Store {
    /// The files of a request one has already been shown to be allowed to see.
    pub async fn files(&self, request: &Request) -> Result<Vec<Filed>, StoreError> {
        let mine = file::Column::RequestId.eq(request.id.to_string());
        let find = file::Entity::find().filter(mine).order_by_asc(file::Column::At).order_by_asc(file::Column::Id);
        let rows: Vec<Row> = heads(find).into_tuple().all(self.read()).await?;
        rows.into_iter().map(|row| self.filed(row)).collect()
    }

    fn filed(&self, (id, filed_as, reader, media, size, actor, at, name): Row) -> Result<Filed, StoreError> {
        let damaged = || StoreError::Inconsistent { what: "a file" };
        Ok(Filed {
            filed_as: FiledAs::parse(&filed_as, reader.as_deref()).ok_or_else(damaged)?,
            media: Media::from_mime(&media).ok_or_else(damaged)?,
            size: u64::try_from(size).map_err(|_| damaged())?,
            actor,
            at: moment(at)?,
            name: self.vault().open_text(&name_place(&id), &name)?,
            id: id.parse().map_err(|_| damaged())?,
        })
    }

    /// One of them, opened.
    pub async fn file_content(&self, request: &Request, id: FileId) -> Result<Option<Content>, StoreError> {
        let mine = file::Column::RequestId.eq(request.id.to_string());
        let Some(row) = file::Entity::find_by_id(id.to_string()).filter(mine).one(self.read()).await? else {
            return Ok(None);
        };
        let content = self.vault().open(&content_place(&row.id), &row.content_sealed)?;
        Ok(Some(Content::new(content.to_vec())))
    }

    pub async fn spent_evidence(
        &self,
        _permit: &Work,
        before: Timestamp,
        held: &BTreeSet<RequestId>,
    ) -> Result<u64, StoreError> {
        Ok(spent(before, held).count(self.read()).await?)
    }
}
