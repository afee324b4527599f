//! Customers: a one-time code to an address they say is theirs.
//!
//! The answer and its time are the same whether or not the company knows the address: what is
//! asked for is written down, and the worker decides whether anything is sent.

use domain::{
    Identifier, Lang, Personal,
    actor::{Actor, Customer, Freshness},
    audit::Action,
    ids::{ChallengeId, RequestNumber},
    permit::Own,
    request::Stage,
};
use jiff::{SignedDuration, Timestamp};
use sources::gather;
use store::{
    challenges::{Checked, Fact, NewChallenge},
    jobs::JobKind,
    requests::Reader,
    throttle::Limit,
};

use crate::{Notice, Portal, ServiceError};

const PER_ADDRESS: Limit = Limit { times: 5, within: SignedDuration::from_mins(15) };
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// On its way, if the address is known together with the second fact.
    Sent(ChallengeId),
    TooOften {
        until: Timestamp,
    },
}

#[derive(Debug)]
pub enum Entered {
    Proven(Identifier),
    Wrong { tries_left: i64 },
    Spent,
    TooOften { until: Timestamp },
}

impl Portal {
    /// Asks for a code. `network` is where the request came from, to slow guessing down.
    pub async fn ask_for_code(
        &self,
        identifier: &Identifier,
        fact: Option<&Personal>,
        lang: Lang,
        network: &str,
    ) -> Result<Asked, ServiceError> {
        let fact = fact.map_or(Fact::None, Fact::Typed);
        self.challenge((identifier, fact), JobKind::SendCode, lang, network).await
    }

    pub(super) async fn challenge(
        &self,
        (identifier, fact): (&Identifier, Fact<'_>),
        job: JobKind,
        lang: Lang,
        network: &str,
    ) -> Result<Asked, ServiceError> {
        let now = self.clock.now();
        let id = ChallengeId(self.chance.id(now)?);
        let code = self.chance.code()?;
        let vault = self.store.vault();
        let tx = self.store.begin().await?;
        let address = tx.pace(&vault.index_text("code to", &vault.index(identifier)), PER_ADDRESS, now).await?;
        let from = tx.pace(&vault.index_text("code from", network), self.per_network(), now).await?;
        if let Some(until) = address.until().max(from.until()) {
            tx.commit().await?;
            return Ok(Asked::TooOften { until });
        }
        tx.add_challenge(&NewChallenge { id, identifier, fact, code: &code, lang }, now).await?;
        tx.enqueue(job, &id.to_string(), now).await?;
        tx.commit().await?;
        Ok(Asked::Sent(id))
    }

    /// One more code for someone already signed in, to an address they have proven here. The second
    /// fact was given when they proved it.
    pub async fn ask_again(
        &self,
        identifier: &Identifier,
        permit: &Own,
        lang: Lang,
        network: &str,
    ) -> Result<Asked, ServiceError> {
        if !permit.proven().contains(identifier) {
            return Err(ServiceError::NotFound);
        }
        self.challenge((identifier, Fact::KnownBefore), JobKind::SendCode, lang, network).await
    }

    /// Where a code went, or would have gone: as it was typed, whether or not anybody is known by it.
    pub async fn code_goes_to(&self, id: ChallengeId) -> Result<Option<Identifier>, ServiceError> {
        Ok(self.store.challenge(id).await?.map(|pending| pending.identifier))
    }

    pub(super) fn per_network(&self) -> Limit {
        Limit { times: self.settings.tries_per_network, within: WINDOW }
    }

    pub async fn enter_code(&self, id: ChallengeId, typed: &Personal, network: &str) -> Result<Entered, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let bucket = self.store.vault().index_text("code tried from", network);
        if let Some(until) = tx.pace(&bucket, self.per_network(), now).await?.until() {
            tx.commit().await?;
            return Ok(Entered::TooOften { until });
        }
        let entered = match tx.check_challenge(id, typed, now).await? {
            Checked::Right(identifier) => {
                let customer = Customer::new(vec![(identifier.clone(), Freshness::Fresh)]);
                if let Some(customer) = customer {
                    let detail = serde_json::json!({ "by": identifier.kind().as_str() });
                    tx.audit(now, &Actor::Customer(customer), Action::CustomerSignedIn, "session", detail).await?;
                }
                Entered::Proven(identifier)
            }
            Checked::Wrong { tries_left } => Entered::Wrong { tries_left },
            Checked::Spent => Entered::Spent,
        };
        tx.commit().await?;
        Ok(entered)
    }

    /// The worker's part: a code goes out only to an address the second fact belongs to.
    pub(crate) async fn send_code(&self, id: ChallengeId) -> Result<Option<Outgoing>, ServiceError> {
        let Some(pending) = self.store.challenge(id).await? else { return Ok(None) };
        let with = self.map.identifiers.get(&pending.identifier.kind()).and_then(Option::as_ref);
        let known = match (with, &pending.fact) {
            (None, _) => true,
            (Some(_), None) => pending.vouched,
            (Some(with), Some(fact)) => {
                self.was_erased(&pending.identifier, fact).await?
                    || gather::knows(&self.sources, &self.map, &pending.identifier, with, fact).await?
            }
        };
        let Some(code) = self.store.kept_code(id).await?.filter(|_| known) else { return Ok(None) };
        Ok(Some(Outgoing { to: pending.identifier, lang: pending.lang, code }))
    }

    /// Once all of theirs was erased no parcel says any more that they were known here, and the answer must be readable
    /// all the same: the number of that request says it. Of no other request: it comes to the same telephone as the code,
    /// and is no second fact while there is something to see.
    async fn was_erased(&self, who: &Identifier, fact: &Personal) -> Result<bool, ServiceError> {
        let Some(number) = RequestNumber::parse(fact.reveal()) else { return Ok(false) };
        let work = Actor::System.work()?;
        let Some(id) = self.store.request_id(&work, &number).await? else { return Ok(false) };
        let Some(request) = self.store.request_by_id(&work, id).await? else { return Ok(false) };
        if !request.kind.erases_all() || !matches!(request.stage, Stage::Completed { .. }) {
            return Ok(false);
        }
        if !self.store.subject(Reader::Work(&work), id).await?.contains(who) {
            return Ok(false);
        }
        // Where they chose a part, the rest may be all there was.
        Ok(self.erases_all(&request).await? || self.has_nothing(who).await?)
    }

    pub(crate) async fn post_code(&self, tx: &store::Tx, out: &Outgoing, notice: &Notice) -> Result<(), ServiceError> {
        self.post(tx, &out.to, out.lang, notice, Some(&out.code)).await
    }
}

pub(crate) struct Outgoing {
    to: Identifier,
    lang: Lang,
    code: Personal,
}
