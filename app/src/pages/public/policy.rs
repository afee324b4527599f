//! The policy in force, earlier and coming versions, what changed, and the rules behind the periods.

use ::document::Document;
use domain::map::{DataMap, Table, again, diff};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    night::{LastRun, Left},
    policy::Published,
};

use crate::{
    components::{document, notice},
    format,
    page::Page,
    paths, policy,
    text::{Text, named},
};

/// Whether this build sets documents as PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pdf {
    Offered,
    No,
}

pub fn in_force(t: Text, map: &DataMap, effective: Date, coming: Option<&Published>, pdf: Pdf) -> Page {
    let of = policy::policy(t, map, effective);
    let coming = coming.map(|version| {
        let title = t.policy_coming_title(format::day(t.lang(), version.effective));
        let href = paths::version_changes(&version.hash);
        notice(title, view! { <p><a href=href>{t.policy_coming_what()}</a></p> })
    });
    let saved = match pdf {
        Pdf::Offered => view! { <a href=paths::POLICY_PDF>{t.policy_pdf()}</a> }.into_any(),
        Pdf::No => view! { <span>{t.policy_print()}</span> }.into_any(),
    };
    let links = view! {
        <p class="links">
            <a href=paths::MINE_LISTS>{t.policy_my_lists()}</a>
            <a href=paths::POLICY_VERSIONS>{t.policy_all_versions()}</a>
            <a href=paths::POLICY_MINORS>{t.policy_minors_document()}</a>
            {saved}
        </p>
    };
    shown(t, &of, view! { {coming}{links} }.into_any())
}

pub fn minors(t: Text, map: &DataMap, effective: Date) -> Page {
    shown(t, &policy::minors(t, map, effective), ().into_any())
}

/// A version that is no longer, or not yet, in force.
pub fn version(t: Text, version: &Published) -> Page {
    let of = policy::policy(t, &version.map, version.effective);
    let past = notice(t.policy_past_title(), view! { <p><a href=paths::POLICY>{t.policy_past_what()}</a></p> });
    shown(t, &of, past)
}

fn shown(t: Text, of: &Document, above: AnyView) -> Page {
    let body = view! { {above}<article class="policy">{document::document(t, of)}</article> };
    Page::new(of.title.clone(), body)
}

pub fn versions(t: Text, versions: &[Published], in_force: &domain::map::MapHash, today: Date) -> Page {
    let rows: Vec<_> = versions
        .iter()
        .enumerate()
        .map(|(n, version)| {
            let is = match version.effective {
                day if day > today => t.policy_is_coming(),
                _ if version.hash == *in_force => t.policy_is_in_force(),
                _ => t.policy_is_past(),
            };
            let changes = if n + 1 < versions.len() {
                let href = paths::version_changes(&version.hash);
                view! { <a href=href>{t.policy_what_changed()}</a> }.into_any()
            } else {
                view! { <span>{t.policy_first_version()}</span> }.into_any()
            };
            view! {
                <li class="version">
                    <p>
                        <strong>{t.policy_from(format::day(t.lang(), version.effective))}</strong>
                        <span class="tag">{is}</span>
                        <code>{version.hash.short().to_owned()}</code>
                    </p>
                    <p class="links"><a href=paths::version(&version.hash)>{t.policy_read_it()}</a>{changes}</p>
                </li>
            }
        })
        .collect();
    let body = view! {
        <h1>{t.policy_versions()}</h1>
        <p class="lead">{t.policy_versions_lead()}</p>
        <ol class="versions">{rows}</ol>
    };
    Page::new(t.policy_versions(), body)
}

/// What changed from one version to the next: in sentences, then word for word.
pub fn changes(t: Text, before: &Published, after: &Published) -> Page {
    let title = t.policy_changes_of(format::day(t.lang(), after.effective));
    let body = view! {
        <h1>{title.clone()}</h1>
        <p class="lead">{t.policy_changes_lead()}</p>
        {difference(t, (&before.map, before.effective), (&after.map, after.effective))}
        <p class="links">
            <a href=paths::version(&after.hash)>{t.policy_read_it()}</a>
            <a href=paths::POLICY_VERSIONS>{t.policy_all_versions()}</a>
        </p>
    };
    Page::new(title, body)
}

pub fn difference(t: Text, before: (&DataMap, Date), after: (&DataMap, Date)) -> AnyView {
    let lang = t.lang();
    let changes = diff::diff(before.0, after.0);
    let sentences: Vec<_> = changes.iter().map(|change| view! { <li>{change.say(lang)}</li> }).collect();
    let said = if sentences.is_empty() {
        view! { <p>{t.policy_no_changes()}</p> }.into_any()
    } else {
        view! { <ul class="changes">{sentences}</ul> }.into_any()
    };
    let again: Vec<_> = again::consent_again(before.0, after.0, &changes)
        .into_keys()
        .map(|purpose| view! { <p class="notice">{t.policy_consent_note(after.0.purpose_name(&purpose, lang))}</p> })
        .collect();
    let lines = document_lines(t, before, after);
    let words = if lines.is_empty() {
        view! { <p>{t.policy_no_words_changed()}</p> }.into_any()
    } else {
        document::comparison(t, &lines)
    };
    view! { {said}{again}<h2>{t.policy_word_for_word()}</h2>{words} }.into_any()
}

fn document_lines(t: Text, before: (&DataMap, Date), after: (&DataMap, Date)) -> Vec<::document::Compared> {
    let (old, new) = (policy::policy(t, before.0, before.1), policy::policy(t, after.0, after.1));
    ::document::compare(&old, &new)
}

/// Each rule with who gets the records and what its last run did.
pub fn rules(t: Text, map: &DataMap, last: &[(String, LastRun)]) -> Page {
    let sections: Vec<_> = map.tables.iter().rev().map(|table| rule(t, map, table, last)).collect();
    let body = view! {
        <h1>{t.policy_rules_title()}</h1>
        <p class="lead">{t.policy_rules_lead()}</p>
        {sections}
    };
    Page::new(t.policy_rules_title(), body)
}

fn rule(t: Text, map: &DataMap, table: &Table, last: &[(String, LastRun)]) -> impl IntoView + use<> {
    let lang = t.lang();
    let name = table.name.to_string();
    let run = last.iter().find(|(of, _)| *of == name).map(|(_, run)| run);
    let owner = map.sources.get(&table.name.source).and_then(|source| source.owner.as_ref());
    let ran = match (owner, run) {
        (Some(owner), _) => t.policy_rule_by_hand(owner.name.in_lang(lang)),
        (None, Some(run)) => {
            let (day, rows) = (format::day(lang, run.as_of), format::count(run.rows));
            match run.left {
                Left::Nothing => t.policy_rule_ran(named::PolicyRuleRan { day, n: rows }),
                Left::Found => t.policy_rule_ran_left(named::PolicyRuleRanLeft { day, n: rows }),
                Left::Waiting { rows: waiting } => {
                    t.policy_rule_ran_waits(named::PolicyRuleRanWaits { day, n: rows, rows: format::count(waiting) })
                }
            }
        }
        (None, None) => t.policy_rule_never().to_owned(),
    };
    let floors: Vec<String> = table
        .retention
        .floors
        .iter()
        .map(|floor| {
            t.policy_floor_of(named::PolicyFloorOf { keep: floor.keep.say(lang), law: floor.law.in_lang(lang) })
        })
        .collect();
    let recipients: Vec<String> =
        map.recipients_of(table).map(|recipient| recipient.name.in_lang(lang).to_owned()).collect();
    let or =
        |list: Vec<String>, none: &str| if list.is_empty() { none.to_owned() } else { list.join(t.record_comma()) };
    view! {
        <section id=name>
            <h2>{table.words.in_lang(lang).to_owned()}</h2>
            <dl class="facts">
                <div><dt>{t.policy_rule_what()}</dt><dd>{policy::rule(t, &table.retention)}</dd></div>
                <div><dt>{t.policy_rule_law()}</dt><dd>{or(floors, t.policy_no_floor())}</dd></div>
                <div><dt>{t.policy_rule_who()}</dt><dd>{or(recipients, t.record_nobody())}</dd></div>
                <div><dt>{t.policy_rule_last()}</dt><dd>{ran}</dd></div>
            </dl>
        </section>
    }
}
