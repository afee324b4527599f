//! The privacy policy, generated from the map (PIPL art. 17, 23, 30, 39; Order 790 art. 21).
//! The purge executes the same map, so the policy cannot promise what the machine does not do.

use domain::{
    Lang,
    map::{Basis, DataMap, Disposal, RecipientAs, Retention, Sensitivity, Table},
};
use leptos::prelude::*;

use crate::{format, page::Page, paths, text::Text};

pub fn policy(t: Text, map: &DataMap) -> Page {
    let lang = t.lang();
    let handler = &map.handler;
    let officer = &handler.officer;
    let mail = format!("mailto:{}", officer.email);
    let body = view! {
        <article class="policy">
            <h1>{t.policy_title(handler.name.in_lang(lang))}</h1>
            <p class="lead">{t.policy_effective(format::day(lang, handler.effective), map.hash.short())}</p>
            <p>{t.policy_promise()}</p>
            {(lang == Lang::En).then(|| view! { <p>{t.policy_prevails()}</p> })}
            {contents(t)}
            <section id="who">
                <h2>{t.policy_who()}</h2>
                <p>{handler.name.in_lang(lang).to_owned()}{t.record_comma()}{handler.address.in_lang(lang).to_owned()}</p>
                <p>
                    {officer.name.in_lang(lang).to_owned()}{t.policy_colon()}
                    <a href=mail>{officer.email.clone()}</a>{t.record_comma()}{officer.phone.clone()}
                </p>
            </section>
            <section id="collected"><h2>{t.policy_collected()}</h2>{collected(t, map)}</section>
            <section id="shared"><h2>{t.policy_shared()}</h2>{shared(t, map)}</section>
            <section id="stored"><h2>{t.policy_stored()}</h2>{stored(t, map)}</section>
            <section id="kept"><h2>{t.policy_kept()}</h2>{kept(t, map)}</section>
            <section id="protected"><h2>{t.policy_protected()}</h2><p>{t.policy_protected_how()}</p></section>
            <section id="rights"><h2>{t.policy_rights()}</h2>{rights(t)}</section>
            <section id="minors"><h2>{t.policy_minors()}</h2><p>{t.policy_minors_rule()}</p></section>
            <section id="changes"><h2>{t.policy_changes()}</h2><p>{t.policy_changes_how()}</p></section>
            <section id="complain"><h2>{t.policy_complain()}</h2><p>{t.policy_complain_how()}</p></section>
        </article>
    };
    Page::new(t.policy_title(handler.name.in_lang(lang)), body)
}

fn contents(t: Text) -> impl IntoView {
    let parts = [
        ("#who", t.policy_who()),
        ("#collected", t.policy_collected()),
        ("#shared", t.policy_shared()),
        ("#stored", t.policy_stored()),
        ("#kept", t.policy_kept()),
        ("#protected", t.policy_protected()),
        ("#rights", t.policy_rights()),
        ("#minors", t.policy_minors()),
        ("#changes", t.policy_changes()),
        ("#complain", t.policy_complain()),
    ];
    view! {
        <nav class="contents" aria-label=t.policy_contents()>
            <ol>{parts.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }).collect_view()}</ol>
        </nav>
    }
}

/// 已收集个人信息清单, by purpose.
fn collected(t: Text, map: &DataMap) -> impl IntoView + use<> {
    let lang = t.lang();
    map.purposes
        .iter()
        .map(|(id, purpose)| {
            let tables: Vec<&Table> = map.tables.iter().filter(|table| table.purposes.contains(id)).collect();
            let rows: Vec<_> = tables.iter().map(|table| collected_row(t, table)).collect();
            let necessity = purpose
                .necessity
                .as_ref()
                .map(|words| view! { <p><strong>{t.policy_necessity()}</strong>{words.in_lang(lang).to_owned()}</p> });
            view! {
                <h3>{purpose.name.in_lang(lang).to_owned()}</h3>
                <p>{purpose.why.in_lang(lang).to_owned()}</p>
                <p class="hint">{t.policy_basis(basis(t, purpose.basis))}</p>
                {necessity}
                <div class="scroll" tabindex="0" role="region" aria-label=purpose.name.in_lang(lang).to_owned()>
                    <table>
                        <thead>
                            <tr><th scope="col">{t.policy_record()}</th><th scope="col">{t.policy_fields()}</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
        })
        .collect_view()
}

fn collected_row(t: Text, table: &Table) -> impl IntoView + use<> {
    let lang = t.lang();
    let last = table.fields.len().saturating_sub(1);
    let fields: Vec<_> = table
        .fields
        .iter()
        .enumerate()
        .map(|(n, field)| {
            let comma = if n < last { t.record_comma() } else { "" };
            let name = field.words.in_lang(lang);
            // Sensitive information stands in bold (GB/T 35273-2020, annex D).
            match field.sensitivity {
                Sensitivity::Sensitive => {
                    view! { <strong>{t.policy_sensitive(name)}</strong><span>{comma}</span> }.into_any()
                }
                Sensitivity::General => view! { <span>{format!("{name}{comma}")}</span> }.into_any(),
            }
        })
        .collect();
    view! { <tr><th scope="row">{table.words.in_lang(lang).to_owned()}</th><td>{fields}</td></tr> }
}

fn basis(t: Text, basis: Basis) -> &'static str {
    match basis {
        Basis::Consent => t.basis_consent(),
        Basis::Contract => t.basis_contract(),
        Basis::LegalDuty => t.basis_legal_duty(),
        Basis::Emergency => t.basis_emergency(),
        Basis::News => t.basis_news(),
        Basis::PublicData => t.basis_public_data(),
        Basis::OtherLaw => t.basis_other_law(),
    }
}

/// 与第三方共享个人信息清单, entrusted processors and recipients abroad.
fn shared(t: Text, map: &DataMap) -> impl IntoView + use<> {
    let lang = t.lang();
    let rows: Vec<_> = map
        .recipients
        .iter()
        .map(|(id, recipient)| {
            let tables: Vec<&str> = map
                .tables
                .iter()
                .filter(|table| table.recipients.iter().any(|shared| shared.to == *id))
                .map(|table| table.words.in_lang(lang))
                .collect();
            let purposes: Vec<String> = recipient.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
            let role = match recipient.role {
                RecipientAs::Processor => t.policy_processor(),
                RecipientAs::Handler => t.policy_handler(),
            };
            let abroad = recipient.mechanism.as_ref().map(|mechanism| {
                let country = recipient.country.clone().unwrap_or_default();
                view! { <p>{t.policy_abroad(country, mechanism.in_lang(lang))}</p> }
            });
            view! {
                <tr>
                    <th scope="row">{recipient.name.in_lang(lang).to_owned()}<br/><small>{role}</small></th>
                    <td data-label=t.policy_purpose()>{purposes.join(t.record_comma())}</td>
                    <td data-label=t.policy_what()>{tables.join(t.record_comma())}</td>
                    <td data-label=t.policy_method()>{recipient.method.in_lang(lang).to_owned()}{abroad}</td>
                    <td data-label=t.policy_contact()>{recipient.contact.clone()}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <p>{t.policy_shared_lead()}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t.policy_shared()>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t.policy_recipient()}</th>
                        <th scope="col">{t.policy_purpose()}</th>
                        <th scope="col">{t.policy_what()}</th>
                        <th scope="col">{t.policy_method()}</th>
                        <th scope="col">{t.policy_contact()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn stored(t: Text, map: &DataMap) -> impl IntoView + use<> {
    let lang = t.lang();
    map.sources
        .values()
        .map(|source| {
            view! { <p>{t.policy_stored_in(source.name.in_lang(lang), source.stored_in.in_lang(lang))}</p> }
        })
        .collect_view()
}

/// How long, and what happens then (Order 790 art. 21 (3)).
fn kept(t: Text, map: &DataMap) -> impl IntoView + use<> {
    let lang = t.lang();
    let rows: Vec<_> = map
        .tables
        .iter()
        .rev()
        .map(|table| {
            view! {
                <tr>
                    <th scope="row">{table.words.in_lang(lang).to_owned()}</th>
                    <td data-label=t.policy_period()>{rule(t, &table.retention)}{referenced(t, map, table)}</td>
                    <td data-label=t.policy_floor()>{floors(t, &table.retention)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <p>{t.policy_kept_lead()}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t.policy_kept()>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t.policy_record()}</th>
                        <th scope="col">{t.policy_period()}</th>
                        <th scope="col">{t.policy_floor()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn rule(t: Text, retention: &Retention) -> String {
    let (starts, keep) = (retention.starts.in_lang(t.lang()), retention.effective().say(t.lang()));
    match retention.then {
        Disposal::Delete => t.policy_rule_delete(starts, keep),
        Disposal::Anonymise => t.policy_rule_anonymise(starts, keep),
    }
}

/// A row cannot go while a record kept by law points at it; until then it is emptied.
fn referenced(t: Text, map: &DataMap, table: &Table) -> Option<&'static str> {
    let points = map.paths_to(&table.name).next().is_some();
    (points && table.retention.then == Disposal::Delete).then(|| t.policy_rule_referenced())
}

fn floors(t: Text, retention: &Retention) -> String {
    let floors: Vec<String> = retention
        .floors
        .iter()
        .map(|floor| t.policy_floor_of(floor.keep.say(t.lang()), floor.law.in_lang(t.lang())))
        .collect();
    if floors.is_empty() { t.policy_no_floor().to_owned() } else { floors.join(t.record_comma()) }
}

fn rights(t: Text) -> impl IntoView {
    view! {
        <ul>
            <li><a href=paths::MINE>{t.policy_right_see()}</a></li>
            <li><a href=paths::MINE>{t.policy_right_correct()}</a></li>
            <li><a href=paths::MINE_DELETE>{t.policy_right_delete()}</a></li>
        </ul>
        <p>{t.policy_rights_by_mail()}</p>
        <p>{t.policy_rights_time()}</p>
        <p>{t.policy_rights_verify()}</p>
    }
}
