//! What is under way of a person's when they are about to ask for more: a deletion of theirs, an account that is to close.

use domain::{
    map::Extent,
    permit::Own,
    request::{RequestKind, Requester, Stage},
};
use jiff::Timestamp;
use store::requests::Request;

use super::ChosenRecord;
use crate::{Portal, ServiceError};

/// A deletion that somebody has asked for themselves, and of which records it is.
#[derive(Debug)]
pub struct UnderWay {
    pub request: Request,
    pub extent: Extent,
    pub record: Option<ChosenRecord>,
}

/// What another deletion would be beside one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// It would be the same: sent again, it leads to the one there is.
    Same,
    /// The one there is takes all of it along.
    Included,
    Other,
}

impl UnderWay {
    pub fn beside(&self, wanted: &Extent) -> Beside {
        match &self.extent {
            extent if extent == wanted => Beside::Same,
            Extent::Everything => Beside::Included,
            Extent::Only(_) | Extent::Record(_) => Beside::Other,
        }
    }
}

/// An account that is to be closed, and can still be kept.
#[derive(Debug)]
pub struct Closes {
    pub request: Request,
    /// Until when.
    pub at: Timestamp,
}

impl Portal {
    /// Deletions of their own that are open; the newest first.
    pub async fn deletions_under_way(&self, permit: &Own) -> Result<Vec<UnderWay>, ServiceError> {
        let mut all = Vec::new();
        for request in self.store.open_about(permit).await? {
            // What somebody else asks for them is not theirs.
            if request.kind == RequestKind::Delete && request.requester == Requester::Subject {
                let (extent, narrowed) = (self.extent_of(&request).await?, self.narrowed(&request).await?);
                all.push(UnderWay { request, extent, record: narrowed.record });
            }
        }
        Ok(all)
    }

    /// Whoever asked for it: it is their account, and theirs to keep.
    pub async fn closing_soon(&self, permit: &Own) -> Result<Option<Closes>, ServiceError> {
        for request in self.store.open_about(permit).await? {
            if matches!(request.stage, Stage::Approved { .. })
                && let Some(at) = self.can_be_kept_until(&request).await?
            {
                return Ok(Some(Closes { request, at }));
            }
        }
        Ok(None)
    }
}
