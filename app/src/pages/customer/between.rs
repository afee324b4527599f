//! Whom a representative's request is between: for whoever asks, for whom; for the person, that somebody asks in their
//! name, and how they take it back.

use domain::{
    map::DataMap,
    request::{Checked, Side, Standing},
};
use leptos::prelude::*;
use service::requests::{Between, Followed};

use crate::{
    components::{notice, reach},
    paths,
    text::{Text, named},
};

pub(super) fn between(t: Text, map: &DataMap, followed: &Followed) -> Option<AnyView> {
    let between = followed.between.as_ref()?;
    let capacity = between.capacity.words().in_lang(t.lang()).to_owned();
    match followed.standing {
        Standing::Alone => None,
        Standing::Both | Standing::On(Side::Asker) => Some(
            view! { <p>{t.between_for(named::BetweenFor { capacity, who: between.subject.clone() })}</p> }.into_any(),
        ),
        Standing::On(Side::Subject) => Some(for_you(t, map, followed, between, capacity)),
    }
}

fn for_you(t: Text, map: &DataMap, followed: &Followed, between: &Between, capacity: String) -> AnyView {
    let who = match (between.checked, &between.asker) {
        (Checked::Confirmed { .. }, Some(asker)) => t.between_checked(named::BetweenChecked { who: asker, capacity }),
        (Checked::Confirmed { .. } | Checked::NotYet, _) if followed.request.stage.is_open() => {
            t.between_not_yet(capacity)
        }
        (Checked::Confirmed { .. } | Checked::NotYet, _) => t.between_never(capacity),
    };
    let take_back = followed.can_take_back().then(|| {
        view! {
            <p>{t.between_take_back_means()}</p>
            <form method="post" action=paths::request_action(&followed.request.number, "cancel")>
                <button class="danger" type="submit">{t.between_take_back()}</button>
            </form>
        }
    });
    let reach = followed.request.stage.is_open().then(|| view! { <p>{t.between_or_reach()} " " {reach(t, map)}</p> });
    notice(t.between_title(), view! { <p>{who}</p> {take_back} {reach} })
}
