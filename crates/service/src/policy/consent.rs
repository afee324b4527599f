//! Consent that must be asked for again, because the purpose, the method or the kinds of information changed (PIPL
//! art. 14 para. 2), or because it is given to somebody or abroad as it was not before (art. 23, 39). Silence is no
//! consent, and whoever has refused a thing is not asked about the same again (Order 790 art. 22).

use std::{collections::BTreeMap, time::Duration};

use domain::{
    Identifier, Lang, Words,
    actor::Actor,
    audit::Action,
    consent::{Cover, Given, How},
    ids::RequestId,
    map::{
        MapHash,
        again::{self, Reason},
        diff,
    },
    permit::Own,
    request::RequestKind,
    said::{ConsentAnswer, Said, last},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use store::{Tx, policies::Version};

use crate::{
    Portal, ServiceError,
    requests::{Doer, Origin, Wish, Word, own_of},
};

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
/// A database that is well answers in far less.
const GLANCE: Duration = Duration::from_millis(300);

impl Portal {
    /// The purposes this person has not answered about since they changed.
    pub async fn reconsents(&self, permit: &Own) -> Result<Vec<Reconsent>, ServiceError> {
        let today = self.clock.today();
        let known = self.store.published_versions().await?;
        let begun = known.iter().filter(|version| version.effective().is_some_and(|day| day <= today));
        let versions: Vec<_> = begun.filter_map(|version| self.published(version)).take(VERSIONS).collect();
        // The latest change of each purpose counts.
        let said = self.store.consents(permit).await?;
        let mut latest: BTreeMap<String, (usize, Reconsent)> = BTreeMap::new();
        for (age, pair) in versions.windows(2).enumerate() {
            let [after, before] = pair else { continue };
            let changes = diff::diff(&before.map, &after.map);
            for (purpose, reasons) in again::consent_again(&before.map, &after.map, &changes) {
                let still_asks = |reason: &Reason| match reason {
                    Reason::Changed => true,
                    // What has ended since needs no answer, and what was refused is not asked again.
                    Reason::Given(given) => {
                        self.map.given(&purpose).contains(given) && !self.has_refused(&said, &purpose, given, &known)
                    }
                };
                if !reasons.iter().any(still_asks) {
                    continue;
                }
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
            let answered = last(&said, &purpose, Cover::Purpose);
            let answered_at =
                answered.and_then(|said| versions.iter().position(|version| version.hash == said.version));
            if answered_at.is_none_or(|answered| answered > age) {
                open.push(reconsent);
            }
        }
        Ok(open)
    }

    /// Whether the last word about this very thing was a no: under a version by which it was given to the same recipient
    /// in the same country.
    fn has_refused(&self, said: &[Said], purpose: &str, given: &Given, known: &[Version]) -> bool {
        let mut about = said.iter().filter(|said| said.purpose == purpose && said.cover == given.cover());
        let last = about.find(|said| {
            let version = known.iter().find(|version| version.hash == said.version);
            let version = version.and_then(|version| self.published(version));
            version.is_some_and(|version| version.map.given(purpose).contains(given))
        });
        last.is_some_and(|said| match said.answer {
            ConsentAnswer::Refused | ConsentAnswer::Withdrawn => true,
            ConsentAnswer::Agreed => false,
        })
    }

    /// Answers what is asked again. A no to the purpose is a no to everything that goes with it: what was agreed to
    /// on its own before the change was agreed to for something else. What had been agreed to is stopped.
    pub async fn refuse_again(
        &self,
        permit: &Own,
        actor: &Actor,
        purpose: &str,
        lang: Lang,
    ) -> Result<(), ServiceError> {
        if !self.is_asked_again(permit, purpose).await? {
            return Err(ServiceError::NotFound);
        }
        let said = self.store.consents(permit).await?;
        let agreed =
            |cover: &Cover| last(&said, purpose, *cover).is_some_and(|said| said.answer == ConsentAnswer::Agreed);
        let covers = [Cover::Purpose].into_iter().chain(self.map.separate_consents(purpose)).filter(agreed);
        let stops = self.stop_soon(permit, purpose, covers).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        self.say_of_all(&tx, permit, Spoken::here(actor, now), purpose, ConsentAnswer::Refused).await?;
        let detail = serde_json::json!({ "agreed": false, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        for (cover, doer) in stops {
            let wish = wish(RequestKind::Object, purpose, cover, lang);
            let word = Word { kind: RequestKind::Object, wish: &wish, doer: &doer };
            self.file_restriction_in(&tx, permit, actor, &word, lang).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Who stops each. A no is in force as soon as it is said, whatever the company's databases do: one that does not say
    /// at a glance whether a row of theirs could hold it is asked when its turn comes.
    async fn stop_soon(
        &self,
        permit: &Own,
        purpose: &str,
        covers: impl Iterator<Item = Cover>,
    ) -> Result<Vec<(Cover, Doer)>, ServiceError> {
        let stops = covers.map(async |cover| {
            let looked = tokio::time::timeout(GLANCE, self.doer(permit.proven(), purpose, cover)).await;
            let doer = looked.unwrap_or_else(|_| Ok(Doer::Executor(self.nothing_yet())))?;
            Ok((cover, doer))
        });
        try_join_all(stops).await
    }

    pub async fn is_asked_again(&self, permit: &Own, purpose: &str) -> Result<bool, ServiceError> {
        Ok(self.reconsents(permit).await?.iter().any(|open| open.purpose == purpose))
    }

    /// Agrees to a purpose, and on its own to each of `separate`: what is not among them is refused, whatever was said
    /// before. Asked for by the person, never by us (Order 790 art. 22). What was agreed to and no longer is becomes an
    /// objection, carried out at once where the map says how and by an officer elsewhere (PIPL art. 15).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a purpose that does not rest on consent, or for what it does not need.
    pub async fn give_consent(
        &self,
        permit: &Own,
        actor: &Actor,
        purpose: &str,
        separate: &[Cover],
        lang: Lang,
    ) -> Result<(), ServiceError> {
        let needed = self.map.separate_consents(purpose);
        let known = self.map.consents().any(|(name, _)| name == purpose);
        if !known || separate.iter().any(|cover| !needed.contains(cover)) {
            return Err(ServiceError::NotFound);
        }
        let said = self.store.consents(permit).await?;
        let agreed = |cover| last(&said, purpose, cover).is_some_and(|said| said.answer == ConsentAnswer::Agreed);
        let dropped: Vec<Cover> =
            needed.iter().copied().filter(|cover| agreed(*cover) && !separate.contains(cover)).collect();
        let stops = self.stop_soon(permit, purpose, dropped.into_iter()).await?;
        // Who agrees has it go on, also where they had stopped it before.
        let mut goes_on = Vec::new();
        for cover in [Cover::Purpose].iter().chain(separate).copied() {
            goes_on.extend(self.liftable(permit, purpose, cover).await?.map(|plan| (cover, Doer::Executor(plan))));
        }
        // Lifting is of tier T2, by whichever way it comes.
        if !goes_on.is_empty() {
            actor.own_fresh()?;
        }
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let spoken = Spoken::here(actor, now);
        self.say(&tx, permit, spoken, purpose, Cover::Purpose, ConsentAnswer::Agreed).await?;
        for cover in needed {
            let answer = if separate.contains(&cover) { ConsentAnswer::Agreed } else { ConsentAnswer::Refused };
            self.say(&tx, permit, spoken, purpose, cover, answer).await?;
        }
        let detail = serde_json::json!({ "agreed": true, "separate": separate, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        for (cover, doer) in stops {
            let wish = wish(RequestKind::Object, purpose, cover, lang);
            let word = Word { kind: RequestKind::Object, wish: &wish, doer: &doer };
            self.file_restriction_in(&tx, permit, actor, &word, lang).await?;
        }
        for (cover, doer) in goes_on {
            let wish = wish(RequestKind::Lift, purpose, cover, lang);
            let word = Word { kind: RequestKind::Lift, wish: &wish, doer: &doer };
            self.file_restriction_in(&tx, permit, actor, &word, lang).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// All that whoever these are of has said; nothing of whom the portal has forgotten.
    pub(crate) async fn consents_of(&self, subject: &[Identifier]) -> Result<Vec<Said>, ServiceError> {
        if subject.is_empty() { Ok(Vec::new()) } else { Ok(self.store.consents(&own_of(subject)?).await?) }
    }

    /// All that somebody has said, their last word first.
    pub async fn consent_history(&self, permit: &Own) -> Result<Vec<Said>, ServiceError> {
        Ok(self.store.consents(permit).await?)
    }

    /// One word about a purpose and all that is agreed to on its own for it.
    pub(crate) async fn say_of_all(
        &self,
        tx: &Tx,
        permit: &Own,
        spoken: Spoken,
        purpose: &str,
        answer: ConsentAnswer,
    ) -> Result<(), ServiceError> {
        for cover in [Cover::Purpose].into_iter().chain(self.map.separate_consents(purpose)) {
            self.say(tx, permit, spoken, purpose, cover, answer).await?;
        }
        Ok(())
    }

    async fn say(
        &self,
        tx: &Tx,
        permit: &Own,
        Spoken { how, request, at }: Spoken,
        purpose: &str,
        cover: Cover,
        answer: ConsentAnswer,
    ) -> Result<(), ServiceError> {
        let said =
            Said { purpose: purpose.to_owned(), cover, answer, version: self.map.hash.clone(), how, request, at };
        Ok(tx.add_consent(self.chance.id(self.clock.now())?, permit, &said).await?)
    }
}

/// How and when a word is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken {
    pub(crate) how: How,
    /// By which request of somebody else's, where one says it for them.
    pub(crate) request: Option<RequestId>,
    pub(crate) at: Timestamp,
}

impl Spoken {
    /// By whoever it is about.
    pub(crate) fn here(actor: &Actor, at: Timestamp) -> Self {
        Self { how: how(actor), request: None, at }
    }
}

/// Where it is said.
pub(crate) const fn how(actor: &Actor) -> How {
    match actor {
        Actor::Program(_) => How::Program,
        Actor::Visitor | Actor::Customer(_) | Actor::Staff(_) | Actor::System => How::Portal,
    }
}

/// What is stopped or goes on by a word of consent, wherever it was said: also a program of the company's takes them.
fn wish(kind: RequestKind, purpose: &str, cover: Cover, lang: Lang) -> Wish {
    let words = if kind == RequestKind::Lift {
        Words::new("本人再次同意", "Agreed to again")
    } else {
        Words::new("本人不再同意", "No longer agreed to")
    };
    let words = words.in_lang(lang).to_owned();
    Wish { about: Some(purpose.to_owned()), cover, words, origin: Origin::Consent }
}
