//! Versions of the policy: what waits, what it changes, and the two approvals.

use domain::{map::DataMap, policy::VersionStage};
use jiff::civil::Date;
use leptos::prelude::*;
use service::policy::Open;

use crate::{
    components::{document, empty, notice},
    format,
    page::Page,
    pages::public::policy::difference,
    paths, policy,
    text::Text,
};

/// Why an approval was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    SamePerson,
}

pub fn versions(t: Text, map: &DataMap, effective: Date, open: &[Open]) -> Page {
    let waiting: Vec<_> = open
        .iter()
        .map(|open| {
            let href = paths::open_version(&open.version.hash);
            view! {
                <li class="version">
                    <p><code>{open.version.hash.short().to_owned()}</code> <span class="tag">{stage(t, &open.version.stage)}</span></p>
                    <p class="links"><a href=href>{t.versions_open_it()}</a></p>
                </li>
            }
        })
        .collect();
    let body = view! {
        <h1>{t.versions_title()}</h1>
        <p class="lead">{t.versions_lead()}</p>
        <h2>{t.versions_in_force()}</h2>
        <p>
            <code>{map.hash.short().to_owned()}</code>{" "}{t.policy_from(format::day(t.lang(), effective))}{" "}
            <a href=paths::POLICY>{t.policy_read_it()}</a>
        </p>
        <h2>{t.versions_open()}</h2>
        {open.is_empty().then(|| empty(t.versions_none_open(), t.versions_none_open_what()))}
        <ul class="versions">{waiting}</ul>
    };
    Page::new(t.versions_title(), body)
}

fn stage(t: Text, stage: &VersionStage) -> &'static str {
    match stage {
        VersionStage::Proposed => t.versions_proposed(),
        VersionStage::ApprovedOnce { .. } => t.versions_approved_once(),
        VersionStage::Published { .. } => t.versions_published(),
        VersionStage::Withdrawn { .. } => t.versions_withdrawn(),
    }
}

pub fn version(t: Text, map: &DataMap, effective: Date, open: &Open, today: Date, refused: Option<Refused>) -> Page {
    let day = open.map.handler.effective.max(today);
    let title = t.policy_changes_of(format::day(t.lang(), day));
    let approve = match open.version.stage {
        VersionStage::ApprovedOnce { .. } => t.versions_approve_second(),
        VersionStage::Proposed | VersionStage::Published { .. } | VersionStage::Withdrawn { .. } => {
            t.versions_approve()
        }
    };
    let refused = refused
        .map(|Refused::SamePerson| notice(t.versions_second_title(), view! { <p>{t.versions_second_what()}</p> }));
    let action = |name: &str| format!("{}/{name}", paths::open_version(&open.version.hash));
    let preview = document::document(t, &policy::policy(t, &open.map, day));
    let body = view! {
        <h1>{title.clone()}</h1>
        {refused}
        <p class="lead"><code>{open.version.hash.short().to_owned()}</code> <span class="tag">{stage(t, &open.version.stage)}</span></p>
        <p>{t.versions_effective(format::day(t.lang(), day))}{" "}{t.versions_told()}</p>
        <h2>{t.versions_changes()}</h2>
        {difference(t, (map, effective), (&open.map, day))}
        <div class="actions">
            <form method="post" action=action("approve")><button class="button primary" type="submit">{approve}</button></form>
            <form method="post" action=action("withdraw")><button class="button" type="submit">{t.versions_withdraw()}</button></form>
        </div>
        <details class="preview"><summary>{t.versions_preview()}</summary><article class="policy">{preview}</article></details>
    };
    Page::new(title, body)
}
