//! Staff change their own password, with the one they have and a fresh code: a session left open is not enough. Whoever
//! signed in before is signed out, everywhere else.

use domain::{Personal, actor::Actor, audit::Action, permit::OwnAccount};
use jiff::SignedDuration;
use store::throttle::{Limit, Pace};

use super::staff::step;
use crate::{Portal, ServiceError};

/// NIST SP 800-63B asks for 8; assessors of GB/T 22239 level 3 for 12.
pub const SHORTEST_PASSWORD: usize = 12;

/// Nobody changes it more often; whoever guesses does.
const TRIES: Limit = Limit { times: 10, within: SignedDuration::from_hours(1) };

/// Long enough for an account of the staff.
#[derive(Clone, Debug)]
pub struct NewPassword(Personal);

impl NewPassword {
    pub fn parse(text: &str) -> Option<Self> {
        (text.chars().count() >= SHORTEST_PASSWORD).then(|| Self(Personal::new(text)))
    }

    pub(super) fn into_personal(self) -> Personal {
        self.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordChange {
    Changed,
    /// Or the account is locked: which one is not told.
    WrongPassword,
    WrongCode,
    /// The one they have.
    Same,
    TooOften,
}

impl Portal {
    pub async fn change_password(
        &self,
        permit: &OwnAccount,
        actor: &Actor,
        current: Personal,
        new: NewPassword,
        code: &str,
    ) -> Result<PasswordChange, ServiceError> {
        let (now, id) = (self.clock.now(), permit.staff());
        let tx = self.store.begin().await?;
        let bucket = self.store.vault().index_text("password of", &id.to_string());
        let pace = tx.pace(&bucket, TRIES, now).await?;
        tx.commit().await?;
        if pace != Pace::Fine {
            return Ok(PasswordChange::TooOften);
        }
        let member = self.store.staff_by_id(id).await?.ok_or(ServiceError::NotFound)?;
        let same = new.0 == current;
        let may_try = self.begin_try(&member).await?;
        let right = self.passwords.verify(current, Some(member.password_hash.clone())).await?;
        if !right || !may_try {
            self.failed(&member, actor, Action::StaffPasswordRefused).await?;
            return Ok(PasswordChange::WrongPassword);
        }
        if same {
            self.was_right(&member).await?;
            return Ok(PasswordChange::Same);
        }
        let step = member.totp.as_ref().and_then(|secret| step(secret, &member.login, code, now.as_second()));
        let Some(step) = step else {
            self.failed(&member, actor, Action::StaffPasswordRefused).await?;
            return Ok(PasswordChange::WrongCode);
        };
        let hash = self.passwords.hash(new.into_personal()).await?;
        let tx = self.store.begin().await?;
        // A code that was seen over someone's shoulder cannot be used again.
        if !tx.use_totp_step(id, step).await? {
            return Ok(PasswordChange::WrongCode);
        }
        tx.set_password(permit, &hash, now).await?;
        tx.audit(now, actor, Action::StaffPasswordChanged, format!("staff:{id}"), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(PasswordChange::Changed)
    }
}
