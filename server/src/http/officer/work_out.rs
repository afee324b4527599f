//! What is to be corrected for somebody, worked out from words.

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Personal, map::Column};
use service::requests::{NewValue, WorkedOut};

use super::super::{correct::value_words, cx::Cx, failure::Failure, requests::number};

async fn show(cx: &Cx, text: &str, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let to = cx.portal().to_work_out(&cx.actor.decide()?, &cx.actor, &number(text)?).await?;
    Ok(cx.page_with(status, |t| officer::work_out(t, &cx.portal().map, &to, typed)))
}

pub(in super::super) async fn page(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    show(&cx, &text, StatusCode::OK, &Typed::default()).await
}

/// The record and the value that a field is about.
fn named(field: &str) -> Option<(&str, &str)> {
    field.strip_prefix("new:")?.split_once(':')
}

pub(in super::super) async fn file(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let number = number(&text)?;
    let filled = form.into_iter().filter(|(_, after)| !after.trim().is_empty());
    let (mut typed, mut fields, mut values) = (Typed::default(), Vec::new(), Vec::new());
    for (field, after) in filled {
        let Some((token, column)) = named(&field) else { continue };
        let (token, column) = (token.to_owned(), Column(column.to_owned()));
        typed = typed.keep(field.clone(), after.clone());
        values.push(NewValue { token, column, after: Personal::new(after) });
        fields.push(field);
    }
    if values.is_empty() {
        let typed = typed.wrong("values", cx.text().work_out_missing());
        return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    match cx.portal().work_out(&permit, &cx.actor, &number, &values).await? {
        WorkedOut::Frozen => Ok(Redirect::to(&paths::case(&number)).into_response()),
        WorkedOut::Refused(refused) => {
            for (n, why) in refused {
                let Some(field) = fields.get(n) else { continue };
                typed = typed.wrong(field.clone(), value_words(cx.text(), why).1);
            }
            show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await
        }
    }
}
