//! Who looked at what is held about somebody, as that person reads it.

use domain::{
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    look::{Because, Seen, Shown},
    permit::Own,
    request::{Side, Standing},
};
use store::{
    Tx,
    looks::{Kept, Look},
};

use crate::{Portal, ServiceError};

/// A page of looks, and after which entry the next begins.
#[derive(Debug)]
pub struct MyLooks {
    pub looks: Vec<Look>,
    pub next: Option<i64>,
}

impl Portal {
    /// Who looked at one's own request, the last first.
    pub async fn looks(&self, permit: &Own, number: &RequestNumber) -> Result<Vec<Look>, ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let standing = self.store.standing(permit, &request).await?;
        let looks = self.store.looks(permit, &request).await?.into_iter();
        Ok(looks.map(|look| on_its_page(look, standing)).collect())
    }

    /// Who looked at anything held about somebody: in their requests, in a search for them, or for them.
    pub async fn my_looks(&self, permit: &Own, before: Option<i64>, most: u64) -> Result<MyLooks, ServiceError> {
        let mut looks = self.store.looks_at(permit, before, most.saturating_add(1)).await?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = looks.len() > most;
        looks.truncate(most);
        let next = looks.last().map(|last| last.seq).filter(|_| more);
        let mut mine = Vec::with_capacity(looks.len());
        for look in looks {
            if !self.is_at_whoever_asked(permit, &look).await? {
                mine.push(look);
            }
        }
        Ok(MyLooks { looks: mine, next })
    }

    /// At somebody else, who asked for this person.
    async fn is_at_whoever_asked(&self, permit: &Own, look: &Look) -> Result<bool, ServiceError> {
        let (Seen::InFull(shown), Some(number)) = (&look.seen, &look.number) else { return Ok(false) };
        if !is_of_asker(shown) {
            return Ok(false);
        }
        let Some(request) = self.store.own_request(permit, number).await? else { return Ok(false) };
        Ok(self.store.standing(permit, &request).await? == Standing::On(Side::Subject))
    }

    /// Somebody had their own data in full, or a program had it for them: of that the person reads.
    pub(crate) async fn own_look(
        &self,
        tx: &Tx,
        (actor, permit): (&Actor, &Own),
        action: Action,
        detail: serde_json::Value,
    ) -> Result<(), ServiceError> {
        const OBJECT: &str = "own information";
        let now = self.clock.now();
        match actor {
            Actor::Program(_) => {
                let kept = Kept { of: permit.proven(), ..Kept::default() };
                tx.look(now, actor, (action, OBJECT), detail, kept).await?;
            }
            Actor::Customer(_) | Actor::Visitor | Actor::Staff(_) | Actor::System => {
                tx.audit(now, actor, action, OBJECT, detail).await?;
            }
        }
        Ok(())
    }
}

fn is_of_asker(shown: &[Shown]) -> bool {
    !shown.is_empty() && shown.iter().all(|shown| shown.of() == Side::Asker)
}

/// Whoever asks for somebody else does not read which records there are of that person.
fn on_its_page(look: Look, standing: Standing) -> Look {
    match (&look.seen, standing) {
        (Seen::InFull(shown), Standing::On(Side::Asker)) if !is_of_asker(shown) => {
            Look { seen: Seen::InFull(Vec::new()), because: Because::Work, ..look }
        }
        (
            Seen::InFull(_) | Seen::Masked | Seen::File | Seen::Unlocked | Seen::Searched | Seen::Records,
            Standing::Alone | Standing::Both | Standing::On(Side::Asker | Side::Subject),
        ) => look,
    }
}
