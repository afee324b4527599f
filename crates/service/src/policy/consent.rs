//! Consent that must be asked for again, because the purpose, the method or the kinds of information
//! changed (PIPL art. 14 para. 2). Silence is no consent.

use std::collections::BTreeMap;

use domain::{
    actor::Actor,
    audit::Action,
    map::{MapHash, diff},
    permit::Own,
};
use store::policies::ConsentAnswer;

use crate::{Portal, ServiceError};

/// A purpose someone is asked about.
#[derive(Clone, Debug)]
pub struct Reconsent {
    pub purpose: String,
    /// What changed, in the words of the comparison.
    pub changes: Vec<diff::Change>,
    pub since: MapHash,
}

/// How far back a change still asks for an answer.
const VERSIONS: usize = 20;

impl Portal {
    /// The purposes this person has not answered about since they changed.
    pub async fn reconsents(&self, permit: &Own) -> Result<Vec<Reconsent>, ServiceError> {
        let today = self.clock.today();
        let versions = self.store.published_versions().await?;
        let begun = versions.iter().filter(|version| version.effective().is_some_and(|day| day <= today));
        let versions: Vec<_> = begun.filter_map(|version| self.published(version)).take(VERSIONS).collect();
        // The latest change of each purpose counts.
        let mut latest: BTreeMap<String, (usize, Reconsent)> = BTreeMap::new();
        for (age, pair) in versions.windows(2).enumerate() {
            let [after, before] = pair else { continue };
            let changes = diff::diff(&before.map, &after.map);
            for purpose in diff::consent_again(&before.map, &after.map, &changes) {
                let reconsent =
                    Reconsent { purpose: purpose.clone(), changes: changes.clone(), since: after.hash.clone() };
                latest.entry(purpose).or_insert((age, reconsent));
            }
        }
        let mut open = Vec::new();
        for (purpose, (age, reconsent)) in latest {
            if !self.map.purposes.contains_key(&purpose) {
                continue;
            }
            let answered = self.store.last_consent(permit, &purpose).await?;
            let answered_at =
                answered.and_then(|(hash, _, _)| versions.iter().position(|version| version.hash == hash));
            if answered_at.is_none_or(|answered| answered > age) {
                open.push(reconsent);
            }
        }
        Ok(open)
    }

    pub async fn answer_consent(
        &self,
        permit: &Own,
        actor: &Actor,
        purpose: &str,
        answer: ConsentAnswer,
    ) -> Result<(), ServiceError> {
        if !self.reconsents(permit).await?.iter().any(|open| open.purpose == purpose) {
            return Err(ServiceError::NotFound);
        }
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.add_consent(self.chance.id(now)?, permit, purpose, &self.map.hash, answer, now).await?;
        let detail = serde_json::json!({ "agreed": answer == ConsentAnswer::Agreed, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        tx.commit().await?;
        Ok(())
    }
}
