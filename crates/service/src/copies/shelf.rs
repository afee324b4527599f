use domain::{actor::Actor, ids::CopyId};
use store::{
    Store,
    jobs::Claimed,
    sealing::{PIECE, Sealer},
};

use super::object;
use crate::ServiceError;

/// Takes the bytes of a copy as they are written. Each piece is sealed and put away by itself: as much as one is in
/// memory, and whoever has lost the job puts away no more.
pub struct Shelf {
    store: Store,
    job: Claimed,
    id: CopyId,
    sealer: Sealer,
    pending: Vec<u8>,
    pieces: u32,
    size: u64,
    /// Written so far.
    records: u64,
}

impl Shelf {
    pub(super) fn new(
        store: Store,
        job: Claimed,
        id: CopyId,
        key: &store::sealing::CopyKey,
    ) -> Result<Self, ServiceError> {
        let sealer = key.sealer(&object(id))?;
        Ok(Self { store, job, id, sealer, pending: Vec::new(), pieces: 0, size: 0, records: 0 })
    }

    /// The next bytes, and how many records are written with them: about, where each is written in several shapes.
    pub async fn put(&mut self, bytes: &[u8], records: u64) -> Result<(), ServiceError> {
        self.records = records;
        self.pending.extend_from_slice(bytes);
        // The last piece is marked as such, and is never empty: what fills one waits for what comes after it.
        while self.pending.len() > PIECE {
            let rest = self.pending.split_off(PIECE);
            let sealed = self.sealer.next(&self.pending)?;
            self.size += PIECE as u64;
            self.pending = rest;
            self.put_away(sealed).await?;
        }
        Ok(())
    }

    async fn put_away(&mut self, sealed: Vec<u8>) -> Result<(), ServiceError> {
        add(&self.store, &self.job, self.id, self.pieces, sealed, self.records).await?;
        self.pieces += 1;
        Ok(())
    }

    /// Pieces and bytes of the whole.
    pub(super) async fn close(mut self) -> Result<(u32, u64), ServiceError> {
        let last = std::mem::take(&mut self.pending);
        self.size += last.len() as u64;
        let Self { store, job, id, sealer, pieces, size, records, .. } = self;
        add(&store, &job, id, pieces, sealer.last(&last)?, records).await?;
        Ok((pieces + 1, size))
    }
}

/// # Errors
/// [`ServiceError::LeaseLost`] where another worker writes it now, [`ServiceError::Overtaken`] where nobody wants it.
async fn add(
    store: &Store,
    job: &Claimed,
    id: CopyId,
    place: u32,
    sealed: Vec<u8>,
    records: u64,
) -> Result<(), ServiceError> {
    let work = Actor::System.work()?;
    let tx = store.begin().await?;
    tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
    if !tx.add_piece(&work, id, place, sealed, records).await? {
        return Err(ServiceError::Overtaken);
    }
    tx.commit().await?;
    Ok(())
}
