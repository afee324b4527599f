//! Recipients of what was erased, corrected or stopped, and how far they know (GB/T 35273 §8.3).

use std::collections::BTreeSet;

use domain::{
    Personal,
    given::{FoundBy, Given},
    ids::{RequestId, RequestNumber, StaffId},
    json,
    map::{Kind, TableName},
    permit::{Decide, ReadRequests, Work},
    request::StageName,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Store, StoreError, Tx,
    entity::{notified, request},
    moment,
};

/// What is sealed for one opens for no other.
fn place(id: Uuid) -> String {
    format!("notified:{id}")
}

#[derive(Clone, Debug)]
pub struct Notified {
    pub id: Uuid,
    pub request: RequestId,
    /// By its name in the map.
    pub recipient: String,
    /// Of which tables they got rows.
    pub tables: BTreeSet<TableName>,
    pub knows: Knows,
}

#[derive(Clone, Debug)]
pub enum Knows {
    /// Somebody has to tell them by hand: the map has no address to write to.
    NotYet,
    Told {
        at: Timestamp,
        by: ToldBy,
        /// By a second mail, as no answer came.
        reminded: Option<Timestamp>,
    },
    /// They have done their part.
    Confirmed { at: Timestamp, note: Option<String> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    Mail,
    Staff(StaffId),
}

fn read(row: notified::Model) -> Result<Notified, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a recipient's notice" };
    let knows = match (row.confirmed_at, row.told_at) {
        (Some(at), _) => Knows::Confirmed { at: moment(at)?, note: row.note },
        (None, Some(at)) => {
            let staff = row.told_by.map(|staff| staff.parse().map_err(|_| damaged())).transpose()?;
            let by = staff.map_or(ToldBy::Mail, ToldBy::Staff);
            Knows::Told { at: moment(at)?, by, reminded: row.reminded_at.map(moment).transpose()? }
        }
        (None, None) => Knows::NotYet,
    };
    let tables: Vec<String> = serde_json::from_str(&row.tables).map_err(|_| damaged())?;
    Ok(Notified {
        id: Uuid::try_parse(&row.id).map_err(|_| damaged())?,
        request: row.request_id.parse().map_err(|_| damaged())?,
        recipient: row.recipient,
        tables: tables.iter().map(|name| TableName::parse(name).ok_or_else(damaged)).collect::<Result<_, _>>()?,
        knows,
    })
}

/// As it is kept: the tables, and sealed by what the rows can be found.
fn written(given: &Given) -> (String, Zeroizing<Vec<u8>>) {
    let revealed: Vec<(Kind, &str)> = given.found_by.iter().map(|one| (one.kind, one.value.reveal())).collect();
    let tables: Vec<String> = given.tables.iter().map(ToString::to_string).collect();
    let found_by = Zeroizing::new(json::bytes(&(revealed, given.more)));
    (json::text(&tables), found_by)
}

/// Written to by then, and neither confirmed nor told by anybody since.
fn unanswered(by: Timestamp) -> SimpleExpr {
    notified::Column::ToldAt
        .lte(by.as_millisecond())
        .and(notified::Column::ToldBy.is_null())
        .and(notified::Column::ConfirmedAt.is_null())
}

impl Tx {
    /// They got something of what is about to go.
    pub async fn to_notify(
        &self,
        _: &Work,
        (id, request, recipient): (Uuid, RequestId, &str),
        given: &Given,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tables, found_by) = written(given);
        let row = notified::Model {
            id: id.to_string(),
            request_id: request.to_string(),
            recipient: recipient.to_owned(),
            created_at: now.as_millisecond(),
            tables,
            found_by_sealed: Some(self.vault.seal(&place(id), &found_by)?.0),
            told_at: None,
            told_by: None,
            link_hash: None,
            reminded_at: None,
            reminder_hash: None,
            confirmed_at: None,
            note: None,
        };
        notified::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// A run begins anew: what the one before had found is no longer so.
    pub async fn not_to_notify(&self, _: &Work, request: RequestId) -> Result<(), StoreError> {
        notified::Entity::delete_many()
            .filter(notified::Column::RequestId.eq(request.to_string()))
            .filter(notified::Column::ToldAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// A mail goes out with a link, of whose secret only a keyed hash is kept.
    pub async fn told_by_mail(&self, _: &Work, id: Uuid, link: &Personal, now: Timestamp) -> Result<(), StoreError> {
        notified::Entity::update_many()
            .col_expr(notified::Column::ToldAt, Expr::value(now.as_millisecond()))
            .col_expr(notified::Column::LinkHash, Expr::value(self.vault.index_text("notified", link.reveal())))
            .filter(notified::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// A second mail with a link of its own: the first still works. Once, and not to whoever knows by now.
    pub async fn reminded_by_mail(
        &self,
        _: &Work,
        id: Uuid,
        link: &Personal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let done = notified::Entity::update_many()
            .col_expr(notified::Column::RemindedAt, Expr::value(now.as_millisecond()))
            .col_expr(notified::Column::ReminderHash, Expr::value(self.vault.index_text("notified", link.reveal())))
            .filter(notified::Column::Id.eq(id.to_string()))
            .filter(unanswered(now))
            .filter(notified::Column::RemindedAt.is_null())
            .exec(&self.inner)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "a recipient's notice" }) }
    }

    /// Less is gone than was to go: of this they are told.
    pub async fn narrow_notified(&self, _: &Work, id: Uuid, part: Option<&Given>) -> Result<(), StoreError> {
        let Some(part) = part else {
            notified::Entity::delete_by_id(id.to_string()).exec(&self.inner).await?;
            return Ok(());
        };
        let (tables, found_by) = written(part);
        notified::Entity::update_many()
            .col_expr(notified::Column::Tables, Expr::value(tables))
            .col_expr(notified::Column::FoundBySealed, Expr::value(self.vault.seal(&place(id), &found_by)?.0))
            .filter(notified::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Whether a run of this request has noted anybody.
    pub(crate) async fn has_noted(&self, request: RequestId) -> Result<bool, StoreError> {
        let one = notified::Entity::find().filter(notified::Column::RequestId.eq(request.to_string()));
        Ok(one.one(&self.inner).await?.is_some())
    }

    /// Somebody of the staff has told them, whom no mail could tell or who had not answered one since `late`. Once.
    pub async fn told_by_hand(
        &self,
        permit: &Decide,
        id: Uuid,
        late: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let done = notified::Entity::update_many()
            .col_expr(notified::Column::ToldAt, Expr::value(now.as_millisecond()))
            .col_expr(notified::Column::ToldBy, Expr::value(permit.staff().to_string()))
            .col_expr(notified::Column::FoundBySealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(notified::Column::Id.eq(id.to_string()))
            .filter(notified::Column::ToldAt.is_null().or(unanswered(late)))
            .exec(&self.inner)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "a recipient's notice" }) }
    }

    /// Once: a second confirmation finds nothing to confirm.
    pub async fn confirm_notified(&self, id: Uuid, note: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        let done = notified::Entity::update_many()
            .col_expr(notified::Column::ConfirmedAt, Expr::value(now.as_millisecond()))
            .col_expr(notified::Column::Note, Expr::value(note.map(str::to_owned)))
            .col_expr(notified::Column::FoundBySealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(notified::Column::Id.eq(id.to_string()))
            .filter(notified::Column::ConfirmedAt.is_null())
            .exec(&self.inner)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "a recipient's notice" }) }
    }
}

impl Store {
    pub async fn notified(&self, request: RequestId) -> Result<Vec<Notified>, StoreError> {
        let rows = notified::Entity::find()
            .filter(notified::Column::RequestId.eq(request.to_string()))
            .order_by_asc(notified::Column::Recipient)
            .all(&self.db)
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// What a recipient got, and by what they can find it; the latter is gone once they know.
    pub async fn given(&self, of: &Notified) -> Result<Given, StoreError> {
        let row = notified::Entity::find_by_id(of.id.to_string()).one(&self.db).await?;
        let damaged = || StoreError::Inconsistent { what: "a recipient's notice" };
        let (found_by, more): (Vec<(Kind, String)>, bool) = match row.and_then(|row| row.found_by_sealed) {
            Some(sealed) => {
                serde_json::from_slice(&self.vault().open(&place(of.id), &sealed)?).map_err(|_| damaged())?
            }
            None => (Vec::new(), false),
        };
        let found_by =
            found_by.into_iter().map(|(kind, value)| FoundBy { kind, value: Personal::new(value) }).collect();
        Ok(Given { tables: of.tables.clone(), found_by, more })
    }

    /// Recipients a mail went to after `late` and by then, who have neither answered nor been reminded; by their keys,
    /// those after this one.
    pub async fn to_remind(
        &self,
        _: &Work,
        (late, by): (Timestamp, Timestamp),
        after: Option<Uuid>,
        most: u64,
    ) -> Result<Vec<Notified>, StoreError> {
        let rows = notified::Entity::find()
            .filter(unanswered(by))
            .filter(notified::Column::ToldAt.gt(late.as_millisecond()))
            .filter(notified::Column::RemindedAt.is_null())
            .filter(notified::Column::Id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
            .order_by_asc(notified::Column::Id)
            .limit(most)
            .all(&self.db)
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Requests of which somebody has to tell a recipient by hand: whom no mail could tell, or who has not answered one
    /// since `late`. The soonest due first.
    pub async fn waits_to_be_told(
        &self,
        _: &ReadRequests,
        late: Timestamp,
        most: u64,
    ) -> Result<Vec<RequestNumber>, StoreError> {
        let waiting = Query::select()
            .column(notified::Column::RequestId)
            .from(notified::Entity)
            .and_where(notified::Column::ToldAt.is_null().or(unanswered(late)))
            .to_owned();
        let ended = [StageName::Completed, StageName::Answered, StageName::Refused, StageName::Cancelled];
        let rows = request::Entity::find()
            .filter(request::Column::Id.in_subquery(waiting))
            .filter(request::Column::StageName.is_in(ended.map(StageName::as_str)))
            .order_by_asc(request::Column::DueOn)
            .order_by_asc(request::Column::Number)
            .limit(most)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a request's number" };
        rows.iter().map(|row| RequestNumber::parse(&row.number).ok_or_else(damaged)).collect()
    }

    /// What a link is about.
    pub async fn notified_by_link(&self, link: &str) -> Result<Option<Notified>, StoreError> {
        let hash = self.vault().index_text("notified", link);
        let either = notified::Column::LinkHash.eq(hash.clone()).or(notified::Column::ReminderHash.eq(hash));
        let row = notified::Entity::find().filter(either).one(&self.db).await?;
        row.map(read).transpose()
    }
}
