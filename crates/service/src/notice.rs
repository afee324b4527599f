//! What is told to a customer by mail or short message. Numbers, dates and codes only: the words
//! are in the locales, and nothing personal is in any of them.

use domain::{
    Identifier, IdentifierKind, Personal,
    actor::Actor,
    ids::{CopyId, RequestNumber},
    json,
    map::MapHash,
    plan::Turn,
    proof::Left,
    request::{Addressee, Capacity, Checked, Gone, Happened, RefusalCode, RequestKind, Requester, Side},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use store::{Tx, requests::Request};

use crate::{Portal, ServiceError};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// The code itself travels sealed beside this.
    Code,
    /// Likewise, to a number or an address that somebody gives as theirs from now on.
    CodeToNew,
    Received {
        number: RequestNumber,
        kind: RequestKind,
        due: Date,
    },
    /// Likewise, of an account that one closes oneself, and can keep for some days.
    ReceivedClosing {
        number: RequestNumber,
        due: Date,
        /// Until when; one written before this was told does not say.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Likewise, of what staff wrote down: when it was received, and no date where that has passed.
    WrittenDown {
        number: RequestNumber,
        kind: RequestKind,
        received: Date,
        due: Option<Date>,
    },
    Asked {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
    },
    Approved {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
        /// Until when an account that is to be closed can still be kept.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    Refused {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
        code: RefusalCode,
    },
    Cancelled {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
    },
    /// Asks the owner of a system to do by hand what no program can. The link travels sealed beside this.
    Task {
        number: RequestNumber,
        due: Date,
    },
    /// Asks a recipient to do with what they got as was done here. The link travels sealed beside this.
    Recipient {
        number: RequestNumber,
    },
    /// Likewise, once more: a week has passed without an answer.
    RecipientAgain {
        number: RequestNumber,
    },
    /// A new version of the policy: what it says is public.
    PolicyChanged {
        hash: MapHash,
        effective: Date,
    },
    /// To the officers: how many requests are due soon, by working days left.
    DueSoon {
        five: u64,
        three: u64,
        one: u64,
        overdue: u64,
    },
    /// To the officers: so many rules of the night wait until one has looked.
    RulesStopped {
        rules: usize,
        rows: u64,
    },
    /// To the person somebody else asks for: they can stop it.
    AskedForYou {
        number: RequestNumber,
        kind: RequestKind,
        /// What whoever asks is to them. One written before this was told does not say.
        #[serde(default)]
        capacity: Option<Capacity>,
        /// What is deleted includes their account.
        #[serde(default)]
        account: bool,
        /// By when it is decided.
        #[serde(default)]
        due: Option<Date>,
    },
    /// The same was asked twice; the earlier goes on.
    Merged {
        number: RequestNumber,
        into: RequestNumber,
    },
    /// Somebody has taken a copy of everything: the person should know, should it not have been them.
    CopyTaken,
    /// The copy they asked for can be downloaded until then. The address alone opens nothing.
    CopyReady {
        id: CopyId,
        until: Date,
    },
    /// It could not be written, and they can ask again.
    CopyFailed,
    /// What an officer agreed to for them can be taken until then.
    AgreedReady {
        number: RequestNumber,
        kind: RequestKind,
        until: Date,
    },
    /// A word of consent has been carried out: what was stopped goes on, or what was agreed to is stopped.
    ConsentCarriedOut {
        number: RequestNumber,
        turn: Turn,
    },
    /// To the person it is about: what was agreed to has begun to be handed out, and can still be stopped.
    AgreedTaken {
        number: RequestNumber,
        kind: RequestKind,
    },
    /// It could not be written, and they can have it prepared again.
    AgreedFailed {
        number: RequestNumber,
        kind: RequestKind,
    },
    /// Answered in words, which are read after signing in.
    Answered {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
        kind: RequestKind,
    },
    Completed {
        number: RequestNumber,
        #[serde(default)]
        whom: Side,
        kind: RequestKind,
        rows_kept: u64,
        /// Records that lead to them no longer.
        #[serde(default)]
        unlinked: u64,
        /// Records that were found not to be theirs, by kind and number.
        #[serde(default)]
        left_out: Vec<Left>,
        /// There was nothing left to erase: by what it had gone.
        #[serde(default)]
        gone: Option<Gone>,
    },
}

impl Notice {
    /// The request it is about, and to whom it is.
    fn about(&self) -> Option<(&RequestNumber, Addressee)> {
        match self {
            Self::Received { number, .. }
            | Self::ReceivedClosing { number, .. }
            | Self::WrittenDown { number, .. }
            | Self::Asked { number, .. }
            | Self::Approved { number, .. }
            | Self::Refused { number, .. }
            | Self::Cancelled { number, .. }
            | Self::AskedForYou { number, .. }
            | Self::Merged { number, .. }
            | Self::AgreedReady { number, .. }
            | Self::ConsentCarriedOut { number, .. }
            | Self::AgreedTaken { number, .. }
            | Self::AgreedFailed { number, .. }
            | Self::Answered { number, .. }
            | Self::Completed { number, .. } => Some((number, Addressee::Person)),
            Self::Task { number, .. } => Some((number, Addressee::Owner)),
            Self::Recipient { number } | Self::RecipientAgain { number } => Some((number, Addressee::Recipient)),
            Self::Code
            | Self::CodeToNew
            | Self::PolicyChanged { .. }
            | Self::DueSoon { .. }
            | Self::RulesStopped { .. }
            | Self::CopyTaken
            | Self::CopyReady { .. }
            | Self::CopyFailed => None,
        }
    }

    /// Likewise, to the person somebody else has asked for: it is not their request.
    pub(crate) fn to_subject(&self) -> Self {
        let mut notice = self.clone();
        match &mut notice {
            Self::Asked { whom, .. }
            | Self::Approved { whom, .. }
            | Self::Refused { whom, .. }
            | Self::Cancelled { whom, .. }
            | Self::Answered { whom, .. }
            | Self::Completed { whom, .. } => *whom = Side::Subject,
            Self::Code
            | Self::CodeToNew
            | Self::Received { .. }
            | Self::ReceivedClosing { .. }
            | Self::WrittenDown { .. }
            | Self::Task { .. }
            | Self::Recipient { .. }
            | Self::RecipientAgain { .. }
            | Self::PolicyChanged { .. }
            | Self::DueSoon { .. }
            | Self::RulesStopped { .. }
            | Self::AskedForYou { .. }
            | Self::Merged { .. }
            | Self::CopyTaken
            | Self::ConsentCarriedOut { .. }
            | Self::CopyReady { .. }
            | Self::CopyFailed
            | Self::AgreedReady { .. }
            | Self::AgreedTaken { .. }
            | Self::AgreedFailed { .. } => {}
        }
        notice
    }
}

/// E-mail where there is one: a short message costs, and says less.
pub(crate) fn best_address(identifiers: &[Identifier]) -> Option<&Identifier> {
    identifiers.iter().find(|identifier| identifier.kind() == IdentifierKind::Email).or_else(|| identifiers.first())
}

impl Portal {
    pub(crate) async fn tell(
        &self,
        tx: &Tx,
        request: &Request,
        subject: &[Identifier],
        notice: &Notice,
    ) -> Result<(), ServiceError> {
        if let Some(address) = best_address(subject) {
            self.post(tx, address, request.lang, notice, None).await?;
        }
        Ok(())
    }

    /// What became of what somebody asked for them: to the person as well, once an officer answers for who asked.
    pub(crate) async fn tell_represented(
        &self,
        tx: &Tx,
        request: &Request,
        subject: &[Identifier],
        notice: &Notice,
    ) -> Result<(), ServiceError> {
        match request.requester {
            Requester::Representative { capacity, checked: Checked::Confirmed { .. } }
                if capacity.subject_is_told() =>
            {
                self.tell_subject(tx, request, subject, &notice.to_subject()).await
            }
            Requester::Representative { .. } | Requester::Subject | Requester::Staff { .. } => Ok(()),
        }
    }

    /// The person a request is about, at every address of theirs: which of them is read is not for whoever asks to
    /// choose, nor in which language.
    pub(crate) async fn tell_subject(
        &self,
        tx: &Tx,
        request: &Request,
        subject: &[Identifier],
        notice: &Notice,
    ) -> Result<(), ServiceError> {
        let lang = match request.requester {
            Requester::Subject | Requester::Staff { .. } => request.lang,
            Requester::Representative { .. } => {
                self.store.own_lang(&Actor::System.work()?, subject).await?.unwrap_or_default()
            }
        };
        for address in subject {
            self.post(tx, address, lang, notice, None).await?;
        }
        Ok(())
    }

    /// A message that could not be delivered, and is not tried again: the request says so, to whoever works on it and
    /// to whom it was to, and never which address it was.
    ///
    /// # Errors
    /// What the store says.
    pub async fn was_not_delivered(&self, tx: &Tx, notice: &Notice) -> Result<(), ServiceError> {
        let Some((number, to)) = notice.about() else { return Ok(()) };
        // Past its time it is forgotten, with everything about it.
        let Some(request) = self.store.request_id(&Actor::System.work()?, number).await? else { return Ok(()) };
        let (now, what, data) = (self.clock.now(), Happened::NotDelivered, serde_json::json!({ "to": to }));
        tx.add_event(request, now, &Actor::System, what, data.clone(), None).await?;
        tx.audit(now, &Actor::System, what.action(), number.as_str(), data).await?;
        Ok(())
    }

    pub(crate) async fn post(
        &self,
        tx: &Tx,
        to: &Identifier,
        lang: domain::Lang,
        notice: &Notice,
        secret: Option<&Personal>,
    ) -> Result<(), ServiceError> {
        let notice = json::value(notice);
        Ok(tx.send(to, lang, &notice, secret, self.clock.now()).await?)
    }
}
