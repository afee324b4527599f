//! Argon2id off the async threads, two at a time: each takes 46 MiB and most of a core.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::Personal;
use tokio::sync::Semaphore;

use crate::ServiceError;

#[derive(Clone)]
pub struct Passwords {
    params: Params,
    at_once: Arc<Semaphore>,
    /// Checked when there is no such account, so that the answer takes as long.
    dummy: Arc<Personal>,
}

impl Passwords {
    /// 46 MiB, one pass: the OWASP recommendation of the same strength as 19 MiB and two passes.
    pub fn strong() -> Result<Self, ServiceError> {
        Self::with(Params::new(47_104, 1, 1, None).map_err(|_| ServiceError::Hashing)?)
    }

    /// For tests and demonstration data, where a thousand hashes would take minutes.
    pub fn quick() -> Result<Self, ServiceError> {
        Self::with(Params::new(64, 1, 1, None).map_err(|_| ServiceError::Hashing)?)
    }

    fn with(params: Params) -> Result<Self, ServiceError> {
        let dummy = hash(&params, &Personal::new("no account has this password"))?;
        Ok(Self { params, at_once: Arc::new(Semaphore::new(2)), dummy: Arc::new(dummy) })
    }

    pub async fn hash(&self, password: Personal) -> Result<Personal, ServiceError> {
        let params = self.params.clone();
        self.run(move || hash(&params, &password)).await?
    }

    /// False, after the same time, when there is no hash to compare with.
    pub async fn verify(&self, password: Personal, stored: Option<Personal>) -> Result<bool, ServiceError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| Personal::clone(&self.dummy));
        let right = self
            .run(move || {
                let stored = PasswordHash::new(stored.reveal()).map_err(|_| ServiceError::Hashing)?;
                // The parameters come from the stored hash, so older hashes still verify.
                Ok::<_, ServiceError>(Argon2::default().verify_password(password.reveal().as_bytes(), &stored).is_ok())
            })
            .await??;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
        let _turn = self.at_once.acquire().await.map_err(|_| ServiceError::Hashing)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| ServiceError::Hashing)
    }
}

fn hash(params: &Params, password: &Personal) -> Result<Personal, ServiceError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash = argon2.hash_password(password.reveal().as_bytes()).map_err(|_| ServiceError::Hashing)?;
    Ok(Personal::new(hash.to_string()))
}
