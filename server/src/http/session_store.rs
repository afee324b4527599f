use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use service::Portal;
use store::{StoreError, sessions::Saved};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::SESSION_IDLE;

/// Sessions in the portal's own database, found by a hash and sealed.
#[derive(Clone)]
pub(super) struct Sessions(Arc<Portal>);

impl Sessions {
    pub(super) fn new(portal: Arc<Portal>) -> Self {
        Self(portal)
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

fn backend(error: &StoreError) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    /// What is kept, and until when by the clock it is read by.
    fn written(&self, record: &Record) -> Result<(Vec<u8>, Timestamp)> {
        let data = serde_json::to_vec(record).map_err(|error| Error::Encode(error.to_string()))?;
        Ok((data, self.0.clock.now() + SignedDuration::from_secs(SESSION_IDLE.whole_seconds())))
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (data, expires) = self.written(record)?;
            match self.0.store.create_session(&record.id.to_string(), &data, expires).await {
                Ok(()) => return Ok(()),
                // Never somebody else's session: draw another number.
                Err(StoreError::Conflict { .. }) => record.id = Id::default(),
                Err(error) => return Err(backend(&error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (data, expires) = self.written(record)?;
        match self.0.store.save_session(&record.id.to_string(), &data, expires).await {
            // The cookie it goes out with leads to nothing.
            Ok(Saved::Written | Saved::Ended) => Ok(()),
            Err(error) => Err(backend(&error)),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.0.clock.now();
        let data = self.0.store.load_session(&id.to_string(), now).await.map_err(|error| backend(&error))?;
        data.map(|data| serde_json::from_slice(&data).map_err(|error| Error::Decode(error.to_string()))).transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.store.delete_session(&id.to_string()).await.map_err(|error| backend(&error))
    }
}
