use std::collections::BTreeSet;

use domain::{
    consent::{Cover, How},
    map::{DataMap, TableName, written::Purpose},
    said::{ConsentAnswer, Said},
};
use leptos::prelude::*;
use service::{
    mine::Held,
    policy::Reconsent,
    requests::{Consent, InUse, Use},
};

use super::{
    elsewhere::given_elsewhere,
    uses::{self, other_uses, standing},
};
use crate::{
    components::{empty, notice, numbered, table_names},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

/// What they have said, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'a> {
    pub consents: &'a [Consent],
    pub uses: &'a [Use],
    pub said: &'a [Said],
}

/// First what has changed and waits for an answer, then everything that rests on consent: to withdraw is as easy
/// as to agree (PIPL art. 15).
pub fn consent(t: Text, map: &DataMap, open: &[Reconsent], spoken: &Spoken<'_>, held: Option<&Held>) -> Page {
    let Spoken { consents, uses, said } = *spoken;
    let again: Vec<_> = open.iter().map(|reconsent| asked_again(t, map, reconsent)).collect();
    let again = (!again.is_empty()).then(|| {
        view! { <h2>{t.consent_title()}</h2> <p>{t.consent_lead()}</p> {again} }
    });
    let all: Vec<_> = consents.iter().filter_map(|consent| given(t, map, consent, uses, held)).collect();
    let body = view! {
        <h1>{t.consent_mine_title()}</h1>
        <p class="lead">{t.consent_mine_lead()}</p>
        {again}
        {all.is_empty().then(|| empty(t.consent_none(), t.consent_none_what()))}
        {all}
        {given_elsewhere(t, map, consents, uses)}
        {other_uses(t, map, uses)}
        {history(t, map, said)}
        <p><a href=paths::MINE>{t.lists_back()}</a></p>
    };
    Page::new(t.consent_mine_title(), body)
}

fn given(t: Text, map: &DataMap, consent: &Consent, uses: &[Use], held: Option<&Held>) -> Option<AnyView> {
    let lang = t.lang();
    let purpose: &Purpose = map.purposes.get(&consent.purpose)?;
    let tables: Vec<String> = consent.goes.iter().map(|table| map.table_words(table, lang)).collect();
    let goes = if tables.is_empty() {
        t.consent_goes_nothing().to_owned()
    } else {
        t.consent_goes(tables.join(t.consent_and()))
    };
    let answer = consent.last.as_ref().map(|said| said.answer);
    let stands = answer.is_none_or(|answer| answer == ConsentAnswer::Agreed);
    let parts = consent.separate.iter().map(|(cover, said)| {
        let stands = now_of_part(t, uses, &consent.purpose, *cover);
        view! {
            <div>
                <dt>{cover.words().in_lang(lang).to_owned()}</dt>
                <dd>{sign(said.as_ref())} {said_of_part(t, said.as_ref())} {stands.map(|now| view! { <br/> {now} })}</dd>
            </div>
        }
    });
    let separate = (!consent.separate.is_empty())
        .then(|| view! { <h3>{t.consent_separate()}</h3> <dl class="stacked">{parts.collect_view()}</dl> });
    let give = consent.open.is_none().then(|| give(t, consent, purpose, answer));
    let under_way = consent.open.as_ref().map(|request| {
        let path = paths::request(&request.number);
        notice(t.consent_withdrawing(), view! { <p><a href=path>{numbered(request.number.as_str())}</a></p> })
    });
    let withdraw = (stands && consent.open.is_none()).then(|| {
        view! {
            <p>{goes}</p>
            <form method="post" action=paths::MINE_WITHDRAW>
                <input type="hidden" name="purpose" value=consent.purpose.clone()/>
                <button class="button" type="submit">
                    {t.consent_withdraw()} <span class="unseen">" – "{purpose.name.in_lang(lang).to_owned()}</span>
                </button>
            </form>
        }
    });
    let last = consent.last.as_ref();
    let now = now(t, uses, &consent.purpose, last).map(|now| view! { <p>{now}</p> });
    let elsewhere = last.is_none().then(|| view! { <p>{said_elsewhere(t, map, consent, held)}</p> });
    Some(
        view! {
            <section class="card">
                <h2>{purpose.name.in_lang(lang).to_owned()}</h2>
                <p>{purpose.why.in_lang(lang).to_owned()}</p>
                <p class="said">{sign(last)} <strong>{said(t, last)}</strong></p>
                {now}
                {elsewhere}
                {separate}
                {under_way}
                {withdraw}
                {give}
            </section>
        }
        .into_any(),
    )
}

/// What the company has for it, and no word of theirs stands here: both are said, and what they can do.
fn said_elsewhere(t: Text, map: &DataMap, consent: &Consent, held: Option<&Held>) -> String {
    let records = held.map(|held| held.records.as_slice()).unwrap_or_default();
    let theirs = records.iter().filter(|record| record.purposes.contains(&consent.purpose));
    let tables: BTreeSet<&TableName> = theirs.map(|record| &record.table).collect();
    if tables.is_empty() {
        return t.consent_said_elsewhere().to_owned();
    }
    t.consent_said_elsewhere_kept(table_names(t, map, |table| tables.contains(table)))
}

/// The last word on a purpose, as a sentence.
fn said(t: Text, last: Option<&Said>) -> String {
    let Some(said) = last else { return t.consent_said_nothing().to_owned() };
    let at = format::moment(t.lang(), said.at);
    match (said.answer, said.how) {
        (ConsentAnswer::Agreed, _) => t.consent_said_agreed(at),
        (ConsentAnswer::Refused, _) => t.consent_said_refused(at),
        (ConsentAnswer::Withdrawn, How::ForThem(capacity)) => {
            t.consent_said_withdrawn_for(named::ConsentSaidWithdrawnFor { who: capacity.words().in_lang(t.lang()), at })
        }
        (ConsentAnswer::Withdrawn, How::Portal | How::Program | How::ToStaff(_)) => t.consent_said_withdrawn(at),
    }
}

/// The last word on what is agreed to on its own.
fn said_of_part(t: Text, last: Option<&Said>) -> String {
    let Some(said) = last else { return t.consent_separate_unknown().to_owned() };
    let at = format::moment(t.lang(), said.at);
    match said.answer {
        ConsentAnswer::Agreed => t.consent_part_agreed(at),
        ConsentAnswer::Refused => t.consent_part_refused(at),
        ConsentAnswer::Withdrawn => t.consent_part_withdrawn(at),
    }
}

/// Beside the words, for whoever looks over the page.
fn sign(last: Option<&Said>) -> AnyView {
    let (class, sign) = match last.map(|said| said.answer) {
        Some(ConsentAnswer::Agreed) => ("sign yes", "✓"),
        Some(ConsentAnswer::Refused) => ("sign", "✕"),
        Some(ConsentAnswer::Withdrawn) => ("sign", "↩"),
        None => ("sign", "○"),
    };
    view! { <span class=class aria-hidden="true">{sign}</span> }.into_any()
}

/// How a purpose stands, where the word alone does not tell: of what was agreed to nobody asks whether it may go on.
fn now(t: Text, uses: &[Use], purpose: &str, last: Option<&Said>) -> Option<AnyView> {
    let stands = uses::find(uses, purpose, Cover::Purpose)?;
    // Without a word on record nobody here knows whether it may: that it is not stopped here is no yes.
    let stopped_here = last.is_some_and(|said| said.answer != ConsentAnswer::Agreed);
    let tells = stopped_here || stands.asked_for.is_some() || !matches!(stands.standing, InUse::NotStopped);
    tells.then(|| view! { {t.uses_now()} {standing(t, stands)} }.into_any())
}

/// How what is agreed to on its own stands, where it is not as its purpose is.
fn now_of_part(t: Text, uses: &[Use], purpose: &str, cover: Cover) -> Option<AnyView> {
    let stands = uses::find(uses, purpose, cover)?;
    let whole = uses::find(uses, purpose, Cover::Purpose).and_then(uses::said_by);
    let by = uses::said_by(stands);
    let as_the_whole = by.is_some() && by.map(|by| by.id) == whole.map(|whole| whole.id);
    let tells = match &stands.standing {
        _ if stands.asked_for.is_some() => true,
        // What is merely not stopped needs no saying beside what was said.
        InUse::NotStopped | InUse::NotAgreed | InUse::Unknown => false,
        InUse::Stopping { .. } | InUse::Stopped { .. } | InUse::GoingOn { .. } | InUse::Answered { .. } => {
            !as_the_whole
        }
    };
    tells.then(|| view! { {t.uses_now()} {standing(t, stands)} }.into_any())
}

/// To agree, and on its own to what the law wants agreed to on its own: nothing is ticked beforehand.
fn give(t: Text, consent: &Consent, purpose: &Purpose, answer: Option<ConsentAnswer>) -> AnyView {
    let lang = t.lang();
    let agreed = answer == Some(ConsentAnswer::Agreed);
    // Nothing more to say than what has been said.
    if agreed && consent.separate.is_empty() {
        return ().into_any();
    }
    let boxes = consent.separate.iter().map(|(cover, said)| {
        // What one has agreed to oneself stands as it is; nothing else is ticked.
        let stands = agreed && said.as_ref().is_some_and(|said| said.answer == ConsentAnswer::Agreed);
        separate_box(t, &consent.purpose, *cover, if stands { Ticked::ByThemselves } else { Ticked::Not })
    });
    let words = if agreed { t.consent_change() } else { t.consent_agree() };
    view! {
        <details>
            <summary>
                {if agreed { t.consent_change_open() } else { t.consent_give_open() }}
                <span class="unseen">" – "{purpose.name.in_lang(lang).to_owned()}</span>
            </summary>
            <form method="post" action=paths::MINE_CONSENT_GIVE>
                <input type="hidden" name="purpose" value=consent.purpose.clone()/>
                {(!consent.separate.is_empty()).then(|| view! { <p>{t.consent_separate_what()}</p> })}
                {boxes.collect_view()}
                <button class="button" type="submit">{words}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Whether a box is ticked when the page comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ticked {
    /// They have agreed to it before.
    ByThemselves,
    Not,
}

fn separate_box(t: Text, purpose: &str, cover: Cover, ticked: Ticked) -> AnyView {
    let id = format!("{purpose}-{}", cover.as_str());
    let checked = ticked == Ticked::ByThemselves;
    view! {
        <div class="radio">
            <input
                type="checkbox"
                id=id.clone()
                name=cover.as_str()
                value="yes"
                checked=checked
            />
            <label for=id>
                {cover.words().in_lang(t.lang()).to_owned()}
                {cover.plainly().map(|plain| view! { <span class="hint">{plain.in_lang(t.lang()).to_owned()}</span> })}
            </label>
        </div>
    }
    .into_any()
}

fn answer_word(t: Text, answer: ConsentAnswer) -> &'static str {
    match answer {
        ConsentAnswer::Agreed => t.consent_answer_agreed(),
        ConsentAnswer::Refused => t.consent_answer_refused(),
        ConsentAnswer::Withdrawn => t.consent_answer_withdrawn(),
    }
}

/// Everything ever said, by the ledger: nothing in it is overwritten.
fn history(t: Text, map: &DataMap, said: &[Said]) -> Option<AnyView> {
    let lang = t.lang();
    let rows: Vec<_> = said
        .iter()
        .map(|said| {
            let what = match said.cover {
                Cover::Purpose => map.purpose_name(&said.purpose, lang),
                Cover::Sensitive | Cover::Provision | Cover::Abroad => {
                    format!("{} · {}", map.purpose_name(&said.purpose, lang), said.cover.words().in_lang(lang))
                }
            };
            let how = match said.how {
                How::Portal => t.consent_how_portal().to_owned(),
                How::Program => t.consent_how_program().to_owned(),
                How::ForThem(capacity) => t.consent_how_for_them(capacity.words().in_lang(lang)),
                How::ToStaff(channel) => t.represent_by_staff(channel.words().in_lang(lang)),
            };
            let version = said.version.short();
            view! {
                <tr>
                    <th scope="row">{format::moment(lang, said.at)}</th>
                    <td data-label=t.consent_what()>{what}</td>
                    <td data-label=t.consent_answer()>{answer_word(t, said.answer)}</td>
                    <td data-label=t.consent_how()>{how}</td>
                    <td data-label=t.consent_version()><a href=paths::version(&said.version)>{version}</a></td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t.consent_history()}</summary>
                <div class="scroll" tabindex="0" role="region" aria-label=t.consent_history()>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t.consent_when()}</th>
                                <th scope="col">{t.consent_what()}</th>
                                <th scope="col">{t.consent_answer()}</th>
                                <th scope="col">{t.consent_how()}</th>
                                <th scope="col">{t.consent_version()}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
        .into_any()
    })
}

/// What changed, yes or no, both as easy.
fn asked_again(t: Text, map: &DataMap, reconsent: &Reconsent) -> AnyView {
    let lang = t.lang();
    let name = map.purpose_name(&reconsent.purpose, lang);
    let why = map.purposes.get(&reconsent.purpose).map(|p| p.why.in_lang(lang).to_owned());
    // What was agreed to on its own before is asked again too.
    let covers = map.separate_consents(&reconsent.purpose).into_iter();
    let separate: Vec<_> =
        covers.map(|cover| separate_box(t, &format!("again-{}", reconsent.purpose), cover, Ticked::Not)).collect();
    let separate = (!separate.is_empty()).then(|| {
        view! { <h4>{t.consent_separate()}</h4> <p>{t.consent_separate_what()}</p> {separate} }
    });
    let changes: Vec<_> = reconsent.changes.iter().map(|change| view! { <li>{change.say(lang)}</li> }).collect();
    view! {
        <section class="card">
            <h3>{name}</h3>
            <p>{why}</p>
            <h4>{t.consent_changed()}</h4>
            <ul>{changes}</ul>
            <form method="post" action=paths::MINE_CONSENT>
                <input type="hidden" name="purpose" value=reconsent.purpose.clone()/>
                {separate}
                <div class="actions">
                <button class="button" type="submit" name="answer" value="agree">{t.consent_agree()}</button>
                <button class="button" type="submit" name="answer" value="refuse">{t.consent_refuse()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
