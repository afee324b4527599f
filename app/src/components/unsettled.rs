//! What a deletion takes with it, and what of the person's is still open as it is now.

use domain::{
    map::DataMap,
    plan::Plan,
    request::{Capacity, Checked, Requester},
};
use leptos::prelude::*;
use service::requests::{NoAccount, StillOpen, Unsettled};

use super::{notice, numbered};
use crate::{
    format, paths,
    text::{Text, named},
};

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Before they ask.
    Person,
    /// They have asked.
    Asked,
    /// They have asked for somebody else.
    ForAnother,
    /// Whoever decides what one of these has asked.
    Officer(Requester),
}

/// That the account goes too, and what is still open. Neither stands against a deletion.
pub fn beside_deletion(t: Text, map: &DataMap, plan: Option<&Plan>, open: &StillOpen, told: Told) -> AnyView {
    let (title, means) = match told {
        Told::Person | Told::Asked => (t.delete_account(), t.delete_account_means()),
        Told::ForAnother => (t.delete_account_theirs(), t.delete_account_theirs_means()),
        Told::Officer(_) => (t.case_account(), t.case_account_means()),
    };
    let nothing = matches!(told, Told::Officer(_)) && *open == StillOpen::Known(Vec::new());
    let account = plan.filter(|plan| map.takes_account(plan)).map(|_| {
        let nothing = nothing.then(|| view! { <p>{t.case_open_nothing()}</p> });
        notice(title, view! { <p>{means}</p> {nothing} })
    });
    view! { {account} {still_open(t, open, told)} }.into_any()
}

fn still_open(t: Text, open: &StillOpen, told: Told) -> Option<AnyView> {
    let (title, means) = match told {
        Told::Person => (t.delete_open(), t.delete_open_means()),
        Told::Asked | Told::ForAnother => (t.delete_open(), t.delete_open_asked()),
        Told::Officer(_) => (t.case_open(), t.case_open_means()),
    };
    match open {
        StillOpen::Known(open) if open.is_empty() => None,
        StillOpen::Known(open) => {
            // The map says it to the person.
            let (reads, may_ask) = match told {
                Told::Officer(by) => (Some(view! { <p>{reads(t, by)}</p> }), Some(format!(" {}", may_ask(t, by)))),
                Told::Person | Told::Asked | Told::ForAnother => (None, None),
            };
            Some(notice(title, view! { {reads} {unsettled_list(t, open)} <p>{means}{may_ask}</p> }))
        }
        StillOpen::Unknown if matches!(told, Told::Officer(_)) => {
            Some(notice(t.case_open_unknown(), view! { <p>{t.case_open_unknown_what()}</p> }))
        }
        // They were told before they asked; and an account is closed, not deleted.
        StillOpen::Unknown | StillOpen::NotAsked | StillOpen::NoAccount(_) => None,
    }
}

/// In whose words it stands there, and who does not see it.
fn reads(t: Text, by: Requester) -> &'static str {
    match by {
        Requester::Subject | Requester::Staff { .. } => t.case_open_reads(),
        Requester::Representative { capacity: Capacity::Agent | Capacity::Guardian, .. } => t.case_open_reads_person(),
        Requester::Representative { capacity: Capacity::NearRelative, .. } => t.case_open_reads_relative(),
    }
}

/// Whom an officer can ask, and who must not learn of it.
fn may_ask(t: Text, by: Requester) -> &'static str {
    match by {
        Requester::Subject | Requester::Staff { .. } => t.case_may_ask(),
        Requester::Representative { capacity: Capacity::NearRelative, .. } => t.case_may_ask_relative(),
        Requester::Representative { checked: Checked::NotYet, .. } => t.case_may_ask_not_checked(),
        Requester::Representative { checked: Checked::Confirmed { .. }, .. } => t.case_may_ask_chosen(),
    }
}

/// What stands against closing an account that somebody asked to have closed for another.
pub fn against_closing(t: Text, open: &StillOpen, told: Told) -> Option<AnyView> {
    match (open, told) {
        (StillOpen::Known(open), _) if open.is_empty() => None,
        (StillOpen::Known(open), Told::Officer(by)) => {
            let body = view! {
                <p>{reads(t, by)}</p>
                {unsettled_list(t, open)}
                <p>{t.cancel_against_means()} " " {may_ask(t, by)}</p>
            };
            Some(notice(t.cancel_against(), body))
        }
        (StillOpen::Known(open), Told::Person | Told::Asked | Told::ForAnother) => {
            let body = view! {
                {unsettled_list(t, open)}
                <p>{t.cancel_blocked_asked()} " " <a href=paths::MINE_DELETE>{t.delete_title()}</a></p>
            };
            Some(notice(t.cancel_blocked(), body))
        }
        (StillOpen::NoAccount(why), Told::Officer(_)) => {
            let (what, means) = nothing_to_close(t, *why);
            Some(notice(what, view! { <p>{means}</p> }))
        }
        (StillOpen::Unknown, Told::Officer(_)) => {
            Some(notice(t.case_open_unknown(), view! { <p>{t.case_open_unknown_what()}</p> }))
        }
        (StillOpen::NoAccount(_) | StillOpen::Unknown, Told::Person | Told::Asked | Told::ForAnother)
        | (StillOpen::NotAsked, _) => None,
    }
}

/// Why there is no account of somebody else's to close, and what an officer can do.
pub fn nothing_to_close(t: Text, why: NoAccount) -> (&'static str, &'static str) {
    match why {
        NoAccount::NotFound => (t.cancel_against_none(), t.cancel_against_none_means()),
        NoAccount::Several => (t.cancel_against_several(), t.cancel_against_several_means()),
    }
}

/// What it is, and how many.
pub fn unsettled_line(t: Text, open: &Unsettled) -> String {
    let what = open.what.in_lang(t.lang());
    t.cancel_blocked_row(named::CancelBlockedRow { what, n: format::count(open.rows) })
}

/// With what to do about each.
pub fn unsettled_list(t: Text, open: &[Unsettled]) -> AnyView {
    let lang = t.lang();
    let rows: Vec<_> = open
        .iter()
        .map(|open| {
            let what = view! { <strong>{unsettled_line(t, open)}</strong>{which(t, open)} };
            view! { <li>{what}<br/>{open.remedy.in_lang(lang).to_owned()}</li> }
        })
        .collect();
    view! { <ul>{rows}</ul> }.into_any()
}

/// Which they are, and how many more.
fn which(t: Text, open: &Unsettled) -> Option<AnyView> {
    let more = usize::try_from(open.rows).unwrap_or(usize::MAX).saturating_sub(open.named.len());
    let names = open.named.join(t.record_comma());
    let names = match (open.named.len(), more) {
        (0, _) => return None,
        (_, 0) => names,
        (_, more) => t.cancel_blocked_more(named::CancelBlockedMore { names, n: format::count(more as u64) }),
    };
    Some(view! { <br/> {numbered(names)} }.into_any())
}
