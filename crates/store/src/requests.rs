//! Requests, their owners, their history and their frozen plans.

use domain::{
    Identifier, Lang,
    ids::{RequestId, RequestNumber, StaffId},
    json,
    permit::{Decide, Own, ReadRequests, Work},
    request::{RequestKind, Requester, Stage, StageName},
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, Statement, UpdateMany,
    sea_query::{Cond, Expr, ExprTrait, Query},
};

use crate::{
    Store, StoreError, Tx,
    entity::{request, request_requester, request_subject},
    jobs::JobKind,
    moment,
    own::about,
    queue::Asked,
    vault::{Vault, read_identifiers, write_identifiers},
};

#[derive(Clone, Debug)]
pub struct Request {
    pub id: RequestId,
    pub number: RequestNumber,
    pub kind: RequestKind,
    pub stage: Stage,
    pub lang: Lang,
    pub received_at: Timestamp,
    pub due: Date,
    /// Who works on it.
    pub owner: Option<StaffId>,
    /// Which colleague gave it to them, where they did not take it themselves.
    pub passed_by: Option<StaffId>,
    pub requester: Requester,
    version: i64,
}

pub struct NewRequest<'a> {
    pub id: RequestId,
    pub number: RequestNumber,
    pub kind: RequestKind,
    pub stage: Stage,
    pub lang: Lang,
    pub requester: Requester,
    /// Whose data this is about: what the person had proven when filing, or what was said of them.
    pub subject: &'a [Identifier],
    /// Who asks, where it is not the subject.
    pub asker: Option<&'a [Identifier]>,
    /// What exactly is asked, where the kind alone does not say.
    pub details: Option<&'a [u8]>,
    pub received_at: Timestamp,
    pub due: Date,
}

/// On whose authority a request is changed.
#[derive(Clone, Copy)]
pub enum Authority<'a> {
    Own(&'a Own),
    Decide(&'a Decide),
    Work(&'a Work),
}

/// Whose data it is may be read by those who decide and by the worker.
#[derive(Clone, Copy)]
pub enum Reader<'a> {
    Staff(&'a ReadRequests),
    Work(&'a Work),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueView {
    /// Waiting for an officer, for the person or for the machine.
    Open,
    Closed,
}

impl QueueView {
    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Closed].into_iter().find(|view| view.as_str() == text)
    }

    /// As it is stored.
    const fn open(self) -> i32 {
        match self {
            Self::Open => 1,
            Self::Closed => 0,
        }
    }

    /// What is soonest due is worked on first; of what is over the latest is asked after.
    pub(crate) const fn order(self) -> Order {
        match self {
            Self::Open => Order::Asc,
            Self::Closed => Order::Desc,
        }
    }

    pub const fn of_state(state: StageName) -> Self {
        if state.is_open() { Self::Open } else { Self::Closed }
    }

    const fn of(stage: &Stage) -> Self {
        Self::of_state(stage.name())
    }

    /// Its requests.
    pub(crate) fn requests(self) -> Select<request::Entity> {
        request::Entity::find().filter(request::Column::Open.eq(self.open()))
    }
}

fn subject_place(id: &str) -> String {
    format!("request.subject:{id}")
}

fn asker_place(id: &str) -> String {
    format!("request.requester:{id}")
}

fn details_place(id: &str) -> String {
    format!("request.details:{id}")
}

/// Changes a request, if nobody else has since it was read.
fn next_version(from: &Request) -> UpdateMany<request::Entity> {
    request::Entity::update_many()
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(from.id.to_string()))
        .filter(request::Column::Version.eq(from.version))
}

pub(crate) fn indexes(vault: &Vault, permit: &Own) -> Vec<String> {
    permit.proven().iter().map(|identifier| vault.index(identifier)).collect()
}

impl Tx {
    pub async fn file(&self, _authority: Authority<'_>, new: &NewRequest<'_>) -> Result<Request, StoreError> {
        let id = new.id.to_string();
        let details = new.details.map(|details| self.vault.seal(&details_place(&id), details)).transpose()?;
        let asker = new.asker.map(|asker| self.vault.seal(&asker_place(&id), &write_identifiers(asker))).transpose()?;
        let row = request::Model {
            number: new.number.to_string(),
            kind: new.kind.as_str().to_owned(),
            stage_name: new.stage.name().as_str().to_owned(),
            stage: json::text(&new.stage),
            lang: new.lang.tag().to_owned(),
            subject_sealed: self.vault.seal(&subject_place(&id), &write_identifiers(new.subject))?.0,
            details_sealed: details.map(|sealed| sealed.0),
            received_at: new.received_at.as_millisecond(),
            due_on: new.due.to_string(),
            version: 1,
            owner: None,
            open: QueueView::of(&new.stage).open(),
            requester: json::text(&new.requester),
            requester_sealed: asker.map(|sealed| sealed.0),
            passed_by: None,
            asked_by_another: Asked::of(new.requester).by_another().unwrap_or_default(),
            id: id.clone(),
        };
        request::Entity::insert(row.clone().into_active_model()).exec_without_returning(&self.inner).await?;
        let subjects = new.subject.iter().map(|identifier| {
            request_subject::Model { request_id: id.clone(), subject_index: self.vault.index(identifier) }
                .into_active_model()
        });
        request_subject::Entity::insert_many(subjects).exec_without_returning(&self.inner).await?;
        for identifier in new.asker.unwrap_or_default() {
            let requester_index = self.vault.index(identifier);
            let row = request_requester::Model { request_id: id.clone(), requester_index };
            request_requester::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        }
        let request = read(&row)?;
        self.announce(&request, &request.stage, request.stage.at()).await?;
        Ok(request)
    }

    /// An open request of this kind about the same person, if there is one. Until this transaction ends nobody else
    /// can file one: two presses of a button at the same instant are one request.
    pub async fn open_already(&self, permit: &Own, kind: RequestKind) -> Result<Option<Request>, StoreError> {
        self.one_at_a_time(permit).await?;
        let open = QueueView::Open.requests().filter(request::Column::Kind.eq(kind.as_str()));
        // What somebody else asks for them is not theirs.
        let own = json::text(&Requester::Subject);
        let open = open.filter(request::Column::Requester.eq(own));
        let row = open.filter(request::Column::Id.in_subquery(about(&self.vault, permit))).one(&self.inner).await?;
        row.as_ref().map(read).transpose()
    }

    /// Whoever else acts for the same person waits until this transaction ends.
    pub async fn one_at_a_time(&self, permit: &Own) -> Result<(), StoreError> {
        // SQLite has one writer at a time anyway.
        if self.inner.get_database_backend() == DatabaseBackend::Postgres {
            // In one order for everybody, or two would wait for each other.
            let mut indexes = indexes(&self.vault, permit);
            indexes.sort();
            for index in indexes {
                let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
                let lock = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [index.into()]);
                self.inner.execute_raw(lock).await?;
            }
        }
        Ok(())
    }

    /// Whether an erasure of one of these is under way, or has ended since.
    pub async fn erased_or_being(
        &self,
        _permit: &Work,
        people: &[Identifier],
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let theirs: Vec<String> = people.iter().map(|identifier| self.vault.index(identifier)).collect();
        let about = Query::select()
            .column(request_subject::Column::RequestId)
            .from(request_subject::Entity)
            .and_where(request_subject::Column::SubjectIndex.is_in(theirs))
            .to_owned();
        let rows = request::Entity::find()
            .filter(request::Column::Id.in_subquery(about))
            .filter(request::Column::StageName.is_in([StageName::Running, StageName::Completed].map(StageName::as_str)))
            .all(&self.inner)
            .await?;
        let requests = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let erasures = requests.iter().filter(|request| request.kind.erases());
        let mut stages = erasures.map(|request| &request.stage);
        Ok(stages.any(|stage| matches!(stage, Stage::Running { .. }) || stage.at() >= since))
    }

    /// Whether nothing has this number yet: of a day's thousands two may be drawn alike.
    pub async fn is_free(&self, number: &RequestNumber) -> Result<bool, StoreError> {
        let taken = request::Entity::find().filter(request::Column::Number.eq(number.as_str()));
        Ok(taken.count(&self.inner).await? == 0)
    }

    /// Moves a request to its next stage. Fails with [`StoreError::Conflict`] when somebody else
    /// moved it since it was read.
    pub async fn move_request(
        &self,
        _authority: Authority<'_>,
        from: &Request,
        to: Stage,
    ) -> Result<Request, StoreError> {
        let moved = next_version(from)
            .col_expr(request::Column::StageName, Expr::value(to.name().as_str()))
            .col_expr(request::Column::Stage, Expr::value(json::text(&to)))
            .col_expr(request::Column::Open, Expr::value(QueueView::of(&to).open()))
            .exec(&self.inner)
            .await?;
        if moved.rows_affected == 0 {
            return Err(StoreError::Conflict { what: "the request" });
        }
        self.announce(from, &to, to.at()).await?;
        // A run had begun before it ended otherwise: who had got what that took away is told.
        if to.ends_unfinished() && self.has_noted(from.id).await? {
            self.enqueue(JobKind::TellOfPart, &from.id.to_string(), to.at()).await?;
        }
        Ok(Request { stage: to, version: from.version + 1, ..from.clone() })
    }

    /// Somebody has looked at what a representative handed in, and answers for it.
    pub async fn check_requester(
        &self,
        _permit: &Decide,
        from: &Request,
        requester: Requester,
    ) -> Result<Request, StoreError> {
        let checked = next_version(from)
            .col_expr(request::Column::Requester, Expr::value(json::text(&requester)))
            .exec(&self.inner)
            .await?;
        if checked.rows_affected == 0 {
            return Err(StoreError::Conflict { what: "the request" });
        }
        Ok(Request { requester, version: from.version + 1, ..from.clone() })
    }

    /// An officer has made of words what exactly is asked.
    pub async fn work_out(&self, _permit: &Decide, from: &Request, details: &[u8]) -> Result<Request, StoreError> {
        let sealed = self.vault.seal(&details_place(&from.id.to_string()), details)?.0;
        let kept =
            next_version(from).col_expr(request::Column::DetailsSealed, Expr::value(sealed)).exec(&self.inner).await?;
        if kept.rows_affected == 0 {
            return Err(StoreError::Conflict { what: "the request" });
        }
        Ok(Request { version: from.version + 1, ..from.clone() })
    }
}

impl Store {
    /// Who asked, and so is told: the subject, where it was not somebody else.
    pub async fn asker(&self, reader: Reader<'_>, id: RequestId) -> Result<Vec<Identifier>, StoreError> {
        match self.row(id).await?.requester_sealed {
            Some(sealed) => read_identifiers(&self.vault().open(&asker_place(&id.to_string()), &sealed)?),
            None => self.subject(reader, id).await,
        }
    }

    async fn row(&self, id: RequestId) -> Result<request::Model, StoreError> {
        let row = request::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        row.ok_or(StoreError::Inconsistent { what: "a request" })
    }

    pub async fn request_by_number(
        &self,
        _permit: &ReadRequests,
        number: &RequestNumber,
    ) -> Result<Option<Request>, StoreError> {
        let row = request::Entity::find().filter(request::Column::Number.eq(number.as_str())).one(self.read()).await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn request_id(&self, _permit: &Work, number: &RequestNumber) -> Result<Option<RequestId>, StoreError> {
        let row = request::Entity::find().filter(request::Column::Number.eq(number.as_str())).one(self.read()).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a request" };
        row.map(|row| row.id.parse().map_err(damaged)).transpose()
    }

    pub async fn request_by_id(&self, _permit: &Work, id: RequestId) -> Result<Option<Request>, StoreError> {
        request::Entity::find_by_id(id.to_string()).one(self.read()).await?.as_ref().map(read).transpose()
    }

    /// Whose data a request is about.
    pub async fn subject(&self, _reader: Reader<'_>, id: RequestId) -> Result<Vec<Identifier>, StoreError> {
        let row = self.row(id).await?;
        if row.subject_sealed.is_empty() {
            // Its time is over, and it was forgotten.
            return Ok(Vec::new());
        }
        read_identifiers(&self.vault().open(&subject_place(&row.id), &row.subject_sealed)?)
    }

    /// What exactly is asked; the person's own or an officer's to read.
    pub async fn details(&self, request: &Request) -> Result<Option<Vec<u8>>, StoreError> {
        let id = request.id.to_string();
        let row = request::Entity::find_by_id(&id).one(self.read()).await?;
        let sealed = row.and_then(|row| row.details_sealed);
        sealed.map(|sealed| Ok(self.vault().open(&details_place(&id), &sealed)?.to_vec())).transpose()
    }

    /// Requests received from one moment on and before another, in that order, after the last one seen.
    pub async fn received_between(
        &self,
        _permit: &ReadRequests,
        from: Timestamp,
        to: Timestamp,
        after: Option<&(Timestamp, RequestId)>,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let mut find = request::Entity::find()
            .filter(request::Column::ReceivedAt.gte(from.as_millisecond()))
            .filter(request::Column::ReceivedAt.lt(to.as_millisecond()));
        if let Some((at, id)) = after {
            let at = at.as_millisecond();
            find =
                find.filter(Cond::any().add(request::Column::ReceivedAt.gt(at)).add(
                    Cond::all().add(request::Column::ReceivedAt.eq(at)).add(request::Column::Id.gt(id.to_string())),
                ));
        }
        let rows = find
            .order_by_asc(request::Column::ReceivedAt)
            .order_by_asc(request::Column::Id)
            .limit(most)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// How many requests are open, and how many of them are overdue.
    pub async fn queue_counts(&self, today: Date) -> Result<(u64, u64), StoreError> {
        let open = || QueueView::Open.requests();
        let overdue = open().filter(request::Column::DueOn.lt(today.to_string()));
        Ok((open().count(self.read()).await?, overdue.count(self.read()).await?))
    }
}

pub(crate) fn read(row: &request::Model) -> Result<Request, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a request" };
    let staff = |id: Option<&str>| id.map(|id| id.parse().map_err(|_| damaged())).transpose();
    Ok(Request {
        id: row.id.parse().map_err(|_| damaged())?,
        number: RequestNumber::parse(&row.number).ok_or_else(damaged)?,
        kind: RequestKind::parse(&row.kind).ok_or_else(damaged)?,
        stage: serde_json::from_str(&row.stage).map_err(|_| damaged())?,
        lang: Lang::from_tag(&row.lang).unwrap_or_default(),
        received_at: moment(row.received_at)?,
        due: row.due_on.parse().map_err(|_| damaged())?,
        owner: staff(row.owner.as_deref())?,
        passed_by: staff(row.passed_by.as_deref())?,
        requester: serde_json::from_str(&row.requester).map_err(|_| damaged())?,
        version: row.version,
    })
}
