//! How the uses of a person's information stand: which go on, which are stopped, by which word of theirs, and what lets
//! them go on again (PIPL art. 15, 44).

use domain::{
    consent::Cover,
    permit::Own,
    plan::{Restricting, Turn},
    request::{RequestKind, Stage},
};
use store::requests::Request;

use super::restrict::Processing;
use crate::{Portal, ServiceError};

/// A purpose, or what of it is agreed to on its own.
#[derive(Clone, Debug)]
pub struct Use {
    pub purpose: String,
    pub cover: Cover,
    pub standing: InUse,
}

#[derive(Clone, Debug)]
pub enum InUse {
    NotStopped,
    /// They have said so; it is on its way, or waits for an officer.
    Stopping {
        by: Request,
    },
    Stopped {
        /// None where the company was told in another way, or it was long ago.
        by: Option<Request>,
        again: GoesOnBy,
    },
    /// Their word that it may go on is on its way.
    GoingOn {
        by: Request,
    },
    /// An officer has dealt with what they asked, and has written what was done.
    Answered {
        by: Request,
    },
    /// They were asked here and have not agreed.
    NotAgreed,
    /// The company's database does not answer.
    Unknown,
}

/// What of the person's lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoesOnBy {
    Lifting,
    Consent,
}

/// Something they have said on a use.
struct Said {
    request: Request,
    purpose: String,
    /// None for a withdrawal: everything that goes with the purpose.
    cover: Option<Cover>,
    turn: Turn,
}

impl Said {
    fn is_about(&self, purpose: &str, cover: Cover) -> bool {
        self.purpose == purpose && self.cover.is_none_or(|said| said == cover)
    }
}

impl Portal {
    /// Every purpose of the map, and after it what of it can be stopped on its own.
    pub async fn uses(&self, permit: &Own) -> Result<Vec<Use>, ServiceError> {
        let said = self.said_on_uses(permit).await?;
        let mapped = self.map.restrictions();
        let mut uses = Vec::new();
        for purpose in self.map.purposes.keys() {
            let parts = mapped.iter().filter(|(of, cover)| of == purpose && *cover != Cover::Purpose);
            for cover in [Cover::Purpose].into_iter().chain(parts.map(|(_, cover)| *cover)) {
                let last = said.iter().find(|said| said.is_about(purpose, cover));
                let standing = self.in_use(permit, purpose, cover, last).await?;
                uses.push(Use { purpose: purpose.clone(), cover, standing });
            }
        }
        Ok(uses)
    }

    /// By what the company's database says; where it cannot say, by what became of their last word.
    async fn in_use(
        &self,
        permit: &Own,
        purpose: &str,
        cover: Cover,
        last: Option<&Said>,
    ) -> Result<InUse, ServiceError> {
        if let Some(Said { request, turn, .. }) = last.filter(|said| said.request.stage.is_open()) {
            let by = request.clone();
            return Ok(match turn {
                Turn::Restricted => InUse::Stopping { by },
                Turn::Lifted => InUse::GoingOn { by },
            });
        }
        let restricting = Restricting { purpose: purpose.to_owned(), cover, turn: Turn::Restricted };
        let agreed = !self.needs_consent(permit, &restricting).await?;
        let again = if agreed { GoesOnBy::Lifting } else { GoesOnBy::Consent };
        let stopped = last.filter(|said| said.turn == Turn::Restricted);
        let processing = if self.map.can_restrict(purpose, cover) {
            self.processing(permit, purpose, cover).await?
        } else {
            Some(Processing::Nowhere)
        };
        Ok(match (processing, stopped) {
            (None, _) => InUse::Unknown,
            (Some(Processing::Restricted | Processing::NotAgreed), said) => {
                InUse::Stopped { by: said.map(|said| said.request.clone()), again }
            }
            (Some(Processing::Nowhere), Some(Said { request, .. })) => {
                let by = request.clone();
                if matches!(request.stage, Stage::Answered { .. }) {
                    InUse::Answered { by }
                } else {
                    InUse::Stopped { by: Some(by), again }
                }
            }
            (Some(Processing::GoesOn | Processing::Nowhere), _) if agreed => InUse::NotStopped,
            (Some(Processing::GoesOn | Processing::Nowhere), _) => InUse::NotAgreed,
        })
    }

    /// The newest first; what was refused or taken back changes nothing.
    async fn said_on_uses(&self, permit: &Own) -> Result<Vec<Said>, ServiceError> {
        let mut all = Vec::new();
        // Anybody may file something for them; it says nothing of theirs until it was compared with the evidence.
        let words = self.store.words_on_uses(permit).await?.into_iter();
        for request in words.filter(|request| !request.requester.waits_for_check()) {
            let about = if request.kind == RequestKind::Withdraw {
                self.withdrawal(&request).await?.map(|withdrawn| (withdrawn.purpose, None, Turn::Restricted))
            } else {
                self.restricting(&request).await?.map(|said| (said.purpose, Some(said.cover), said.turn))
            };
            all.extend(about.map(|(purpose, cover, turn)| Said { request, purpose, cover, turn }));
        }
        Ok(all)
    }
}
