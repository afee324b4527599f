//! What is under way already, said before one asks for more.

use domain::{
    map::{DataMap, Extent},
    request::Requester,
};
use leptos::prelude::*;
use service::requests::{Beside, Closes, UnderWay};

use super::{ClosingDays, closing_title, notice, numbered, table_names};
use crate::{
    format, paths,
    text::{Text, named},
};

/// Each deletion there is, of what it is, and what another would be beside it.
pub fn under_way(t: Text, map: &DataMap, all: &[UnderWay], wanted: &Extent) -> Option<AnyView> {
    let lines = all.iter().map(|one| {
        let beside = match one.beside(wanted) {
            Beside::Same => t.delete_already_same(),
            Beside::Included => t.delete_already_included(),
            Beside::Other => t.delete_already_other(),
        };
        let of = named::DeleteAlreadyOf { what: of(t, map, one), day: format::weekday(t.lang(), one.request.due) };
        let number = one.request.number.as_str();
        view! {
            <li>
                <a href=paths::request(&one.request.number)>{numbered(number)}</a> " " {t.delete_already_of(of)} <br/>
                {beside}
            </li>
        }
    });
    (!all.is_empty()).then(|| notice(t.delete_already(), view! { <ul>{lines.collect_view()}</ul> }))
}

fn of(t: Text, map: &DataMap, one: &UnderWay) -> String {
    match &one.extent {
        Extent::Everything => t.delete_already_all().to_owned(),
        Extent::Only(tables) => table_names(t, map, |table| tables.contains(table)),
        Extent::Record(of) => t.delete_already_record(map.table_words(&of.table, t.lang())),
    }
}

/// That an account is to be closed, until when it can be kept, and where.
pub fn closes_soon(t: Text, closes: &Closes, means: &'static str) -> AnyView {
    let days = ClosingDays { at: closes.at, due: closes.request.due, requester: closes.request.requester };
    let asked = match closes.request.requester {
        Requester::Subject => None,
        Requester::Representative { .. } | Requester::Staff { .. } => Some(view! { <p>{t.cancel_soon_for_you()}</p> }),
    };
    let body = view! {
        {asked}
        <p>{means}</p>
        <p><a href=paths::request(&closes.request.number)>{t.cancel_soon_keep()}</a></p>
    };
    notice(closing_title(t, days), body)
}
