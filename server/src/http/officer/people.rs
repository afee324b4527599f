//! Who asks for somebody else, compared with what they handed in.

use std::collections::BTreeSet;

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    ids::RequestNumber,
    request::{Compared, Point},
};
use service::requests::Vouched;

use super::super::{cx::Cx, failure::Failure, requests::number};

/// The evidence is in order, point by point. Whoever has not compared it with the people is led back to where they can.
pub(in super::super) async fn confirm(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let number = number(&text)?;
    let said: BTreeSet<Point> =
        form.iter().filter(|(name, _)| name == "point").filter_map(|(_, value)| Point::parse(value)).collect();
    let Ok(compared) = Compared::all(&said) else {
        let typed = said.iter().fold(Typed::default(), |typed, point| typed.keep("point", point.as_str()));
        let typed = typed.wrong("point", cx.text().represent_points_missing());
        return compare(&cx, &number, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    };
    match cx.portal().confirm_requester(&permit, &cx.actor, &number, compared).await? {
        Vouched::Confirmed | Vouched::LookFirst => {}
    }
    Ok(Redirect::to(&paths::case(&number)).into_response())
}

/// Whose data it is about and who asks, masked.
pub(in super::super) async fn show(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    compare(&cx, &number(&text)?, StatusCode::OK, &Typed::default()).await
}

async fn compare(cx: &Cx, number: &RequestNumber, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let people = cx.portal().compare(&cx.actor.decide()?, &cx.actor, number).await?;
    Ok(cx.page_with(status, |t| officer::people(t, cx.portal(), number, &people, typed)))
}
