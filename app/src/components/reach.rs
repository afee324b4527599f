use domain::map::DataMap;
use leptos::prelude::*;

use crate::text::{Text, named};

/// Whom one calls or writes to: the officer's name, telephone and address (PIPL art. 17, 52).
pub fn reach(t: Text, map: &DataMap) -> AnyView {
    let officer = &map.handler.officer;
    let words = t.request_remedy_reach(named::RequestRemedyReach {
        name: officer.name.in_lang(t.lang()),
        phone: &officer.phone,
    });
    view! { {words} " " <a href=format!("mailto:{}", officer.email)>{officer.email.clone()}</a> }.into_any()
}
