//! A number or an address that somebody gives as theirs from now on: a code goes there, so that no slip of the finger moves
//! what is theirs to somebody else. It signs nobody in.

use domain::{Identifier, Lang, Personal, ids::ChallengeId, permit::Own};
use jiff::SignedDuration;
use store::{
    challenges::{Checked, Fact},
    jobs::JobKind,
    throttle::{Limit, Pace},
};

use super::Asked;
use crate::{Portal, ServiceError};

/// Codes that one person has sent to new numbers and addresses: nobody has that many.
const PER_PERSON: Limit = Limit { times: 5, within: SignedDuration::from_hours(1) };

/// Why a code does not show that a new number or address is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongCode {
    Wrong {
        tries_left: i64,
    },
    /// Expired, used, tried too often, or sent elsewhere: a new one is needed.
    Spent,
    TooOften,
}

impl Portal {
    /// Sends a code to what is to be theirs. Whoever asks has signed in: no second fact is needed.
    pub async fn code_to_new(
        &self,
        permit: &Own,
        new: &Identifier,
        lang: Lang,
        network: &str,
    ) -> Result<Asked, ServiceError> {
        let tx = self.store.begin().await?;
        let mut too_often = None;
        for identifier in permit.proven() {
            let bucket = self.store.vault().index_text("codes to new ones by", identifier.reveal());
            let one = tx.pace(&bucket, PER_PERSON, self.clock.now()).await?;
            too_often = too_often.max(one.until());
        }
        tx.commit().await?;
        if let Some(until) = too_often {
            return Ok(Asked::TooOften { until });
        }
        self.challenge((new, Fact::KnownBefore), JobKind::SendCodeToNew, lang, network).await
    }

    /// Whether this is the code that was sent to `new`.
    pub(crate) async fn check_new(
        &self,
        new: &Identifier,
        (challenge, code): (ChallengeId, &Personal),
        network: &str,
    ) -> Result<Result<(), WrongCode>, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let bucket = self.store.vault().index_text("code tried from", network);
        if tx.pace(&bucket, self.per_network(), now).await? != Pace::Fine {
            tx.commit().await?;
            return Ok(Err(WrongCode::TooOften));
        }
        let checked = match tx.check_challenge(challenge, code, now).await? {
            Checked::Right(identifier) if identifier == *new => Ok(()),
            // Something else was typed since.
            Checked::Right(_) | Checked::Spent => Err(WrongCode::Spent),
            Checked::Wrong { tries_left } => Err(WrongCode::Wrong { tries_left }),
        };
        tx.commit().await?;
        Ok(checked)
    }
}
