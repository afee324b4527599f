//! How a use stands, in a line: whether it goes on, since when and by which word it does not, and what lets it go on.

use domain::{
    consent::Cover,
    map::{DataMap, written::Basis},
    request::{RequestKind, Requester},
};
use leptos::prelude::*;
use service::{
    requests::{GoesOnBy, InUse, Use},
    store::requests::Request,
};

use crate::{components::numbered, format, paths, text::Text};

pub(super) fn standing(t: Text, of: &Use) -> AnyView {
    let wanted = of.asked_for.as_ref().map(|by| view! { <br/> {t.uses_asked_for()} " " {link(t, by)} });
    view! { {in_use(t, &of.standing)} {wanted} }.into_any()
}

fn in_use(t: Text, standing: &InUse) -> AnyView {
    match standing {
        InUse::NotStopped => view! { {t.uses_not_stopped()} }.into_any(),
        InUse::NotAgreed => view! { {t.uses_not_agreed()} }.into_any(),
        InUse::Unknown => view! { {t.uses_unknown()} }.into_any(),
        InUse::Stopping { by } if by.stage.name().is_undecided() => {
            view! { <strong>{of_whom(by, t.uses_asked(), t.uses_asked_for())}</strong> " " {link(t, by)} }.into_any()
        }
        InUse::Stopping { by } => view! { <strong>{t.uses_stopping()}</strong> " " {link(t, by)} }.into_any(),
        InUse::GoingOn { by } => view! { <strong>{t.uses_going_on()}</strong> " " {link(t, by)} }.into_any(),
        InUse::Answered { by } => {
            let answered = of_whom(by, t.uses_answered(), t.uses_answered_for());
            let lift = (by.kind != RequestKind::Withdraw)
                .then(|| view! { " " <a href=paths::wish(RequestKind::Lift)>{t.uses_lift()}</a> });
            view! { <strong>{answered}</strong> " " {link(t, by)} {lift} }.into_any()
        }
        InUse::Stopped { by, again } => {
            let since = by.as_ref().map(|by| {
                let since = t.uses_stopped_since(format::moment(t.lang(), by.stage.at()));
                view! { <strong>{since}</strong> " " {link(t, by)} }
            });
            let stopped = by.is_none().then(|| view! { <strong>{t.uses_stopped()}</strong> });
            let again = match again {
                GoesOnBy::Lifting => view! { <a href=paths::wish(RequestKind::Lift)>{t.uses_lift()}</a> }.into_any(),
                GoesOnBy::Consent => view! { {t.uses_agree()} }.into_any(),
                GoesOnBy::Nothing => ().into_any(),
            };
            view! { {since} {stopped} " " {again} }.into_any()
        }
    }
}

fn link(t: Text, by: &Request) -> AnyView {
    let number = by.number.to_string();
    let words = of_whom(by, t.uses_by(&number), t.uses_by_for(&number));
    view! { <a href=paths::request(&by.number)>{numbered(words)}</a> }.into_any()
}

/// What they have said themselves is told apart from what somebody else has for them.
fn of_whom<T>(by: &Request, own: T, for_them: T) -> T {
    match by.requester {
        Requester::Subject | Requester::Staff { .. } => own,
        Requester::Representative { .. } => for_them,
    }
}

/// What rests on another ground than consent.
pub(super) fn other_uses(t: Text, map: &DataMap, uses: &[Use]) -> Option<AnyView> {
    let others = uses.iter().filter(|of| {
        let purpose = map.purposes.get(&of.purpose);
        purpose.is_some_and(|purpose| purpose.basis != Basis::Consent)
    });
    let lines: Vec<_> = others
        .map(|of| {
            let name = crate::components::restriction_name(t, map, &of.purpose, of.cover);
            view! { <li><strong>{name}</strong>{t.policy_colon()}{standing(t, of)}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h2>{t.uses_others()}</h2>
            <p>{t.uses_others_what()} " " <a href=paths::wish(RequestKind::Restrict)>{t.uses_restrict()}</a></p>
            <ul>{lines}</ul>
        }
        .into_any()
    })
}

/// By which request it stands as it does.
pub(super) fn said_by(of: &Use) -> Option<&Request> {
    match &of.standing {
        InUse::Stopping { by } | InUse::GoingOn { by } | InUse::Answered { by } => Some(by),
        InUse::Stopped { by, .. } => by.as_ref(),
        InUse::NotStopped | InUse::NotAgreed | InUse::Unknown => None,
    }
}

/// Of one purpose, or of what is agreed to on its own for it.
pub(super) fn find<'a>(uses: &'a [Use], purpose: &str, cover: Cover) -> Option<&'a Use> {
    uses.iter().find(|of| of.purpose == purpose && of.cover == cover)
}
