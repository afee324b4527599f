//! How the uses of a person's information stand: which go on, which are stopped, by which word of theirs, and what lets
//! them go on again (PIPL art. 15, 44).

use domain::{
    consent::Cover,
    permit::Own,
    plan::Turn,
    request::{Handling, RequestKind, Requester, Stage},
    said::{self, ConsentAnswer},
};
use futures::future::try_join_all;
use store::requests::Request;

use super::restrict::{Processing, needs_consent};
use crate::{Portal, ServiceError};

/// How many of a person's words are read at a time.
const AT_ONCE: u64 = 20;
/// Of how many the newest are looked for: a page opens no more, however often somebody has said something.
const MOST: usize = 500;

/// A purpose, or what of it is agreed to on its own.
#[derive(Clone, Debug)]
pub struct Use {
    pub purpose: String,
    pub cover: Cover,
    pub standing: InUse,
    /// Somebody else wants it stopped or to go on for them, and nobody has decided: it changes nothing of the person's own.
    pub asked_for: Option<Request>,
}

impl Use {
    /// They have said something of it, or somebody has for them.
    pub const fn is_spoken_of(&self) -> bool {
        self.asked_for.is_some() || !matches!(self.standing, InUse::NotStopped)
    }
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
    /// Nothing is kept of them that says whether it is stopped, so nothing can be lifted.
    Nothing,
}

/// Who lets a use go on again: whoever stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiftedBy {
    Executor,
    Officer,
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

    /// Somebody else has asked, or staff have written it down, and nobody has decided: until then it is no word of theirs.
    fn is_only_wanted(&self) -> bool {
        let another = match self.request.requester {
            Requester::Representative { .. } | Requester::Staff { .. } => true,
            Requester::Subject => false,
        };
        another && self.request.stage.name().is_undecided()
    }
}

/// All that counts of what they have said, the newest first.
struct Words {
    on_uses: Vec<Said>,
    /// What others want for them.
    for_them: Vec<Said>,
    consents: Vec<said::Said>,
}

impl Words {
    fn last(&self, purpose: &str, cover: Cover) -> Option<&Said> {
        self.on_uses.iter().find(|said| said.is_about(purpose, cover))
    }

    /// They have agreed since: where no program is to be told, no other word of theirs says so.
    fn have_agreed_since(&self, said: &Said, purpose: &str, cover: Cover) -> bool {
        said::last(&self.consents, purpose, cover)
            .is_some_and(|last| last.answer == ConsentAnswer::Agreed && last.at > said.request.received_at)
    }
}

impl Portal {
    /// Every purpose of the map, and after it what of it can be stopped on its own.
    pub async fn uses(&self, permit: &Own) -> Result<Vec<Use>, ServiceError> {
        let mapped = self.map.restrictions();
        let mut uses = Vec::new();
        for purpose in self.map.purposes.keys() {
            let parts = mapped.iter().filter(|(of, cover)| of == purpose && *cover != Cover::Purpose);
            let covers = [Cover::Purpose].into_iter().chain(parts.map(|(_, cover)| *cover));
            uses.extend(covers.map(|cover| (purpose.as_str(), cover)));
        }
        let consents = self.store.consents(permit).await?;
        let (for_them, on_uses) = self.said_on_uses(permit, &uses).await?.into_iter().partition(Said::is_only_wanted);
        let words = Words { on_uses, for_them, consents };
        // Side by side: nobody waits for one database after another.
        let standings = uses.iter().map(|(purpose, cover)| self.in_use(permit, purpose, *cover, &words));
        let standings = try_join_all(standings).await?;
        let all = uses.into_iter().zip(standings);
        let one = |((purpose, cover), standing): ((&str, Cover), InUse)| {
            let wanted = words.for_them.iter().find(|said| said.is_about(purpose, cover));
            Use { purpose: purpose.to_owned(), cover, standing, asked_for: wanted.map(|said| said.request.clone()) }
        };
        Ok(all.map(one).collect())
    }

    /// What they may have used again, and who lets it go on.
    pub async fn stopped(&self, permit: &Own) -> Result<Vec<(Use, LiftedBy)>, ServiceError> {
        let lifted_by = |one: Use| match &one.standing {
            InUse::Stopped { again: GoesOnBy::Lifting, .. } => Some((one, LiftedBy::Executor)),
            // On their word, and no program can look it up.
            InUse::Answered { by } if by.kind.handling() == Handling::Restriction => Some((one, LiftedBy::Officer)),
            InUse::Answered { .. }
            | InUse::NotStopped
            | InUse::Stopping { .. }
            | InUse::Stopped { again: GoesOnBy::Consent | GoesOnBy::Nothing, .. }
            | InUse::GoingOn { .. }
            | InUse::NotAgreed
            | InUse::Unknown => None,
        };
        Ok(self.uses(permit).await?.into_iter().filter_map(lifted_by).collect())
    }

    /// By what the company's database says; where it cannot say, by what became of their last word.
    async fn in_use(&self, permit: &Own, purpose: &str, cover: Cover, words: &Words) -> Result<InUse, ServiceError> {
        let last = words.last(purpose, cover);
        if let Some(Said { request, turn, .. }) = last.filter(|said| said.request.stage.is_open()) {
            let by = request.clone();
            return Ok(match turn {
                Turn::Restricted => InUse::Stopping { by },
                Turn::Lifted => InUse::GoingOn { by },
            });
        }
        let agreed = !needs_consent(&self.map, &words.consents, purpose, cover);
        let stopped = last.filter(|said| said.turn == Turn::Restricted);
        let by_word = stopped.filter(|said| !words.have_agreed_since(said, purpose, cover));
        Ok(match (self.processing(permit, &words.consents, purpose, cover).await?, by_word) {
            (None, _) => InUse::Unknown,
            (Some(Processing::Restricted | Processing::NotAgreed), _) => InUse::Stopped {
                by: stopped.map(|said| said.request.clone()),
                again: if agreed { GoesOnBy::Lifting } else { GoesOnBy::Consent },
            },
            (Some(Processing::Nowhere), Some(Said { request, .. })) => {
                let by = request.clone();
                if matches!(request.stage, Stage::Answered { .. }) {
                    InUse::Answered { by }
                } else {
                    let again = if agreed { GoesOnBy::Nothing } else { GoesOnBy::Consent };
                    InUse::Stopped { by: Some(by), again }
                }
            }
            (Some(Processing::GoesOn | Processing::Nowhere), _) if agreed => InUse::NotStopped,
            (Some(Processing::GoesOn | Processing::Nowhere), _) => InUse::NotAgreed,
        })
    }

    /// The newest first, until there is one on each of these uses; what was refused or taken back changes nothing.
    async fn said_on_uses(&self, permit: &Own, uses: &[(&str, Cover)]) -> Result<Vec<Said>, ServiceError> {
        let mut all: Vec<Said> = Vec::new();
        let mut after: Option<Request> = None;
        let mut read = 0;
        while read < MOST {
            let some = self.store.words_on_uses(permit, after.as_ref(), AT_ONCE).await?;
            if some.is_empty() {
                break;
            }
            read += some.len();
            after = some.last().cloned();
            // Anybody may file something for them; it says nothing of theirs until it was compared with the evidence.
            for request in some.into_iter().filter(|request| !request.requester.waits_for_check()) {
                let about = if request.kind == RequestKind::Withdraw {
                    self.withdrawn_purpose(&request).await?.map(|purpose| (purpose, None, Turn::Restricted))
                } else {
                    self.restricting(&request).await?.map(|said| (said.purpose, Some(said.cover), said.turn))
                };
                all.extend(about.map(|(purpose, cover, turn)| Said { request, purpose, cover, turn }));
                let own = |said: &&Said| !said.is_only_wanted();
                let known = |(purpose, cover): &(&str, Cover)| {
                    all.iter().filter(own).any(|said| said.is_about(purpose, *cover))
                };
                if uses.iter().all(known) {
                    return Ok(all);
                }
            }
        }
        Ok(all)
    }
}
