//! Copies that wait to be downloaded: what is known of each, and its sealed pieces.

mod agreed;
mod end;
mod pieces;
mod read;

pub use end::{Going, LONGEST};

use domain::{
    Identifier, Lang,
    ids::{CopyId, RequestId},
    json,
    map::SourceName,
    permit::{OwnFresh, Work},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::{copy, copy_piece, copy_subject},
    moment,
    sealing::CopyKey,
    vault::{read_identifiers, write_identifiers},
};

/// How often a download may be begun: a line may break, but not for ever.
pub const TRIES: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// Asked for, and not whole yet: nothing of it is given to anybody.
    Preparing,
    Ready,
    /// Downloaded once as a whole; nothing of it is here any more.
    Taken,
    /// Begun as often as it may be, and never arrived.
    Spent,
    /// It could not be written.
    Failed,
}

impl CopyState {
    const ALL: [Self; 5] = domain::all![Preparing, Ready, Taken, Spent, Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Taken => "taken",
            Self::Spent => "spent",
            Self::Failed => "failed",
        }
    }
}

/// For whom one is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyFor {
    /// Whoever asked, of what is their own.
    Oneself,
    /// Whoever an officer has agreed with, by this request.
    Request(RequestId),
}

/// What is known of a copy.
#[derive(Clone, Debug)]
pub struct StoredCopy {
    pub id: CopyId,
    pub made_for: CopyFor,
    pub state: CopyState,
    pub lang: Lang,
    pub asked_at: Timestamp,
    /// When it goes, downloaded or not.
    pub ends_at: Timestamp,
    /// Bytes of the archive, once it is ready.
    pub size: u64,
    pub pieces: u32,
    /// Records written so far.
    pub records: u64,
    /// Records there were to write when it was begun, where they could be counted.
    pub expected: Option<u64>,
    /// What could not be read.
    pub missing: Vec<SourceName>,
    pub tries: u64,
    /// How many identifiers it was asked for with.
    pub people: usize,
}

impl StoredCopy {
    pub const fn tries_left(&self) -> u64 {
        TRIES.saturating_sub(self.tries)
    }
}

/// One that is asked for.
struct NewCopy<'a> {
    id: CopyId,
    made_for: CopyFor,
    lang: Lang,
    asked_at: Timestamp,
    ends_at: Timestamp,
    /// Of whom it is.
    people: &'a [Identifier],
}

/// What became of the reading.
pub struct Finished<'a> {
    pub pieces: u32,
    pub size: u64,
    pub records: u64,
    pub missing: &'a [SourceName],
    /// Further identifiers the copy itself says are theirs: an erasure by one of them withdraws it too.
    pub found: &'a [Identifier],
    pub ends_at: Timestamp,
}

fn subject_place(id: &str) -> String {
    format!("copy.subject:{id}")
}

fn key_place(id: &str) -> String {
    format!("copy.key:{id}")
}

fn made_for(request: Option<&str>) -> Result<CopyFor, StoreError> {
    match request {
        None => Ok(CopyFor::Oneself),
        Some(id) => id.parse().map(CopyFor::Request).map_err(|_| StoreError::Inconsistent { what: "a copy" }),
    }
}

fn read(row: &copy::Model) -> Result<StoredCopy, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a copy" };
    Ok(StoredCopy {
        id: row.id.parse().map_err(|_| damaged())?,
        made_for: made_for(row.request_id.as_deref())?,
        state: CopyState::ALL.into_iter().find(|state| state.as_str() == row.state).ok_or_else(damaged)?,
        lang: Lang::from_tag(&row.lang).ok_or_else(damaged)?,
        asked_at: moment(row.asked_at)?,
        ends_at: moment(row.ends_at)?,
        size: u64::try_from(row.size).map_err(|_| damaged())?,
        pieces: u32::try_from(row.pieces).map_err(|_| damaged())?,
        records: u64::try_from(row.records).map_err(|_| damaged())?,
        expected: row.expected.map(u64::try_from).transpose().map_err(|_| damaged())?,
        missing: serde_json::from_str(&row.missing).map_err(|_| damaged())?,
        tries: u64::try_from(row.tries).map_err(|_| damaged())?,
        people: usize::try_from(row.people).map_err(|_| damaged())?,
    })
}

impl Tx {
    /// Asks for one. Until this transaction ends nobody else can ask for the same person.
    pub async fn ask_for_copy(
        &self,
        permit: &OwnFresh,
        id: CopyId,
        lang: Lang,
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        let people = permit.own().proven();
        self.add_copy(&NewCopy { id, made_for: CopyFor::Oneself, lang, asked_at: now, ends_at, people }).await
    }

    async fn add_copy(&self, new: &NewCopy<'_>) -> Result<(), StoreError> {
        let id = new.id.to_string();
        // Whoever takes one's own has proven all of them; what an officer agreed to is nobody's to take by proving.
        let (request_id, proven) = match new.made_for {
            CopyFor::Oneself => (None, 1),
            CopyFor::Request(request) => (Some(request.to_string()), 0),
        };
        let row = copy::Model {
            state: CopyState::Preparing.as_str().to_owned(),
            lang: new.lang.tag().to_owned(),
            asked_at: new.asked_at.as_millisecond(),
            ends_at: new.ends_at.as_millisecond(),
            people: proven * i32::try_from(new.people.len()).unwrap_or(i32::MAX),
            subject_sealed: self.vault.seal(&subject_place(&id), &write_identifiers(new.people))?.0,
            key_sealed: Vec::new(),
            pieces: 0,
            size: 0,
            records: 0,
            missing: "[]".to_owned(),
            tries: 0,
            tried_at: new.asked_at.as_millisecond(),
            request_id,
            expected: None,
            id: id.clone(),
        };
        copy::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        let indexes = new.people.iter().map(|identifier| self.vault.index(identifier)).collect();
        self.name_people(&id, indexes, proven).await
    }

    async fn name_people(&self, id: &str, indexes: Vec<String>, proven: i32) -> Result<(), StoreError> {
        let rows = indexes.into_iter().map(|subject_index| {
            copy_subject::Model { copy_id: id.to_owned(), subject_index, proven }.into_active_model()
        });
        let key = [copy_subject::Column::CopyId, copy_subject::Column::SubjectIndex];
        for row in rows {
            copy_subject::Entity::insert(row)
                .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(())
    }

    /// Begins to write it, from the beginning: what another worker has left behind goes, and with its key nothing of it
    /// can be taken for a piece of this one. `None` where it is not wanted any more.
    pub async fn begin_copy(
        &self,
        _permit: &Work,
        id: CopyId,
        key: &CopyKey,
    ) -> Result<Option<(StoredCopy, Vec<Identifier>)>, StoreError> {
        let text = id.to_string();
        let preparing = copy::Column::State.eq(CopyState::Preparing.as_str());
        let Some(row) = copy::Entity::find_by_id(&text).filter(preparing).one(&self.inner).await? else {
            return Ok(None);
        };
        copy_piece::Entity::delete_many().filter(copy_piece::Column::CopyId.eq(&text)).exec(&self.inner).await?;
        copy::Entity::update_many()
            .col_expr(copy::Column::KeySealed, Expr::value(self.vault.seal(&key_place(&text), key.bytes())?.0))
            .col_expr(copy::Column::Records, Expr::value(0_i64))
            .col_expr(copy::Column::Expected, Expr::value(Option::<i64>::None))
            .filter(copy::Column::Id.eq(&text))
            .exec(&self.inner)
            .await?;
        let people = read_identifiers(&self.vault.open(&subject_place(&text), &row.subject_sealed)?)?;
        Ok(Some((read(&row)?, people)))
    }

    /// How many records there are to write, before the first is written.
    pub async fn expect_records(&self, _permit: &Work, id: CopyId, expected: u64) -> Result<(), StoreError> {
        copy::Entity::update_many()
            .col_expr(copy::Column::Expected, Expr::value(i64::try_from(expected).unwrap_or(i64::MAX)))
            .filter(copy::Column::Id.eq(id.to_string()))
            .filter(copy::Column::State.eq(CopyState::Preparing.as_str()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// It is whole, and may be given out. False where it is not wanted any more.
    pub async fn finish_copy(&self, _permit: &Work, id: CopyId, made: &Finished<'_>) -> Result<bool, StoreError> {
        let text = id.to_string();
        let finished = copy::Entity::update_many()
            .col_expr(copy::Column::State, Expr::value(CopyState::Ready.as_str()))
            .col_expr(copy::Column::Pieces, Expr::value(i32::try_from(made.pieces).unwrap_or(i32::MAX)))
            .col_expr(copy::Column::Size, Expr::value(i64::try_from(made.size).unwrap_or(i64::MAX)))
            .col_expr(copy::Column::Records, Expr::value(i64::try_from(made.records).unwrap_or(i64::MAX)))
            .col_expr(copy::Column::Missing, Expr::value(json::text(made.missing)))
            .col_expr(copy::Column::EndsAt, Expr::value(made.ends_at.as_millisecond()))
            .filter(copy::Column::Id.eq(&text))
            .filter(copy::Column::State.eq(CopyState::Preparing.as_str()))
            .exec(&self.inner)
            .await?;
        if finished.rows_affected == 0 {
            return Ok(false);
        }
        self.name_people(&text, made.found.iter().map(|identifier| self.vault.index(identifier)).collect(), 0).await?;
        Ok(true)
    }
}
