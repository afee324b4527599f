//! What else is open of the person a request is about: what asks for the same can be put together, and whoever decides one
//! sees the others.

use domain::{china, request::Requester};
use leptos::prelude::*;
use service::requests::{Case, QueueRow};

use super::{case::May, rows::kind_words};
use crate::{
    components::{days_left, notice, numbered},
    format,
    pages::customer_status_word,
    paths,
    text::{Text, named},
};

pub(super) fn beside(t: Text, case: &Case, may: May) -> AnyView {
    view! { {alike(t, case, may)} {others(t, &case.beside)} }.into_any()
}

/// Those that ask for something else: what is decided here may take away what they need.
pub(super) fn others(t: Text, others: &[QueueRow]) -> Option<AnyView> {
    let line = |row: &QueueRow| {
        let request = &row.request;
        let said = t.case_beside_line(named::CaseBesideLine {
            kind: kind_words(t, request.kind, &row.extent),
            stage: customer_status_word(t, row.status),
            left: days_left(t, row.days_left),
        });
        view! { <li><a href=paths::case(&request.number)>{numbered(request.number.as_str())}</a> " " {said}</li> }
    };
    let lines: Vec<_> = others.iter().map(line).collect();
    (!lines.is_empty()).then(|| view! { <h2>{t.case_beside()}</h2> <ul>{lines}</ul> }.into_any())
}

/// The same, asked again: the later can be put into the earlier.
fn alike(t: Text, case: &Case, may: May) -> Option<impl IntoView + use<>> {
    let request = &case.followed.request;
    let lines: Vec<_> = case
        .alike
        .iter()
        .map(|other| {
            let link = view! { <a href=paths::case(&other.number)>{numbered(other.number.as_str())}</a> };
            let older = other.received_at <= request.received_at && may == May::Decide;
            let merge = older.then(|| {
                view! {
                    <form method="post" action=paths::case_action(&request.number, "merge")>
                        <input type="hidden" name="into" value=other.number.to_string()/>
                        <button type="submit">{t.bulk_merge(&other.number)}</button>
                    </form>
                }
            });
            let at = match other.requester {
                // Of an earlier day nobody knows the hour.
                Requester::Staff { .. } => format::day(t.lang(), china::day(other.received_at)),
                Requester::Subject | Requester::Representative { .. } => format::moment(t.lang(), other.received_at),
            };
            view! { <li>{link} " " {at} {merge}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| notice(t.bulk_same(), view! { <p>{t.bulk_same_what()}</p> <ul>{lines}</ul> }))
}
