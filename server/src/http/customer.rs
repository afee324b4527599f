//! What a signed-in person does with their own information.

use std::collections::BTreeSet;

use app::{
    components::ClosingDays,
    pages::customer::{self, OnTop, Spoken},
    paths,
};
use axum::{
    Form,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    consent::Cover,
    permit::{Denied, Own},
    request::Requester,
};
use serde::Deserialize;
use service::{
    mine::Held,
    requests::{Cancelled, Closing, InUse},
};

use super::{cx::Cx, failure::Failure};

pub(super) async fn mine(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let held = cx.portal().mine(&permit).await?;
    show(&cx, &permit, &held).await
}

async fn show(cx: &Cx, permit: &Own, held: &Held) -> Result<Response, Failure> {
    let purposes: Vec<&String> = held.records.iter().flat_map(|record| &record.purposes).collect();
    let reconsents = cx.portal().reconsents(permit).await?;
    let open = reconsents.iter().filter(|open| purposes.contains(&&open.purpose)).count();
    let copies = cx.portal().my_copies(permit).await?;
    let turns = cx.portal().my_turns(permit).await?;
    let closes = cx.portal().closing_soon(permit).await?;
    let on_top = OnTop { reconsents: open, copies: &copies, turns: &turns, closes: closes.as_ref() };
    Ok(cx.page(|t| customer::mine(t, &cx.portal().map, held, &on_top, cx.portal().clock.today())))
}

/// The policy's lists with what concerns this person.
pub(super) async fn lists(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let held = cx.portal().mine(&permit).await?;
    let consents = cx.portal().consents(&permit).await?;
    Ok(cx.page(|t| customer::lists(t, &cx.portal().map, &held, &consents, cx.portal().clock.today())))
}

pub(super) async fn consent_page(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let open = cx.portal().reconsents(&permit).await?;
    let mut consents = cx.portal().consents(&permit).await?;
    let said = cx.portal().consent_history(&permit).await?;
    let mut uses = cx.portal().uses(&permit).await?;
    // Only what concerns them; a database that does not answer is not asked once more, and hides nothing.
    let answers = !uses.iter().any(|of| matches!(of.standing, InUse::Unknown));
    let held = if answers { Some(cx.portal().mine(&permit).await?) } else { None };
    let spoken = consents.iter().filter(|of| of.is_spoken_of()).map(|of| &of.purpose);
    let spoken: BTreeSet<String> =
        spoken.chain(uses.iter().filter(|of| of.is_spoken_of()).map(|of| &of.purpose)).cloned().collect();
    let concerns =
        |purpose: &str| spoken.contains(purpose) || held.as_ref().is_none_or(|held| held.is_used_for(purpose));
    consents.retain(|of| concerns(&of.purpose));
    uses.retain(|of| concerns(&of.purpose));
    let spoken = Spoken { consents: &consents, uses: &uses, said: &said };
    Ok(cx.page(|t| customer::consent(t, &cx.portal().map, &open, &spoken, held.as_ref())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Withdraw {
    purpose: String,
}

/// A word of consent. Each separate one stands for itself, and none of them is ticked beforehand.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Give {
    purpose: String,
    /// Where it is asked again.
    answer: String,
    sensitive: Option<String>,
    provision: Option<String>,
    abroad: Option<String>,
}

impl Give {
    fn separate(&self) -> Vec<Cover> {
        let ticked =
            [(&self.sensitive, Cover::Sensitive), (&self.provision, Cover::Provision), (&self.abroad, Cover::Abroad)];
        ticked.into_iter().filter_map(|(said, cover)| said.as_ref().map(|_| cover)).collect()
    }
}

pub(super) async fn give(cx: Cx, Form(form): Form<Give>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    cx.portal().give_consent(&permit, &cx.actor, &form.purpose, &form.separate(), cx.lang).await?;
    Ok(Redirect::to(paths::MINE_CONSENT).into_response())
}

/// In force at once: the person sees it done.
pub(super) async fn withdraw(cx: Cx, Form(form): Form<Withdraw>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let request = cx.portal().file_withdrawal(&permit, &cx.actor, &form.purpose, cx.lang).await?;
    cx.portal().work_now(request.id).await?;
    Ok(Redirect::to(&paths::request(&request.number)).into_response())
}

pub(super) async fn cancel_page(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    if let Some(running) = cx.portal().running_deletion(permit.own()).await? {
        return Ok(Redirect::to(&paths::request(&running.number)).into_response());
    }
    let closes = cx.portal().closing_soon(permit.own()).await?;
    if let Some(own) = closes.as_ref().filter(|closes| closes.request.requester == Requester::Subject) {
        return Ok(cx.page(|t| customer::closes_already(t, own)));
    }
    let closing = match cx.portal().preview_cancellation(permit.own()).await.map_err(Failure::from) {
        Ok(closing) => closing,
        // What would go cannot be listed: they ask all the same.
        Err(Failure::SourceDown(source)) => {
            let portal = cx.portal();
            let (at, due) = (portal.cooled_off(portal.clock.now()), portal.calendar().due(portal.clock.today()).due);
            let days = ClosingDays { at, due, requester: Requester::Subject };
            return Ok(cx.page(|t| customer::cancel_unread(t, &portal.map, &source, days, closes.as_ref())));
        }
        Err(failure) => return Err(failure),
    };
    let cancellation = match closing {
        // Under something they have proven before there may be one: it is proven again first.
        Closing::NoAccount(_) if may_be_under_another(&cx, permit.own()).await? => {
            return Err(Denied::FreshCode.into());
        }
        Closing::NoAccount(why) => return Ok(cx.page(|t| customer::no_account(t, why))),
        Closing::Account(cancellation) => cancellation,
    };
    if cancellation.plan.items.is_empty() {
        return Ok(Redirect::to(paths::MINE).into_response());
    }
    Ok(cx.page(|t| customer::cancel(t, &cx.portal().map, &cancellation, closes.as_ref())))
}

async fn may_be_under_another(cx: &Cx, fresh: &Own) -> Result<bool, Failure> {
    let all = cx.actor.own()?;
    Ok(all.proven().len() > fresh.proven().len() && cx.portal().offers_closing(&all).await?)
}

pub(super) async fn cancel(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    match cx.portal().file_cancellation(&permit, &cx.actor, cx.lang).await? {
        Cancelled::Filed(request) => {
            Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
        }
        // Something came up since the page was opened; it says what.
        Cancelled::Blocked | Cancelled::NoAccount(_) => Ok(Redirect::to(paths::MINE_CANCEL).into_response()),
    }
}

/// The answer to what is asked again. Anything but a plain yes is a no.
pub(super) async fn consent(cx: Cx, Form(form): Form<Give>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    if form.answer != "agree" {
        cx.portal().refuse_again(&permit, &cx.actor, &form.purpose, cx.lang).await?;
    } else if cx.portal().is_asked_again(&permit, &form.purpose).await? {
        cx.portal().give_consent(&permit, &cx.actor, &form.purpose, &form.separate(), cx.lang).await?;
    } else {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(paths::MINE_CONSENT).into_response())
}

pub(super) async fn mine_full(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let held = cx.portal().mine_revealed(&permit, &cx.actor).await?;
    show(&cx, permit.own(), &held).await
}
