//! Every right, and the way to it. Anyone may read this; using one begins with a sign-in.

use domain::request::RequestKind;
use leptos::prelude::*;
use service::Portal;

use crate::{components::reach, page::Page, paths, text::Text};

struct Right {
    name: String,
    what: &'static str,
    path: String,
}

/// Whether whoever looks may have an account to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Offered,
    NotOffered,
}

pub fn rights(t: Text, portal: &Portal, closing: Closing) -> Page {
    let to = |name: &str, what, path: &str| Right { name: name.to_owned(), what, path: path.to_owned() };
    let by = |kind: RequestKind, what, path: String| {
        portal.serves(kind).then(|| Right { name: kind.name(t.lang()), what, path })
    };
    let wish = |kind: RequestKind, what| by(kind, what, paths::wish(kind));
    let groups = [
        (
            t.rights_see(),
            vec![
                Some(to(t.rights_access(), t.rights_access_what(), paths::MINE)),
                Some(to(t.rights_lists(), t.rights_lists_what(), paths::MINE_LISTS)),
                Some(to(t.rights_copy(), t.rights_copy_what(), paths::MINE_COPY)),
                wish(RequestKind::Transfer, t.rights_transfer_what()),
            ],
        ),
        (
            t.rights_mend(),
            vec![
                Some(to(t.rights_correct(), t.rights_correct_what(), paths::MINE)),
                wish(RequestKind::Complete, t.rights_complete_what()),
            ],
        ),
        (
            t.rights_remove(),
            vec![
                by(RequestKind::Delete, t.rights_delete_what(), paths::MINE_DELETE.to_owned()),
                by(RequestKind::CancelAccount, t.rights_cancel_what(), paths::MINE_CANCEL.to_owned())
                    .filter(|_| closing == Closing::Offered),
            ],
        ),
        (
            t.rights_decide(),
            vec![
                by(RequestKind::Withdraw, t.rights_withdraw_what(), paths::MINE_CONSENT.to_owned()),
                wish(RequestKind::Restrict, t.rights_restrict_what()),
                wish(RequestKind::Object, t.rights_object_what()),
                wish(RequestKind::Lift, t.rights_lift_what()),
                wish(RequestKind::RefuseDecision, t.rights_refuse_what()),
            ],
        ),
        (
            t.rights_ask(),
            vec![
                wish(RequestKind::ExplainRules, t.rights_rules_what()),
                wish(RequestKind::ExplainDecision, t.rights_explain_what()),
                wish(RequestKind::Complaint, t.rights_complaint_what()),
            ],
        ),
    ];
    let body = view! {
        <h1>{t.rights_title()}</h1>
        <p class="lead">{t.rights_lead()}</p>
        <p>{t.rights_time()}</p>
        {groups.into_iter().map(|(title, rights)| group(title, rights)).collect_view()}
        <h2>{t.rights_others()}</h2>
        <p>{t.rights_others_what()}</p>
        <p><a href=paths::FOR_ANOTHER>{t.represent_others()}</a></p>
        <h2 id="not-you">{t.rights_not_you()}</h2>
        <p>{t.rights_not_you_what()}</p>
        <p>{t.rights_others_write()}</p>
        <p>{reach(t, &portal.map)}</p>
    };
    Page::new(t.rights_title(), body)
}

fn group(title: &'static str, rights: Vec<Option<Right>>) -> AnyView {
    let doors = rights.into_iter().flatten().map(|right| {
        view! {
            <li><a class="door" href=right.path><strong>{right.name}</strong><span>{right.what}</span></a></li>
        }
    });
    view! { <h2>{title}</h2> <ul class="doors">{doors.collect_view()}</ul> }.into_any()
}
