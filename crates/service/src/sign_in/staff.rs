//! Staff: a password and a second factor, enrolled at the first sign-in
//! (GB/T 22239 §8.1.4.1 d: two factors, one of them using cryptography).

use domain::{
    Personal,
    actor::{Actor, Staff, StaffRole},
    audit::Action,
    ids::StaffId,
};
use store::{
    staff::{Member, NewMember},
    throttle::Pace,
};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::NewPassword;
use crate::{Portal, ServiceError};

const ISSUER: &str = "Qingdan";

#[derive(Debug)]
pub enum FirstFactor {
    /// Ask for the second factor.
    Right(StaffId),
    /// Right, and there is no second factor yet.
    Enrol(StaffId),
    /// Unknown, wrong or locked: which one is not told.
    Wrong,
    TooOften,
}

#[derive(Debug)]
pub enum SecondFactor {
    SignedIn(Staff),
    Wrong,
}

/// A new second factor, to be confirmed with a first code.
#[derive(Debug)]
pub struct Enrolled {
    pub secret: Personal,
    /// For the picture that an authenticator app scans.
    pub url: Personal,
}

impl Portal {
    pub async fn staff_password(
        &self,
        login: &str,
        password: Personal,
        network: &str,
    ) -> Result<FirstFactor, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let pace = tx.pace(&self.store.vault().index_text("staff from", network), self.per_network(), now).await?;
        tx.commit().await?;
        if pace != Pace::Fine {
            return Ok(FirstFactor::TooOften);
        }
        let member = self.store.staff_by_login(login).await?;
        let stored = member.as_ref().map(|member| member.password_hash.clone());
        let may_try = match &member {
            Some(member) => self.begin_try(member).await?,
            None => false,
        };
        let right = self.passwords.verify(password, stored).await?;
        let Some(member) = member else { return Ok(FirstFactor::Wrong) };
        if !right || !may_try {
            self.failed(&member, &Actor::Visitor, Action::StaffSignInFailed).await?;
            return Ok(FirstFactor::Wrong);
        }
        self.was_right(&member).await?;
        Ok(if member.totp.is_some() { FirstFactor::Right(member.id) } else { FirstFactor::Enrol(member.id) })
    }

    pub async fn staff_second_factor(&self, id: StaffId, typed: &str) -> Result<SecondFactor, ServiceError> {
        let now = self.clock.now();
        let Some(member) = self.store.staff_by_id(id).await? else { return Ok(SecondFactor::Wrong) };
        let may_try = self.begin_try(&member).await?;
        let secret = member.totp.as_ref().filter(|_| may_try);
        let step = secret.and_then(|secret| step(secret, &member.login, typed, now.as_second()));
        let Some(step) = step else {
            self.failed(&member, &Actor::Visitor, Action::StaffSignInFailed).await?;
            return Ok(SecondFactor::Wrong);
        };
        let tx = self.store.begin().await?;
        // A code that was seen over someone's shoulder cannot be used again.
        if !tx.use_totp_step(id, step).await? {
            return Ok(SecondFactor::Wrong);
        }
        let staff = Staff { id, role: member.role };
        tx.audit(now, &Actor::Staff(staff.clone()), Action::StaffSignedIn, format!("staff:{id}"), role_of(&staff))
            .await?;
        tx.commit().await?;
        Ok(SecondFactor::SignedIn(staff))
    }

    /// A new secret for an account that has none.
    pub async fn staff_new_secret(&self, id: StaffId) -> Result<Option<Enrolled>, ServiceError> {
        let Some(member) = self.store.staff_by_id(id).await?.filter(|member| member.totp.is_none()) else {
            return Ok(None);
        };
        let secret = Secret::from(self.chance.bytes::<20>()?.to_vec());
        let secret = Personal::new(secret.to_base32());
        let totp = totp(&secret, &member.login).ok_or(ServiceError::Hashing)?;
        let url = totp.to_url().map_err(|_| ServiceError::Hashing)?;
        Ok(Some(Enrolled { url: Personal::new(url), secret }))
    }

    /// What the picture of an enrolment under way shows.
    pub async fn staff_secret_url(&self, id: StaffId, secret: &Personal) -> Result<Option<Personal>, ServiceError> {
        let Some(member) = self.store.staff_by_id(id).await? else { return Ok(None) };
        Ok(totp(secret, &member.login).and_then(|totp| totp.to_url().ok()).map(Personal::new))
    }

    /// Confirms the new secret with a code made from it.
    pub async fn staff_enrol(&self, id: StaffId, secret: &Personal, typed: &str) -> Result<SecondFactor, ServiceError> {
        let now = self.clock.now();
        let Some(member) = self.store.staff_by_id(id).await? else { return Ok(SecondFactor::Wrong) };
        let Some(step) = step(secret, &member.login, typed, now.as_second()) else { return Ok(SecondFactor::Wrong) };
        let tx = self.store.begin().await?;
        if !tx.enrol_totp(id, secret, now).await? || !tx.use_totp_step(id, step).await? {
            return Ok(SecondFactor::Wrong);
        }
        let staff = Staff { id, role: member.role };
        let actor = Actor::Staff(staff.clone());
        tx.audit(now, &actor, Action::StaffEnrolled, format!("staff:{id}"), role_of(&staff)).await?;
        tx.commit().await?;
        Ok(SecondFactor::SignedIn(staff))
    }

    /// A new account: how they sign in, what they are called, and what for.
    pub async fn add_staff(
        &self,
        actor: &Actor,
        (login, name, role): (&str, &str, StaffRole),
        password: NewPassword,
    ) -> Result<StaffId, ServiceError> {
        let now = self.clock.now();
        let id = StaffId(self.chance.id(now)?);
        let password_hash = self.passwords.hash(password.into_personal()).await?;
        let tx = self.store.begin().await?;
        tx.add_staff(&NewMember { id, login, name, role, password_hash: &password_hash }, now).await?;
        let detail = serde_json::json!({ "role": role.as_str() });
        tx.audit(now, actor, Action::StaffAdded, format!("staff:{id}"), detail).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Whether anything may be compared for them. Ended by [`Self::failed`], [`Self::was_right`] or a second factor.
    pub(super) async fn begin_try(&self, member: &Member) -> Result<bool, ServiceError> {
        let tx = self.store.begin().await?;
        let may_try = tx.staff_tries(member.id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(may_try)
    }

    pub(super) async fn was_right(&self, member: &Member) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.staff_was_right(member.id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Counted, whatever was tried: at the fifth the account is locked.
    pub(super) async fn failed(&self, member: &Member, actor: &Actor, what: Action) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.staff_was_wrong(member.id, now).await?;
        let object = format!("staff:{}", member.id);
        tx.audit(now, actor, what, object, serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn role_of(staff: &Staff) -> serde_json::Value {
    serde_json::json!({ "role": staff.role.as_str() })
}

fn totp(secret: &Personal, login: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret.reveal()).ok()?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.as_bytes().to_vec())
        .with_account_name(login)
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

pub(super) fn step(secret: &Personal, login: &str, typed: &str, now: i64) -> Option<i64> {
    let digits: String = domain::personal::tidy(typed).chars().filter(char::is_ascii_digit).collect();
    let step = totp(secret, login)?.check(&digits, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok()
}
