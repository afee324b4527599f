//! What a person asks for in their own words and a person answers: explanation, restriction, objection, transfer,
//! what is missing, a complaint (PIPL art. 24, 44, 45 para. 3, 46, 48, 50).

use domain::{
    Lang,
    actor::Actor,
    consent::Cover,
    file::{File, FiledAs},
    ids::RequestNumber,
    json,
    map::Extent,
    permit::{Decide, Own},
    plan::{Restricting, Turn},
    proof::Left,
    request::{Audience, Event, Gone, Handling, Happened, RequestKind, Requester, Side},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    requests::{Authority, Reader, Request},
};

use super::{
    Message,
    decide::Decision,
    file::{Filing, Told},
    withdraw::is_for_executor,
};
use crate::{Notice, Portal, ServiceError, copies::written};

/// What is told of how a request ended.
pub(super) struct Ending {
    pub(super) rows_kept: u64,
    pub(super) unlinked: u64,
    pub(super) left_out: Vec<Left>,
    pub(super) gone: Option<Gone>,
}

/// By which act of the person's there is a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    #[default]
    Asked,
    /// They said a word of consent, and know of no request.
    Consent,
    /// What somebody else had withdrawn for them does not stand: what was stopped for it goes on.
    Unsaid,
}

/// What is asked, and about what. Sealed with the request.
#[derive(Clone, Serialize, Deserialize)]
pub struct Wish {
    /// A purpose or an automated decision of the map, by its name there.
    pub about: Option<String>,
    /// Of a purpose, only what is agreed to on its own for it.
    #[serde(default)]
    pub cover: Cover,
    pub words: String,
    #[serde(default)]
    pub origin: Origin,
}

impl Wish {
    /// About nothing in particular.
    pub fn new(words: &str) -> Self {
        Self { about: None, cover: Cover::Purpose, words: words.trim().to_owned(), origin: Origin::Asked }
    }

    /// About what a form or an address calls it: `marketing`, or `marketing:provision` for what is agreed to on its own.
    #[must_use]
    pub fn about(self, name: &str) -> Self {
        let part = name.rsplit_once(':').and_then(|(purpose, cover)| Some((purpose, Cover::parse(cover)?)));
        let (purpose, cover) = part.unwrap_or((name, Cover::Purpose));
        Self { about: (!purpose.is_empty()).then(|| purpose.to_owned()), cover, ..self }
    }

    /// What it restricts or lifts, where it is a wish of that kind.
    pub fn restricting(&self, kind: RequestKind) -> Option<Restricting> {
        if kind.handling() != Handling::Restriction {
            return None;
        }
        let turn = if kind == RequestKind::Lift { Turn::Lifted } else { Turn::Restricted };
        Some(Restricting { purpose: self.about.clone()?, cover: self.cover, turn })
    }
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").field("about", &self.about).field("cover", &self.cover).finish_non_exhaustive()
    }
}

/// What a kind of wish is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Purpose,
    /// A purpose that rests on consent.
    Consent,
    Decision,
    Nothing,
}

/// What may be chosen for a kind of wish; where something may, something must.
pub const fn about(kind: RequestKind) -> About {
    match kind {
        RequestKind::Restrict | RequestKind::Object | RequestKind::Lift => About::Purpose,
        RequestKind::Withdraw => About::Consent,
        RequestKind::ExplainDecision | RequestKind::RefuseDecision => About::Decision,
        RequestKind::Copy
        | RequestKind::Delete
        | RequestKind::CancelAccount
        | RequestKind::Correct
        | RequestKind::Complete
        | RequestKind::Transfer
        | RequestKind::ExplainRules
        | RequestKind::Complaint => About::Nothing,
    }
}

impl Portal {
    /// Whether this company can be asked for it at all: where nothing is decided by a program alone, there is
    /// nothing to explain.
    pub fn serves(&self, kind: RequestKind) -> bool {
        match kind {
            RequestKind::ExplainDecision | RequestKind::RefuseDecision => !self.map.automated.is_empty(),
            RequestKind::Withdraw => self.map.consents().next().is_some(),
            RequestKind::Lift => !self.map.restrictions().is_empty(),
            RequestKind::Copy
            | RequestKind::Delete
            | RequestKind::CancelAccount
            | RequestKind::Correct
            | RequestKind::Complete
            | RequestKind::Transfer
            | RequestKind::Restrict
            | RequestKind::Object
            | RequestKind::ExplainRules
            | RequestKind::Complaint => true,
        }
    }

    /// Whether the map names what a wish of this kind is said to be about.
    pub fn may_be_about(&self, kind: RequestKind, wish: &Wish) -> bool {
        if wish.cover != Cover::Purpose && about(kind) != About::Purpose {
            return false;
        }
        match (about(kind), wish.about.as_deref()) {
            (About::Nothing, None) => true,
            // Only what the executor can stop is told apart from the purpose.
            (About::Purpose, Some(name)) if wish.cover != Cover::Purpose => self.map.can_restrict(name, wish.cover),
            (About::Purpose, Some(name)) => self.map.purposes.contains_key(name),
            (About::Consent, Some(name)) => self.map.consents().any(|(purpose, _)| purpose == name),
            (About::Decision, Some(name)) => self.map.automated.contains_key(name),
            (About::Nothing, Some(_)) | (About::Purpose | About::Consent | About::Decision, None) => false,
        }
    }

    /// With files, where they go with the words.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a kind that is not asked for in words, or about what the map does not name.
    pub async fn file_wish(
        &self,
        permit: &Own,
        actor: &Actor,
        kind: RequestKind,
        wish: &Wish,
        files: &[File],
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let tx = self.store.begin().await?;
        let request = self.file_wish_in(&tx, permit, actor, kind, wish, lang).await?;
        for file in files {
            self.keep_file(&tx, &request, FiledAs::Message(Audience::Everyone), file, actor).await?;
        }
        tx.commit().await?;
        Ok(request)
    }

    /// Likewise, together with what else happens in `tx`.
    pub(crate) async fn file_wish_in(
        &self,
        tx: &Tx,
        permit: &Own,
        actor: &Actor,
        kind: RequestKind,
        wish: &Wish,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        // One's own copy is there at once, without asking anybody.
        let asked_in_words = kind.handling() == Handling::Answer && kind != RequestKind::Copy;
        if !asked_in_words || !self.may_be_about(kind, wish) {
            return Err(ServiceError::NotFound);
        }
        let details = json::bytes(wish);
        let filing = Filing {
            kind,
            lang,
            details: Some(&details),
            extent: &Extent::Everything,
            plan: None,
            told: Told::OnReceipt,
        };
        self.file(tx, permit, actor, &filing).await
    }

    pub(super) async fn wish(&self, request: &Request) -> Result<Option<Wish>, ServiceError> {
        let in_words = match request.requester {
            Requester::Subject => matches!(request.kind.handling(), Handling::Answer | Handling::Restriction),
            Requester::Representative { .. } | Requester::Staff { .. } => true,
        };
        if !in_words {
            return Ok(None);
        }
        self.details_of(request).await
    }

    /// That it is done, by what the person did themselves.
    pub(super) async fn done_notice(&self, request: &Request, end: Ending) -> Result<Notice, ServiceError> {
        let (number, kind) = (request.number.clone(), request.kind);
        let wish = if kind.handling() == Handling::Restriction { self.wish(request).await? } else { None };
        let said = wish.filter(|wish| wish.origin == Origin::Consent).and_then(|wish| wish.restricting(kind));
        Ok(match said {
            Some(said) => Notice::ConsentCarriedOut { number, turn: said.turn },
            None => Notice::Completed {
                number,
                whom: Side::Asker,
                kind,
                rows_kept: end.rows_kept,
                unlinked: end.unlinked,
                left_out: end.left_out,
                gone: end.gone,
            },
        })
    }

    /// Done as asked: the officer says in plain words what was done, and of which tables a copy is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a request that the executor carries out: no words can complete it;
    /// [`ServiceError::NotHeeded`] where `heeded` is not when the last word was said.
    pub async fn settle(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        answer: Message<'_>,
        extent: &Extent,
        heeded: Option<Timestamp>,
    ) -> Result<(), ServiceError> {
        let may = self.to_settle(permit, actor, number, heeded).await;
        let request = self.or_audited(actor, number, Happened::RequestSettled.action(), may).await?;
        let in_words = match request.kind.handling() {
            Handling::Answer | Handling::Restriction => true,
            // A withdrawal no program carries out waits for an officer too.
            Handling::Withdrawal => {
                let plan = self.store.frozen_plan(request.id, None).await?;
                !is_for_executor(&request, plan.as_ref())
            }
            Handling::Erasure | Handling::Correction => false,
        };
        if !in_words {
            return Err(ServiceError::NotFound);
        }
        // No more than was asked for.
        let extent = extent.clone().within(self.extent_of(&request).await?);
        if matches!(&extent, Extent::Only(tables) if tables.is_empty()) {
            return Err(ServiceError::NotFound);
        }
        let data = if request.kind.hands_out().is_some() { written(&extent) } else { serde_json::json!({}) };
        let event = Event::Settle { by: permit.staff() };
        let decision = Decision::answer(Happened::RequestSettled, data, answer);
        let notice = Notice::Answered { number: number.clone(), whom: Side::Asker, kind: request.kind };
        let reader = actor.read_requests()?;
        let people = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let (tx, answered) = self.decided(permit, actor, &request, event, decision, Some(&notice)).await?;
        self.say_for_another(&tx, actor, &request).await?;
        // What is handed out is what was there when it was agreed to.
        if answered.kind.hands_out().is_some() {
            self.prepare_agreed(&tx, Authority::Decide(permit), actor, &answered, &people).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
