//! Who has an account among the staff, kept by whoever is responsible for that and does nothing else
//! (GB/T 22239 §8.1.4.2 d, §8.1.7.1).

use domain::{
    Personal,
    actor::{Actor, StaffRole},
    audit::Action,
    ids::StaffId,
    permit::KeepAccounts,
};
use store::{StoreError, accounts::Account, staff::Member};
use totp_rs::Secret;

use super::NewPassword;
use crate::{Portal, ServiceError};

/// What somebody signs in with the first time, said once.
#[derive(Debug)]
pub struct FirstPassword {
    pub login: String,
    pub password: Personal,
}

#[derive(Debug)]
pub enum Opened {
    Now(FirstPassword),
    /// There is one with this name to sign in by.
    Taken,
}

impl Portal {
    pub async fn accounts(&self, permit: &KeepAccounts) -> Result<Vec<Account>, ServiceError> {
        Ok(self.store.accounts(permit, self.clock.now()).await?)
    }

    /// With a password that whoever gets the account changes, and a second factor they enrol at the first sign-in.
    pub async fn open_account(
        &self,
        _: &KeepAccounts,
        actor: &Actor,
        login: &str,
        name: &str,
        role: StaffRole,
    ) -> Result<Opened, ServiceError> {
        let (first, password) = self.first_password(login)?;
        match self.add_staff(actor, (login, name, role), password).await {
            Ok(_) => Ok(Opened::Now(first)),
            Err(ServiceError::Store(StoreError::Conflict { .. })) => Ok(Opened::Taken),
            Err(error) => Err(error),
        }
    }

    /// # Errors
    /// [`ServiceError::NotFound`] for one's own, or nobody's; [`ServiceError::Overtaken`] where it is closed already.
    pub async fn close_account(&self, permit: &KeepAccounts, actor: &Actor, id: StaffId) -> Result<(), ServiceError> {
        let (now, member) = (self.clock.now(), self.others_account(permit, id).await?);
        let tx = self.store.begin().await?;
        if !tx.close_account(permit, id, now).await? {
            return Err(ServiceError::Overtaken);
        }
        let detail = serde_json::json!({ "role": member.role.as_str() });
        tx.audit(now, actor, Action::StaffLeft, format!("staff:{id}"), detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Both factors anew, for somebody who forgot the one or lost the other, or comes back.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one's own, or nobody's.
    pub async fn renew_account(
        &self,
        permit: &KeepAccounts,
        actor: &Actor,
        id: StaffId,
    ) -> Result<FirstPassword, ServiceError> {
        let (now, member) = (self.clock.now(), self.others_account(permit, id).await?);
        let (first, password) = self.first_password(&member.login)?;
        let hash = self.passwords.hash(password.into_personal()).await?;
        let tx = self.store.begin().await?;
        tx.renew_account(permit, id, &hash, now).await?;
        let detail = serde_json::json!({ "role": member.role.as_str() });
        tx.audit(now, actor, Action::StaffRenewed, format!("staff:{id}"), detail).await?;
        tx.commit().await?;
        Ok(first)
    }

    /// An account that is not one's own: nobody shuts themselves out, or lets themselves in again.
    async fn others_account(&self, permit: &KeepAccounts, id: StaffId) -> Result<Member, ServiceError> {
        let member = self.store.staff_by_id(id).await?.filter(|_| permit.own() != Some(id));
        member.ok_or(ServiceError::NotFound)
    }

    /// 120 bits, in letters that can be read out.
    fn first_password(&self, login: &str) -> Result<(FirstPassword, NewPassword), ServiceError> {
        let text = Secret::from(self.chance.bytes::<15>()?.to_vec()).to_base32().to_lowercase();
        let password = NewPassword::parse(&text).ok_or(ServiceError::Hashing)?;
        Ok((FirstPassword { login: login.to_owned(), password: Personal::new(text) }, password))
    }
}
