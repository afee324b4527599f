//! What the policy says is agreed to, and cannot be agreed to on the page of one's consents: nobody is to look for it.

use domain::{map::DataMap, request::RequestKind};
use leptos::prelude::*;
use service::requests::{Consent, Use};

use crate::{paths, policy::to_agree_to, text::Text};

/// Of the purposes that concern the person; and of consents, those nothing of theirs is used for.
pub(super) fn given_elsewhere(t: Text, map: &DataMap, consents: &[Consent], uses: &[Use]) -> Option<AnyView> {
    let concerns = |id: &str| uses.iter().any(|of| of.purpose == id);
    let others = map.purposes.keys().filter(|id| !map.rests_on_consent(id) && concerns(id));
    let others = others.flat_map(|id| {
        map.asked_on_its_own(id).into_iter().map(|cover| line(t, map, id, to_agree_to(t, map, id, cover)))
    });
    let unused = map.consents().map(|(id, _)| id).filter(|id| !consents.iter().any(|of| of.purpose == **id));
    let unused = unused.map(|id| line(t, map, id, t.consent_elsewhere_not_used().to_owned()));
    let lines: Vec<_> = others.chain(unused).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h2>{t.consent_elsewhere()}</h2>
            <p>{t.consent_elsewhere_what()} <a href=paths::wish(RequestKind::Restrict)>{t.uses_restrict()}</a></p>
            <ul>{lines}</ul>
        }
        .into_any()
    })
}

fn line(t: Text, map: &DataMap, purpose: &str, what: String) -> AnyView {
    let name = map.purpose_name(purpose, t.lang());
    view! { <li><strong>{name}</strong>{t.policy_colon()}{what}</li> }.into_any()
}
