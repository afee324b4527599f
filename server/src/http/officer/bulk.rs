//! The same for many requests: first what it would do, then that.

use app::{components::Typed, pages::officer};
use axum::{Form, http::StatusCode, response::Response};
use domain::{Personal, ids::RequestNumber};
use service::requests::{BulkAction, MOST_AT_ONCE};

use super::{
    super::{cx::Cx, failure::Failure, requests::wrong_words},
    QueueQuery, show_queue,
};

/// As they come: names may repeat.
type Fields = Vec<(String, String)>;

fn action(fields: &Fields) -> Result<BulkAction, Failure> {
    let text = fields.iter().find(|(name, _)| name == "action").map_or("", |(_, value)| value.as_str());
    BulkAction::parse(text).ok_or(Failure::NotFound)
}

fn values<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a str> {
    fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str()).take(MOST_AT_ONCE)
}

pub(in super::super) async fn preview(cx: Cx, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let numbers: Vec<RequestNumber> = values(&fields, "number").filter_map(RequestNumber::parse).collect();
    let said = |name: &str| values(&fields, name).next().unwrap_or_default().to_owned();
    if numbers.is_empty() {
        let typed = Typed::default().keep("action", said("action")).wrong("action", cx.text().bulk_none());
        let query = QueueQuery {
            kind: said("kind"),
            whose: said("whose"),
            asked: said("asked"),
            state: said("state"),
            due_in: said("due_in"),
            from: said("from"),
            to: said("to"),
            ..QueueQuery::default()
        };
        return show_queue(&cx, query, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    show(&cx, action(&fields)?, &numbers, StatusCode::OK, &Typed::default()).await
}

async fn show(
    cx: &Cx,
    action: BulkAction,
    numbers: &[RequestNumber],
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Failure> {
    let (permit, reader) = (cx.actor.decide()?, cx.actor.read_requests()?);
    let all = cx.shared_portal().preview_bulk(&permit, &reader, &cx.actor, action, numbers).await?;
    Ok(cx.page_with(status, |t| officer::bulk_preview(t, &cx.portal().map, action, &all, typed)))
}

pub(in super::super) async fn go(cx: Cx, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let action = action(&fields)?;
    let one = |text: &str| {
        let (number, plan) = text.split_once(' ').unwrap_or((text, ""));
        Some((RequestNumber::parse(number)?, plan.to_owned()))
    };
    let chosen: Vec<(RequestNumber, String)> = values(&fields, "one").filter_map(one).collect();
    let words = values(&fields, "words").next().unwrap_or_default().trim().to_owned();
    if action == BulkAction::Settle
        && let Some(message) = wrong_words(cx.text(), &words, cx.text().form_settle_missing())
    {
        let typed = Typed::default().keep("words", words).wrong("words", message);
        let numbers: Vec<RequestNumber> = chosen.into_iter().map(|(number, _)| number).collect();
        return show(&cx, action, &numbers, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    let words = Personal::new(words.as_str());
    let mut done = Vec::with_capacity(chosen.len());
    for (number, plan) in chosen {
        let result = cx.shared_portal().carry_out_bulk(&permit, &cx.actor, action, &number, &plan, &words).await;
        done.push((number, result));
    }
    Ok(cx.page(|t| officer::bulk_done(t, action, &done)))
}
