//! The officers' desk: who works on a request, notes that only staff read, and finding a person's requests.

use std::collections::BTreeMap;

use domain::{
    Identifier, Personal,
    actor::StaffRole,
    ids::{RequestId, StaffId},
    permit::{Decide, ReadRequests},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};

use crate::{
    Store, StoreError, Tx,
    entity::{request, request_note, request_subject, staff},
    moment,
    requests::{QueueView, Request, read},
};

/// What one officer tells another.
#[derive(Clone, Debug)]
pub struct Note {
    pub at: Timestamp,
    pub by: StaffId,
    pub words: Personal,
    /// Whose work it became with it.
    pub passed_to: Option<StaffId>,
}

/// Somebody whose work a request can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: StaffId,
    pub name: String,
}

fn place(request: &str, seq: i64) -> String {
    format!("note:{request}:{seq}")
}

impl Tx {
    /// Moves a request from whoever has it, or nobody, to somebody else, or to nobody.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is no longer theirs from whom it is to be taken.
    pub async fn assign(
        &self,
        _permit: &Decide,
        request: RequestId,
        from: Option<StaffId>,
        to: Option<StaffId>,
    ) -> Result<(), StoreError> {
        self.change_owner(request, (from, to), None).await
    }

    /// Likewise, to a colleague, with a note for them.
    pub async fn pass_on(
        &self,
        permit: &Decide,
        request: RequestId,
        (from, to): (Option<StaffId>, StaffId),
        why: &Personal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.change_owner(request, (from, Some(to)), Some(permit.staff())).await?;
        self.write_note(permit, request, why, Some(to), now).await
    }

    async fn change_owner(
        &self,
        request: RequestId,
        (from, to): (Option<StaffId>, Option<StaffId>),
        passed_by: Option<StaffId>,
    ) -> Result<(), StoreError> {
        let theirs = match from {
            Some(staff) => request::Column::Owner.eq(staff.to_string()),
            None => request::Column::Owner.is_null(),
        };
        let moved = request::Entity::update_many()
            .col_expr(request::Column::Owner, Expr::value(to.map(|staff| staff.to_string())))
            .col_expr(request::Column::PassedBy, Expr::value(passed_by.map(|staff| staff.to_string())))
            .filter(request::Column::Id.eq(request.to_string()))
            .filter(theirs)
            .exec(&self.inner)
            .await?;
        if moved.rows_affected == 0 {
            return Err(StoreError::Conflict { what: "a request" });
        }
        Ok(())
    }

    pub async fn add_note(
        &self,
        permit: &Decide,
        request: RequestId,
        words: &Personal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_note(permit, request, words, None, now).await
    }

    async fn write_note(
        &self,
        permit: &Decide,
        request: RequestId,
        words: &Personal,
        passed_to: Option<StaffId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.alone_with(request).await?;
        let request_id = request.to_string();
        let mine = request_note::Column::RequestId.eq(&request_id);
        let seq = request_note::Entity::find().filter(mine).count(&self.inner).await?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let row = request_note::Model {
            body_sealed: self.vault.seal(&place(&request_id, seq), words.reveal().as_bytes())?.0,
            request_id,
            seq,
            at: now.as_millisecond(),
            staff: permit.staff().to_string(),
            passed_to: passed_to.map(|staff| staff.to_string()),
        };
        request_note::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }
}

impl Store {
    /// Only staff read them.
    pub async fn notes(&self, _permit: &ReadRequests, request: RequestId) -> Result<Vec<Note>, StoreError> {
        let id = request.to_string();
        let rows = request_note::Entity::find()
            .filter(request_note::Column::RequestId.eq(&id))
            .order_by_asc(request_note::Column::Seq)
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a note" };
        rows.into_iter()
            .map(|row| {
                Ok(Note {
                    at: moment(row.at)?,
                    by: row.staff.parse().map_err(damaged)?,
                    words: self.vault().open_text(&place(&id, row.seq), &row.body_sealed)?,
                    passed_to: row.passed_to.map(|staff| staff.parse().map_err(damaged)).transpose()?,
                })
            })
            .collect()
    }

    /// All requests of whoever has one of these identifiers, newest first.
    pub async fn requests_by(
        &self,
        _permit: &ReadRequests,
        identifiers: &[Identifier],
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let indexes = identifiers.iter().map(|identifier| self.vault().index(identifier));
        let theirs = request_subject::Entity::find()
            .select_only()
            .column(request_subject::Column::RequestId)
            .filter(request_subject::Column::SubjectIndex.is_in(indexes));
        let ids: Vec<String> = theirs.into_tuple().all(self.read()).await?;
        let rows = request::Entity::find()
            .filter(request::Column::Id.is_in(ids))
            .order_by_desc(request::Column::ReceivedAt)
            .limit(most)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Open requests that share an identifier with this one, the oldest first.
    pub async fn open_beside(
        &self,
        _permit: &ReadRequests,
        request: &Request,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let id = request.id.to_string();
        let theirs = Query::select()
            .column(request_subject::Column::SubjectIndex)
            .from(request_subject::Entity)
            .and_where(request_subject::Column::RequestId.eq(&id))
            .to_owned();
        let share = Query::select()
            .column(request_subject::Column::RequestId)
            .from(request_subject::Entity)
            .and_where(request_subject::Column::SubjectIndex.in_subquery(theirs))
            .to_owned();
        let rows = QueueView::Open
            .requests()
            .filter(request::Column::Id.in_subquery(share))
            .filter(request::Column::Id.ne(id))
            .order_by_asc(request::Column::ReceivedAt)
            .limit(most)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Officers who can sign in, by name: to one who never has, nothing is passed on.
    pub async fn officers(&self, _permit: &ReadRequests) -> Result<Vec<Colleague>, StoreError> {
        let rows = staff::Entity::find()
            .filter(staff::Column::Role.eq(StaffRole::Officer.as_str()))
            .filter(staff::Column::EnrolledAt.is_not_null())
            .filter(staff::Column::LeftAt.is_null())
            .order_by_asc(staff::Column::Name)
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a staff account" };
        rows.into_iter().map(|row| Ok(Colleague { id: row.id.parse().map_err(damaged)?, name: row.name })).collect()
    }

    /// What staff are called, and the company's programs, which do the same through the API.
    pub async fn staff_names(&self, _permit: &ReadRequests) -> Result<BTreeMap<StaffId, String>, StoreError> {
        let rows = staff::Entity::find().all(self.read()).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a staff account" };
        let staff = rows.into_iter().map(|row| Ok((row.id.parse().map_err(damaged)?, row.name)));
        let programs = self.programs().await?.into_iter().map(|program| Ok((program.id, program.name)));
        staff.chain(programs).collect()
    }
}
