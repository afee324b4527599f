//! The append-only audit log. Entries are written in the transaction of what they record.

use std::sync::PoisonError;

use domain::{
    actor::Actor,
    audit::{Action, Broken, Entry, GENESIS, Group, SoughtActor, Verifier, actor_name},
    china,
    ids::RequestNumber,
    permit::ReadAudit,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseConnection, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};

use crate::{
    Store, StoreError, Tx,
    entity::{audit, audit_mark},
    moment,
};

/// `PostgreSQL` lets writers run side by side; a chain has one end.
const CHAIN_LOCK: i64 = 0x7169_6e67;
const MARK: i64 = 1;

/// Which entries somebody wants to see: those that are all of it.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    pub group: Option<Group>,
    pub number: Option<RequestNumber>,
    pub actor: Option<SoughtActor>,
    /// The first and the last day, as days are in China.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// How much of the log is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    Whole,
    /// What was written since it was last found intact.
    New,
}

impl Tx {
    /// Adds an entry at the end of the chain. `detail` holds counts, codes and digests only.
    pub async fn audit(
        &self,
        now: Timestamp,
        actor: &Actor,
        action: Action,
        object: impl Into<String>,
        detail: serde_json::Value,
    ) -> Result<i64, StoreError> {
        if self.inner.get_database_backend() == DatabaseBackend::Postgres {
            self.inner.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({CHAIN_LOCK})")).await?;
        }
        let mark = audit_mark::Entity::find_by_id(MARK).one(&self.inner).await?;
        let (last, previous) = match mark {
            Some(mark) => (mark.seq, hash_of(&mark.hash)?),
            None => (0, GENESIS),
        };
        let at = moment(now.as_millisecond())?;
        let entry =
            Entry { seq: last + 1, at, actor: actor_name(actor), action: action.name(), object: object.into(), detail };
        let hash = entry.hash(&previous);
        let row = audit::Model {
            seq: entry.seq,
            at: at.as_millisecond(),
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            detail: entry.detail.to_string(),
            hash: hash.to_vec(),
        };
        audit::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        let mark = audit_mark::ActiveModel {
            id: Set(MARK),
            seq: Set(last + 1),
            hash: Set(hash.to_vec()),
            mac: Set(self.vault.mark(last + 1, &hash)),
        };
        let columns = [audit_mark::Column::Seq, audit_mark::Column::Hash, audit_mark::Column::Mac];
        audit_mark::Entity::insert(mark)
            .on_conflict(OnConflict::column(audit_mark::Column::Id).update_columns(columns).to_owned())
            .exec_without_returning(&self.inner)
            .await?;
        Ok(last + 1)
    }
}

impl Store {
    /// Whether something was entered about this object.
    pub async fn is_audited(&self, object: &str) -> Result<bool, StoreError> {
        let of = audit::Entity::find().filter(audit::Column::Object.eq(object));
        Ok(of.limit(1u64).one(self.read()).await?.is_some())
    }

    /// Walks the chain. The number of entries, or what is wrong and where.
    pub async fn verify_audit(&self, walk: Walk) -> Result<Result<i64, Broken>, StoreError> {
        let from = match walk {
            Walk::Whole => Verifier::default(),
            Walk::New => self.intact.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        let (verdict, intact) = match self.walk_on(from).await? {
            Ok(verifier) => (Ok(verifier.last().0), verifier),
            Err(broken) => (Err(broken), Verifier::default()),
        };
        *self.intact.lock().unwrap_or_else(PoisonError::into_inner) = intact;
        Ok(verdict)
    }

    /// To the end, which must be the one that is marked.
    async fn walk_on(&self, mut verifier: Verifier) -> Result<Result<Verifier, Broken>, StoreError> {
        // The mark before the entries: those written after it was read continue the chain and are no gap.
        let mark = audit_mark::Entity::find_by_id(MARK).one(self.read()).await?;
        let at_mark = |verifier: &Verifier| {
            let (last, hash) = verifier.last();
            mark.as_ref().is_some_and(|mark| mark.seq == last).then(|| hash.to_vec())
        };
        let mut hash_at_mark = at_mark(&verifier);
        loop {
            let (seen, _) = verifier.last();
            let page = page(self.read(), audit::Column::Seq.gt(seen), 1000).await?;
            if page.is_empty() {
                break;
            }
            for (entry, hash) in page {
                if let Err(broken) = verifier.check(&entry, &hash) {
                    return Ok(Err(broken));
                }
                hash_at_mark = hash_at_mark.or_else(|| at_mark(&verifier));
            }
        }
        let (last, _) = verifier.last();
        Ok(match mark {
            None if last == 0 => Ok(verifier),
            None => Err(Broken::NoMark),
            Some(mark) if mark.mac != self.vault().mark(mark.seq, &mark.hash) => Err(Broken::NoMark),
            Some(mark) if hash_at_mark.as_ref() != Some(&mark.hash) => Err(Broken::CutOff { last, expected: mark.seq }),
            Some(_) => Ok(verifier),
        })
    }

    /// One entry with the hash of the one before it.
    pub(crate) async fn audit_link(&self, seq: i64) -> Result<Option<(Entry, [u8; 32])>, StoreError> {
        let before = match audit::Entity::find_by_id(seq - 1).one(self.read()).await? {
            Some(row) => hash_of(&row.hash)?,
            None => GENESIS,
        };
        let found = audit::Entity::find_by_id(seq).one(self.read()).await?;
        found.map(|row| Ok((entry(row)?.0, before))).transpose()
    }

    /// The links of the entries from `first` on, at most `most`.
    pub(crate) async fn audit_links(&self, first: i64, most: u64) -> Result<Vec<[u8; 32]>, StoreError> {
        let rows: Vec<Vec<u8>> = audit::Entity::find()
            .select_only()
            .column(audit::Column::Hash)
            .filter(audit::Column::Seq.gte(first))
            .order_by_asc(audit::Column::Seq)
            .limit(most)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.iter().map(|hash| hash_of(hash)).collect()
    }

    /// How many entries there are.
    pub(crate) async fn audit_size(&self) -> Result<u64, StoreError> {
        let mark = audit_mark::Entity::find_by_id(MARK).one(self.read()).await?;
        Ok(mark.and_then(|mark| u64::try_from(mark.seq).ok()).unwrap_or(0))
    }

    /// The newest entries before `before`, newest first.
    pub async fn audit_page(
        &self,
        permit: ReadAudit,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<Entry>, StoreError> {
        self.audit_sought(permit, &Sought::default(), before, most).await
    }

    /// The newest of those sought before `before`, newest first.
    pub async fn audit_sought(
        &self,
        _permit: ReadAudit,
        sought: &Sought,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<Entry>, StoreError> {
        let group = sought.group.map(|group| audit::Column::Action.is_in(group.actions().map(Action::name)));
        let number = sought.number.as_ref().map(|number| audit::Column::Object.eq(number.as_str()));
        let actor = sought.actor.map(|actor| audit::Column::Actor.is_in(actor.names()));
        let from = sought.from.map(|from| audit::Column::At.gte(china::midnight(from).as_millisecond()));
        let to = sought.to.map(|to| audit::Column::At.lt(china::end(to).as_millisecond()));
        let wanted =
            Condition::all().add_option(group).add_option(number).add_option(actor).add_option(from).add_option(to);
        let rows = audit::Entity::find()
            .filter(audit::Column::Seq.lt(before.unwrap_or(i64::MAX)))
            .filter(wanted)
            .order_by_desc(audit::Column::Seq)
            .limit(most)
            .all(self.read())
            .await?;
        rows.into_iter().map(|row| Ok(entry(row)?.0)).collect()
    }
}

async fn page(
    db: &DatabaseConnection,
    filter: sea_orm::sea_query::Expr,
    most: u64,
) -> Result<Vec<(Entry, Vec<u8>)>, StoreError> {
    let rows = audit::Entity::find().filter(filter).order_by_asc(audit::Column::Seq).limit(most).all(db).await?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: audit::Model) -> Result<(Entry, Vec<u8>), StoreError> {
    // Detail that is no longer JSON was tampered with: it hashes to something else.
    let detail = serde_json::from_str(&row.detail).unwrap_or(serde_json::Value::Null);
    let entry =
        Entry { seq: row.seq, at: moment(row.at)?, actor: row.actor, action: row.action, object: row.object, detail };
    Ok((entry, row.hash))
}

fn hash_of(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Inconsistent { what: "the end of the audit log" })
}

/// For tests of tampering: changes an entry behind the chain's back.
#[doc(hidden)]
pub async fn tamper(store: &Store, seq: i64, actor: &str) -> Result<(), StoreError> {
    audit::ActiveModel { seq: sea_orm::Unchanged(seq), actor: Set(actor.to_owned()), ..Default::default() }
        .update(store.read())
        .await?;
    Ok(())
}
