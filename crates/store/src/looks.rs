//! Who looked at somebody's data: by the audit log, which nobody can change, and what is sealed beside it because it is
//! personal.

use std::collections::BTreeMap;

use domain::{
    Identifier, Personal,
    actor::{Actor, StaffRole},
    audit::{Action, actor_name},
    ids::{RequestId, RequestNumber},
    look::{Because, LookDetail, Looker, Seen, Spot},
    permit::{Decide, Own, Work},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Store, StoreError, Tx,
    entity::{audit, look, look_subject, program, request, staff},
    moment,
    own::about,
    requests::{Request, indexes},
};

/// Somebody other than the person looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its entry in the audit log: lists go on after it.
    pub seq: i64,
    pub at: Timestamp,
    pub who: Looker,
    /// Of which request.
    pub number: Option<RequestNumber>,
    pub seen: Seen,
    pub because: Because,
}

/// What is kept of a look besides its entry in the audit log.
#[derive(Debug, Default)]
pub struct Kept<'a> {
    pub request: Option<RequestId>,
    pub spot: Option<&'a Spot>,
    pub words: Option<&'a Personal>,
    /// Whose data it is, where that is no request's.
    pub of: &'a [Identifier],
}

/// Looks at a request, and what each shows.
const AT_REQUESTS: [Action; 6] = [
    Action::RequestViewed,
    Action::RequestRevealed,
    Action::RecipientSaw,
    Action::OwnerSaw,
    Action::FileOpened,
    Action::UnlockedSeen,
];

fn place(seq: i64) -> String {
    format!("look:{seq}")
}

impl Tx {
    /// A look, in the audit log under `object`.
    pub async fn look(
        &self,
        now: Timestamp,
        actor: &Actor,
        (action, object): (Action, &str),
        detail: serde_json::Value,
        kept: Kept<'_>,
    ) -> Result<(), StoreError> {
        let seq = self.audit(now, actor, action, object, detail).await?;
        let seal = |words: &Personal| self.vault.seal(&place(seq), words.reveal().as_bytes());
        let row = look::Model {
            seq,
            at: now.as_millisecond(),
            actor: actor_name(actor),
            request_id: kept.request.map(|id| id.to_string()),
            spot: kept.spot.map(ToString::to_string),
            words_sealed: kept.words.map(seal).transpose()?.map(|sealed| sealed.0),
        };
        look::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        let mut of: Vec<String> = kept.of.iter().map(|identifier| self.vault.index(identifier)).collect();
        of.sort();
        of.dedup();
        for subject_index in of {
            let row = look_subject::Model { subject_index, seq };
            look_subject::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    /// At whose data somebody looked, where that was no request's. That they did stays in the audit log.
    pub async fn forget_looks(&self, _permit: &Work, before: Timestamp) -> Result<(), StoreError> {
        let old = look::Column::At.lt(before.as_millisecond()).and(look::Column::RequestId.is_null());
        self.forget_looks_where(old).await
    }

    pub(crate) async fn forget_looks_of(&self, request: &str) -> Result<(), StoreError> {
        self.forget_looks_where(look::Column::RequestId.eq(request)).await
    }

    async fn forget_looks_where(&self, which: Expr) -> Result<(), StoreError> {
        let seqs = Query::select().column(look::Column::Seq).from(look::Entity).and_where(which.clone()).to_owned();
        look_subject::Entity::delete_many()
            .filter(look_subject::Column::Seq.in_subquery(seqs))
            .exec(&self.inner)
            .await?;
        look::Entity::delete_many().filter(which).exec(&self.inner).await?;
        Ok(())
    }
}

impl Store {
    /// Who looked at one's own request, the last first.
    pub async fn looks(&self, _permit: &Own, request: &Request) -> Result<Vec<Look>, StoreError> {
        let rows = audit::Entity::find()
            .filter(audit::Column::Object.eq(request.number.as_str()))
            .filter(audit::Column::Action.is_in(AT_REQUESTS.map(Action::name)))
            .order_by_desc(audit::Column::Seq)
            .all(self.read())
            .await?;
        self.read_looks(rows).await
    }

    /// Who looked at what is held about somebody, the last first, before the entry `before`.
    pub async fn looks_at(&self, permit: &Own, before: Option<i64>, most: u64) -> Result<Vec<Look>, StoreError> {
        let numbers = Query::select()
            .column(request::Column::Number)
            .from(request::Entity)
            .and_where(request::Column::Id.in_subquery(about(self.vault(), permit)))
            .to_owned();
        let seqs = Query::select()
            .column(look_subject::Column::Seq)
            .from(look_subject::Entity)
            .and_where(look_subject::Column::SubjectIndex.is_in(indexes(self.vault(), permit)))
            .to_owned();
        let at_requests =
            audit::Column::Object.in_subquery(numbers).and(audit::Column::Action.is_in(AT_REQUESTS.map(Action::name)));
        // Two lists, each led by an index, and not one with an `OR`.
        let mut rows = Vec::new();
        for theirs in [at_requests, audit::Column::Seq.in_subquery(seqs)] {
            let some = audit::Entity::find()
                .filter(theirs)
                .filter(audit::Column::Seq.lt(before.unwrap_or(i64::MAX)))
                .order_by_desc(audit::Column::Seq)
                .limit(most);
            rows.extend(some.all(self.read()).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
        rows.dedup_by_key(|row| row.seq);
        rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        self.read_looks(rows).await
    }

    /// What an officer has had shown of a request since then.
    pub async fn spots_seen(
        &self,
        _permit: &Decide,
        actor: &Actor,
        request: RequestId,
        since: Timestamp,
    ) -> Result<Vec<Spot>, StoreError> {
        let spots: Vec<Option<String>> = look::Entity::find()
            .select_only()
            .column(look::Column::Spot)
            .filter(look::Column::RequestId.eq(request.to_string()))
            .filter(look::Column::Actor.eq(actor_name(actor)))
            .filter(look::Column::At.gte(since.as_millisecond()))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(spots.into_iter().flatten().filter_map(|spot| Spot::parse(&spot)).collect())
    }

    async fn read_looks(&self, rows: Vec<audit::Model>) -> Result<Vec<Look>, StoreError> {
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let sealed = look::Entity::find()
            .filter(look::Column::Seq.is_in(seqs))
            .filter(look::Column::WordsSealed.is_not_null())
            .all(self.read())
            .await?;
        let open = |row: look::Model| {
            let words = row.words_sealed.unwrap_or_default();
            Ok((row.seq, self.vault().open_text(&place(row.seq), &words)?))
        };
        let mut words: BTreeMap<i64, Personal> = sealed.into_iter().map(open).collect::<Result<_, StoreError>>()?;
        let lookers = self.lookers(&rows).await?;
        rows.into_iter()
            .filter_map(|row| {
                let words = words.remove(&row.seq);
                read(&row, words, &lookers).transpose()
            })
            .collect()
    }

    /// Those of the staff and of the programs that looked, as entries name them.
    async fn lookers(&self, rows: &[audit::Model]) -> Result<BTreeMap<String, Looker>, StoreError> {
        let named = |kind: &str| -> Vec<String> {
            rows.iter().filter_map(|row| row.actor.strip_prefix(kind).map(str::to_owned)).collect()
        };
        let staff = staff::Entity::find().filter(staff::Column::Id.is_in(named("staff:"))).all(self.read()).await?;
        let role = |role: &str| role.parse::<StaffRole>().ok();
        let staff = staff.into_iter().map(|row| (format!("staff:{}", row.id), Looker::Staff(role(&row.role))));
        let programs = program::Entity::find().filter(program::Column::Id.is_in(named("program:"))).all(self.read());
        let programs =
            programs.await?.into_iter().map(|row| (format!("program:{}", row.id), Looker::Program(Some(row.name))));
        Ok(staff.chain(programs).collect())
    }
}

/// Nothing for what the person did themselves, or a program for them that is told of elsewhere.
fn read(
    row: &audit::Model,
    words: Option<Personal>,
    lookers: &BTreeMap<String, Looker>,
) -> Result<Option<Look>, StoreError> {
    // Entries from before looks were written down in detail read as those without any.
    let detail: LookDetail = serde_json::from_str(&row.detail).unwrap_or_default();
    let Some(seen) = Action::parse(&row.action).and_then(|action| seen(action, &detail)) else { return Ok(None) };
    let because = Because::of(&detail, words);
    let (who, because) = match (lookers.get(&row.actor), row.actor.as_str()) {
        (Some(who), _) => (who.clone(), because),
        // By a link: of the two only a recipient or a system's owner has one.
        (None, "system") => match (detail.recipient, detail.source) {
            (Some(recipient), _) => (Looker::Recipient(recipient), Because::Work),
            (None, Some(source)) => (Looker::Owner(source), Because::Work),
            (None, None) => return Ok(None),
        },
        (None, actor) if actor.starts_with("staff:") => (Looker::Staff(None), because),
        (None, actor) if actor.starts_with("program:") => (Looker::Program(None), because),
        (None, _) => return Ok(None),
    };
    let number = RequestNumber::parse(&row.object);
    Ok(Some(Look { seq: row.seq, at: moment(row.at)?, who, number, seen, because }))
}

fn seen(action: Action, detail: &LookDetail) -> Option<Seen> {
    const SHOWN: [Action; 3] = [Action::RequestRevealed, Action::RecipientSaw, Action::OwnerSaw];
    if SHOWN.contains(&action) {
        return Some(Seen::InFull(detail.shown.clone()));
    }
    let others = [
        (Action::RequestViewed, Seen::Masked),
        (Action::FileOpened, Seen::File),
        (Action::UnlockedSeen, Seen::Unlocked),
        (Action::PersonSearched, Seen::Searched),
        (Action::CustomerRevealed, Seen::Records),
        (Action::CopyTaken, Seen::Records),
    ];
    others.into_iter().find(|(of, _)| *of == action).map(|(_, seen)| seen)
}
