//! Programs of the company's: a key of their own, and no more than its scopes allow.

use domain::{
    Personal,
    actor::{Actor, Scope},
    audit::Action,
    ids::StaffId,
    permit::KeepAccounts,
};
use store::{
    programs::Program,
    vault::{self, digest},
};

use crate::{Portal, ServiceError};

/// Every key begins with this, so that whoever finds one knows what it opens.
const PREFIX: &str = "qd_";

impl Portal {
    /// A new program and its key, which is shown once.
    pub async fn add_program(
        &self,
        _: &KeepAccounts,
        actor: &Actor,
        name: &str,
        scopes: &[Scope],
    ) -> Result<(Program, Personal), ServiceError> {
        let now = self.clock.now();
        let id = StaffId(self.chance.id(now)?);
        let secret = hex::encode(self.chance.bytes::<32>()?);
        let program = Program {
            id,
            name: name.to_owned(),
            key_digest: key_digest(id, &secret),
            scopes: scopes.to_vec(),
            created_at: now,
            removed_at: None,
        };
        let tx = self.store.begin().await?;
        tx.add_program(&program).await?;
        let detail = serde_json::json!({ "scopes": scopes });
        tx.audit(now, actor, Action::ProgramAdded, format!("program:{id}"), detail).await?;
        tx.commit().await?;
        Ok((program, Personal::new(format!("{PREFIX}{}_{secret}", id.0.simple()))))
    }

    /// Its key is worth nothing from now on. False when there is no such program.
    pub async fn remove_program(&self, _: &KeepAccounts, actor: &Actor, id: StaffId) -> Result<bool, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let removed = tx.remove_program(id, now).await?;
        if removed {
            let object = format!("program:{id}");
            tx.audit(now, actor, Action::ProgramRemoved, object, serde_json::json!({})).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }

    /// Whose key this is. As long for a wrong one as for none.
    pub async fn program_by_key(&self, key: &str) -> Result<Option<Program>, ServiceError> {
        let parts = key.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_'));
        let Some((Ok(id), secret)) = parts.map(|(id, secret)| (id.parse::<StaffId>(), secret)) else {
            return Ok(None);
        };
        let program = self.store.program(id).await?;
        Ok(program.filter(|program| vault::same(&program.key_digest, &key_digest(id, secret))))
    }
}

/// A key is 256 bits of randomness: one hash is enough to keep it secret.
fn key_digest(id: StaffId, secret: &str) -> String {
    digest(&["program key", &id.to_string(), secret])
}
