//! One value in full, for a reason: the question, and then the page it was asked from with that value on it. Neither stands
//! in an address.

use app::{
    components::Typed,
    pages::officer::{self, ASKED, May, ROW, Ticks},
};
use axum::{Form, extract::Path, http::StatusCode, response::Response};
use domain::{
    ids::RequestNumber,
    look::{Spot, Why},
};

use super::{
    super::{
        cx::Cx,
        failure::Failure,
        requests::{number, too_long},
        ticked::said,
    },
    leave_out::ticked_rows,
};

/// What of the page it is asked from goes along.
const KEPT: [&str; 2] = [ROW, "why"];

pub(in super::super) async fn reveal(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (permit, number) = (cx.actor.decide()?, number(&text)?);
    let spot = Spot::parse(said(&form, "spot")).ok_or(Failure::NotFound)?;
    let (code, words) = (said(&form, "reason"), said(&form, "words"));
    match (said(&form, ASKED), Why::parse(code, words), too_long(cx.text(), words)) {
        ("", _, _) => ask(&cx, &number, &spot, &form, StatusCode::OK, &Typed::default()).await,
        (_, Some(why), None) => {
            cx.portal().reveal(&permit, &cx.actor, &number, &spot, &why).await?;
            shown(&cx, &number, &spot, &form).await
        }
        (_, _, long) => {
            let typed = wrong(&cx, code, words, long);
            ask(&cx, &number, &spot, &form, StatusCode::UNPROCESSABLE_ENTITY, &typed).await
        }
    }
}

fn wrong(cx: &Cx, code: &str, words: &str, long: Option<String>) -> Typed {
    let (t, typed) = (cx.text(), Typed::default().keep("reason", code).keep("words", words));
    match (long, code) {
        (Some(long), _) => typed.wrong("words", long),
        (None, Why::ANOTHER) => typed.wrong("words", t.reveal_words_missing()),
        (None, _) => typed.wrong("reason", t.reveal_reason_missing()),
    }
}

async fn ask(
    cx: &Cx,
    number: &RequestNumber,
    spot: &Spot,
    form: &[(String, String)],
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Failure> {
    let to = cx.portal().to_reveal(&cx.actor.decide()?, &cx.actor, number, spot).await?;
    let kept: Vec<_> = form.iter().filter(|(name, _)| KEPT.contains(&name.as_str())).cloned().collect();
    Ok(cx.page_with(status, |t| officer::reveal(t, &to, spot, &kept, typed)))
}

/// The page it was asked from, with what was ticked and typed there.
async fn shown(cx: &Cx, number: &RequestNumber, spot: &Spot, form: &[(String, String)]) -> Result<Response, Failure> {
    let (portal, permit) = (cx.portal(), cx.actor.decide()?);
    match spot {
        Spot::Record { .. } => {
            let to = portal.to_leave_out_shown(&permit, &cx.actor, number).await?;
            let (rows, typed) = (ticked_rows(form), Typed::default().keep("why", said(form, "why").trim()));
            Ok(cx.page(|t| officer::leave_out(t, &portal.map, &to, Ticks::Sent(&rows), &typed)))
        }
        Spot::Change { .. } => {
            let case = portal.case(&cx.actor.read_requests()?, &cx.actor, number).await?;
            let changed = portal.changes_shown(&permit, &cx.actor, &case.followed).await?;
            let today = portal.clock.today();
            Ok(cx.page(|t| officer::case(t, portal, &case, May::Decide, changed, today, &Typed::default())))
        }
        Spot::Person { .. } => {
            let people = portal.compare_shown(&permit, &cx.actor, number).await?;
            Ok(cx.page(|t| officer::people(t, portal, number, &people, &Typed::default())))
        }
    }
}
