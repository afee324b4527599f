//! Certificates, and the signed heads of the audit log they are shown to be under.

use std::collections::BTreeMap;

use domain::{
    json,
    proof::{
        Document, Entered, Head, Signed,
        merkle::{self, Hash},
    },
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::OnConflict};

use crate::{
    Store, StoreError, Tx,
    entity::{audit_head, audit_part, certificate},
};

/// Entries whose hash is kept as one: a power of two, so that they are a whole part of every later tree.
const PART: u64 = 1_024;

impl Tx {
    /// With the entry of the audit log that names it.
    pub async fn add_certificate(&self, number: &str, signed: &Signed, seq: i64) -> Result<(), StoreError> {
        let row = certificate::Model {
            number: number.to_owned(),
            body: signed.body.clone(),
            key: signed.key.clone(),
            signature: signed.signature.clone(),
            seq,
        };
        certificate::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }
}

/// The hashes that are kept, and the leaves that are needed beside them.
struct Known {
    parts: BTreeMap<u64, Hash>,
    leaves: BTreeMap<u64, Hash>,
}

impl Known {
    fn of(&self, start: u64, size: u64) -> Option<Hash> {
        match size {
            1 => self.leaves.get(&start).copied(),
            PART if start.is_multiple_of(PART) => self.parts.get(&(start / PART)).copied(),
            _ => None,
        }
    }
}

impl Store {
    /// Signs how far the audit log has come, once a size.
    pub async fn sign_head(&self, now: Timestamp) -> Result<Option<Signed>, StoreError> {
        let size = self.audit_size().await?;
        if size == 0 {
            return Ok(None);
        }
        let known = self.known(size, None).await?;
        let root = merkle::range(&|start, of| known.of(start, of), 0, size);
        let root = root.ok_or(StoreError::Inconsistent { what: "the audit log" })?;
        let head = Head { size, root: hex::encode(root), at: now };
        let signed = self.vault().sign(json::text(&head));
        let tx = self.begin().await?;
        let row = audit_head::Model {
            size: i64::try_from(size).unwrap_or(i64::MAX),
            at: now.as_millisecond(),
            body: signed.body.clone(),
            key: signed.key.clone(),
            signature: signed.signature.clone(),
        };
        audit_head::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(audit_head::Column::Size).do_nothing().to_owned())
            .exec_without_returning(&tx.inner)
            .await?;
        tx.commit().await?;
        Ok(Some(signed))
    }

    /// A certificate with its proof, under the first head that covers it; one is signed now if none does.
    pub async fn certificate(&self, number: &str, now: Timestamp) -> Result<Option<Document>, StoreError> {
        let Some(row) = certificate::Entity::find_by_id(number).one(self.read()).await? else { return Ok(None) };
        let damaged = || StoreError::Inconsistent { what: "a certificate" };
        let head = audit_head::Entity::find()
            .filter(audit_head::Column::Size.gte(row.seq))
            .order_by_asc(audit_head::Column::Size)
            .one(self.read())
            .await?;
        let algorithm = domain::proof::Algorithm::Ed25519;
        let head = match head {
            Some(head) => Signed { body: head.body, algorithm, key: head.key, signature: head.signature },
            None => self.sign_head(now).await?.ok_or_else(damaged)?,
        };
        let size = serde_json::from_str::<Head>(&head.body).map_err(|_| damaged())?.size;
        let index = u64::try_from(row.seq - 1).map_err(|_| damaged())?;
        let known = self.known(size, Some(index)).await?;
        let path = merkle::path(&|start, of| known.of(start, of), index, 0, size).ok_or_else(damaged)?;
        let (entry, previous) = self.audit_link(row.seq).await?.ok_or_else(damaged)?;
        Ok(Some(Document {
            certificate: Signed { body: row.body, algorithm, key: row.key, signature: row.signature },
            entry: Entered { body: json::text(&entry), previous: hex::encode(previous) },
            index,
            path: path.iter().map(hex::encode).collect(),
            head,
        }))
    }

    /// What a tree of `size` leaves is computed from: whole parts, the leaves after the last of them, and those
    /// of the part around `leaf`.
    async fn known(&self, size: u64, leaf: Option<u64>) -> Result<Known, StoreError> {
        let whole = size / PART;
        self.keep_parts(whole).await?;
        let rows = audit_part::Entity::find()
            .filter(audit_part::Column::Number.lt(i64::try_from(whole).unwrap_or(i64::MAX)))
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a part of the audit log" };
        let mut known = Known { parts: BTreeMap::new(), leaves: BTreeMap::new() };
        for row in rows {
            let hash: Hash = row.hash.as_slice().try_into().map_err(|_| damaged())?;
            known.parts.insert(u64::try_from(row.number).map_err(|_| damaged())?, hash);
        }
        let around = leaf.map(|leaf| leaf / PART).filter(|part| *part < whole);
        // Only its leaves lead to a leaf.
        if let Some(part) = around {
            known.parts.remove(&part);
        }
        for start in around.map(|part| part * PART).into_iter().chain([whole * PART]) {
            let first = i64::try_from(start + 1).map_err(|_| damaged())?;
            let links = self.audit_links(first, PART.min(size.saturating_sub(start))).await?;
            known.leaves.extend((start..).zip(links));
        }
        Ok(known)
    }

    /// Computes the parts that became whole since the last time.
    async fn keep_parts(&self, whole: u64) -> Result<(), StoreError> {
        let last = audit_part::Entity::find().order_by_desc(audit_part::Column::Number).one(self.read()).await?;
        let next = last.map_or(0, |part| part.number + 1);
        for number in u64::try_from(next).unwrap_or(0)..whole {
            let start = number * PART;
            let links = self.audit_links(i64::try_from(start + 1).unwrap_or(i64::MAX), PART).await?;
            let known = |at: u64, of: u64| {
                let at = usize::try_from(at - start).ok()?;
                (of == 1).then(|| links.get(at).copied()).flatten()
            };
            let hash = merkle::range(&known, start, start + PART);
            let hash = hash.ok_or(StoreError::Inconsistent { what: "the audit log" })?;
            let tx = self.begin().await?;
            let row = audit_part::Model { number: i64::try_from(number).unwrap_or(i64::MAX), hash: hash.to_vec() };
            audit_part::Entity::insert(row.into_active_model())
                .on_conflict(OnConflict::column(audit_part::Column::Number).do_nothing().to_owned())
                .exec_without_returning(&tx.inner)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
