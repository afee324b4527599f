//! What of somebody's is still open as it is now: it stands against closing an account, and against nothing else. A
//! deletion takes the account all the same, so whoever asks for one and whoever decides it are told (PIPL art. 47).

use domain::{
    Identifier, Personal, Words,
    actor::Actor,
    map::{Extent, Field, TableName},
    mask::mask,
    request::RequestKind,
};
use sources::{
    Person,
    account::{Account, account},
    blockers::{Blocking, blockers},
};
use store::requests::{Reader, Request};

use super::{cancel_account::Against, restrict::in_time};
use crate::{Portal, ServiceError};

/// A parcel on its way, freight nobody has paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    pub what: Words,
    pub remedy: Words,
    pub rows: u64,
    /// What the first of them are called, masked as the person is shown it.
    pub named: Vec<String>,
    /// Of which records it is.
    pub of: TableName,
}

/// Why there is no account to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAccount {
    /// None under what was proven.
    NotFound,
    /// What was proven stands in several, and does not tell whose they are.
    Several,
}

/// What of a person's is still open beside a deletion of theirs that nobody has decided, or against closing their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StillOpen {
    /// It is another kind of request or decided, or the map names nothing that could be.
    NotAsked,
    /// A company's database does not answer, or not in time.
    Unknown,
    Known(Vec<Unsettled>),
    /// An account is to be closed, and there is none.
    NoAccount(NoAccount),
}

fn masked(field: &Field, names: &[Personal]) -> Vec<String> {
    names.iter().map(|name| mask(field.kind, field.mask, name.reveal())).collect()
}

impl Portal {
    pub(super) async fn unsettled(&self, subject: &[Identifier]) -> Result<Vec<Unsettled>, ServiceError> {
        self.unsettled_of(&self.reach(subject).await?).await
    }

    async fn unsettled_of(&self, person: &Person) -> Result<Vec<Unsettled>, ServiceError> {
        let found = blockers(&self.sources, &self.map, person).await?;
        let open = |found: Blocking<'_>| Unsettled {
            what: found.by.words.clone(),
            remedy: found.by.remedy.clone(),
            rows: found.rows,
            named: found.named.map(|(field, names)| masked(field, &names)).unwrap_or_default(),
            of: found.by.of.table.clone(),
        };
        Ok(found.into_iter().map(open).collect())
    }

    /// `None` where there is an account, and where the map does not say what one is.
    pub(super) async fn no_account(&self, subject: &[Identifier]) -> Result<Option<NoAccount>, ServiceError> {
        let person = self.reach(subject).await?;
        Ok(match account(&self.sources, &self.map, &person).await? {
            Account::NotSaid | Account::Found => None,
            Account::Shared => Some(NoAccount::Several),
            Account::NotFound => Some(NoAccount::NotFound),
        })
    }

    /// Looked up while somebody waits for a page: it says so where it could not be seen.
    pub(super) async fn still_open(&self, request: &Request) -> Result<StillOpen, ServiceError> {
        if !request.stage.name().is_undecided() {
            return Ok(StillOpen::NotAsked);
        }
        if request.kind == RequestKind::CancelAccount {
            return Ok(match in_time(self.stands_against(request)).await? {
                None => StillOpen::Unknown,
                Some(None) => StillOpen::Known(Vec::new()),
                Some(Some(Against::NoAccount(why))) => StillOpen::NoAccount(why),
                Some(Some(Against::Open(open))) => StillOpen::Known(open),
            });
        }
        if request.kind != RequestKind::Delete || self.map.account.blockers.is_empty() {
            return Ok(StillOpen::NotAsked);
        }
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        let extent = self.extent_of(request).await?;
        let look = async {
            // Without what an officer found to be another's.
            let person = self.narrow_to(request, self.reach(&subject).await?).await?;
            self.unsettled_of_extent(&person, &extent).await
        };
        Ok(in_time(Box::pin(look)).await?.map_or(StillOpen::Unknown, StillOpen::Known))
    }

    /// Where only some records go: what is open of those, and of all where the account is one of them.
    pub(super) async fn unsettled_beside(
        &self,
        subject: &[Identifier],
        extent: &Extent,
    ) -> Result<Vec<Unsettled>, ServiceError> {
        let person = self.within(self.reach(subject).await?, extent).await?;
        self.unsettled_of_extent(&person, extent).await
    }

    async fn unsettled_of_extent(&self, person: &Person, extent: &Extent) -> Result<Vec<Unsettled>, ServiceError> {
        let account = self.map.account.of.as_ref().is_some_and(|of| extent.covers(&of.table));
        let mut open = self.unsettled_of(person).await?;
        open.retain(|open| account || extent.covers(&open.of));
        Ok(open)
    }
}
