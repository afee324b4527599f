//! Who agreed to what, when, where, and under which version of the policy. Entries are added, and none is
//! taken out: one that somebody else made for a person, and that was not their word after all, says so.

use domain::{
    consent::{Cover, How},
    ids::RequestId,
    map::MapHash,
    permit::Own,
    said::{ConsentAnswer, Said},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{Store, StoreError, Tx, entity::consent, moment};

/// The most that is read of one person's.
const MOST: u64 = 1_000;

impl Tx {
    pub async fn add_consent(&self, id: uuid::Uuid, own: &Own, said: &Said) -> Result<(), StoreError> {
        for (n, identifier) in own.proven().iter().enumerate() {
            let row = consent::Model {
                id: format!("{id}-{n}"),
                subject_index: self.vault.index(identifier),
                purpose: said.purpose.clone(),
                map_hash: said.version.0.clone(),
                answer: said.answer.as_str().to_owned(),
                answered_at: said.at.as_millisecond(),
                cover: said.cover.as_str().to_owned(),
                how: said.how.as_str().to_owned(),
                request_id: said.request.map(|request| request.to_string()),
                unsaid_at: None,
            };
            consent::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }
}

impl Tx {
    /// What a request had said for somebody was not their word. How many entries it was. Those from before they named their
    /// request are told by their purpose, and how and when it was said.
    pub async fn unsay(
        &self,
        own: &Own,
        request: RequestId,
        (purpose, how, at): (&str, How, Timestamp),
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let theirs = own.proven().iter().map(|identifier| self.vault.index(identifier));
        let before = Condition::all()
            .add(consent::Column::RequestId.is_null())
            .add(consent::Column::Purpose.eq(purpose))
            .add(consent::Column::How.eq(how.as_str()))
            .add(consent::Column::AnsweredAt.eq(at.as_millisecond()));
        let unsaid = consent::Entity::update_many()
            .col_expr(consent::Column::UnsaidAt, Expr::value(now.as_millisecond()))
            .filter(consent::Column::UnsaidAt.is_null())
            .filter(consent::Column::SubjectIndex.is_in(theirs))
            .filter(Condition::any().add(consent::Column::RequestId.eq(request.to_string())).add(before))
            .exec(&self.inner)
            .await?;
        Ok(unsaid.rows_affected)
    }
}

impl Store {
    /// All that somebody has said, their last word first.
    pub async fn consents(&self, own: &Own) -> Result<Vec<Said>, StoreError> {
        let mine: Vec<String> = own.proven().iter().map(|identifier| self.vault().index(identifier)).collect();
        let rows = consent::Entity::find()
            .filter(consent::Column::SubjectIndex.is_in(mine))
            .filter(consent::Column::UnsaidAt.is_null())
            .order_by_desc(consent::Column::AnsweredAt)
            .order_by_desc(consent::Column::Id)
            .limit(MOST)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a consent" };
        let read = |row: consent::Model| {
            Ok(Said {
                purpose: row.purpose,
                cover: Cover::parse(&row.cover).ok_or_else(damaged)?,
                answer: ConsentAnswer::parse(&row.answer).ok_or_else(damaged)?,
                version: MapHash(row.map_hash),
                how: How::parse(&row.how).ok_or_else(damaged)?,
                request: row.request_id.map(|id| id.parse().map_err(|_| damaged())).transpose()?,
                at: moment(row.answered_at)?,
            })
        };
        let mut all: Vec<Said> = rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        // Said once, kept for each identifier.
        all.dedup();
        Ok(all)
    }
}
