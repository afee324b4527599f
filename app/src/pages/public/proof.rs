//! Certificates, as a page and as a file, and the page on which anyone checks one.

use document::{Block, Document as Written, Section, Span, Table};
use domain::{
    china,
    plan::{Because, Outcome},
    proof::{Certificate, Document, Head, Left, Of, Stopped, Wrong},
    request::{Gone, GoneBy},
};
use leptos::prelude::*;

use super::policy::Pdf;
use crate::{
    components::{self, Field, Typed, button, document::pair, error_summary, field, notice, text_area},
    format,
    page::{Page, Script},
    paths,
    text::{Text, named},
};

/// The certificate as a document: a page, or a PDF.
pub fn written(t: Text, certificate: &Certificate) -> Written {
    let lang = t.lang();
    let (received, plan, title) = match certificate.of {
        Of::Erasure => (t.proof_received(), t.proof_plan(), t.proof_certificate()),
        Of::Night => (t.proof_night(), t.proof_night_plan(), t.proof_night_report()),
    };
    let longest = certificate.longest_step_ms.map(|ms| pair(t, t.proof_longest(), t.proof_ms(ms)));
    let verified = match (certificate.verified, certificate.stopped.is_empty()) {
        (true, true) => t.proof_verified_yes(),
        (true, false) => t.proof_verified_part(),
        (false, _) => t.proof_verified_no(),
    };
    let facts = [
        pair(t, t.proof_by(), certificate.handler.in_lang(lang).to_owned()),
        pair(t, received, format::day(lang, certificate.received_on)),
        pair(t, t.proof_completed(), format::moment(lang, certificate.completed_at)),
        pair(t, t.proof_verified(), verified.to_owned()),
        pair(t, t.proof_map(), certificate.map.clone()),
        pair(t, plan, certificate.plan.clone()),
    ];
    let facts = facts.into_iter().chain(longest).collect();
    let rows = components::by_effect(&certificate.items, |item| &item.outcome).into_iter().map(|item| {
        let changed = |n| if item.outcome.changes() { format::count(n) } else { "–".to_owned() };
        let what = item.what.in_lang(lang).to_owned();
        [what, said(t, &item.outcome), format::count(item.planned), changed(item.done), changed(item.left)]
            .map(|cell| vec![Span::text(cell)])
            .to_vec()
    });
    let head = [t.proof_what(), t.proof_outcome(), t.outcome_planned(), t.outcome_done(), t.outcome_left()];
    let stopped = certificate.stopped.iter().map(|stopped| {
        let outcome = components::outcome_word(t, components::Tense::Planned, &stopped.outcome);
        [stopped.what.in_lang(lang).to_owned(), outcome.to_owned(), format::count(stopped.rows)]
            .map(|cell| vec![Span::text(cell)])
            .to_vec()
    });
    let stopped = (!certificate.stopped.is_empty()).then(|| {
        let head = [t.proof_what(), t.outcome_what(), t.proof_stopped_rows()];
        let table = Table::new(t.proof_stopped(), &head, stopped.collect());
        let blocks = [table.into()].into_iter().chain(why_stopped(t, &certificate.stopped));
        Section::new("stopped", t.proof_stopped(), blocks.collect())
    });
    let unlinked = kinds(t, &certificate.unlinked, ("unlinked", t.proof_unlinked()), t.delete_beside_done());
    let left_out = kinds(t, &certificate.left_out, ("left-out", t.proof_left_out()), t.proof_left_out_what());
    let done = match &certificate.gone {
        None if certificate.items.is_empty() && left_out.is_some() => {
            let words = if certificate.left_out_all { t.leave_out_all() } else { t.leave_out_rest_gone() };
            Section::new("done", t.proof_done(), vec![Block::paragraph(words)])
        }
        Some(gone) => Section::new("done", t.gone_then(), nothing_left(t, gone)),
        None => Section::new("done", t.proof_done(), vec![Table::new(t.proof_done(), &head, rows.collect()).into()]),
    };
    let facts = Section::new("facts", t.proof_facts(), vec![Block::List { items: facts }]);
    Written {
        title: title.to_owned(),
        lang,
        lead: vec![t.proof_of(&certificate.number)],
        sections: [facts, done].into_iter().chain(left_out).chain(unlinked).chain(stopped).collect(),
    }
}

/// Of each that it is known of, why it waits.
fn why_stopped(t: Text, stopped: &[Stopped]) -> Option<Block> {
    let line = |stopped: &Stopped| {
        let why = components::why_held_up(t, &stopped.outcome, stopped.rows, stopped.why?);
        Some(pair(t, stopped.what.in_lang(t.lang()), why))
    };
    let items: Vec<_> = stopped.iter().filter_map(line).collect();
    (!items.is_empty()).then_some(Block::List { items })
}

/// How many of which kind, and what that means.
fn kinds(t: Text, left: &[Left], (id, title): (&str, &str), means: &str) -> Option<Section> {
    let row = |left: &Left| {
        let cells = [left.what.in_lang(t.lang()).to_owned(), format::count(left.rows)];
        cells.map(|cell| vec![Span::text(cell)]).to_vec()
    };
    let table = || Table::new(title, &[t.proof_what(), t.proof_rows()], left.iter().map(row).collect());
    (!left.is_empty()).then(|| Section::new(id, title, vec![Block::paragraph(means), table().into()]))
}

/// Instead of a table of nothing.
fn nothing_left(t: Text, gone: &Gone) -> Vec<Block> {
    let line = |by: &GoneBy| match by {
        GoneBy::Request { number, .. } => {
            vec![Span::link(components::gone_by(t, by), paths::certificate(number.as_str()))]
        }
        GoneBy::Night { .. } | GoneBy::Nights { .. } => vec![Span::text(components::gone_by(t, by))],
    };
    let items: Vec<_> = gone.0.iter().map(line).collect();
    let list = (!items.is_empty()).then_some(Block::List { items });
    [Block::paragraph(t.gone_then_what())].into_iter().chain(list).collect()
}

fn said(t: Text, outcome: &Outcome) -> String {
    let (lang, word) = (t.lang(), components::outcome_word(t, components::Tense::Done, outcome));
    match outcome {
        Outcome::Deleted
        | Outcome::Anonymised
        | Outcome::Destroyed
        | Outcome::Corrected { .. }
        | Outcome::Restricted { .. }
        | Outcome::ByHand { .. } => word.to_owned(),
        Outcome::Kept { because: Because::Hold } => t.proof_held(word),
        Outcome::LockedAway { law, last, .. } | Outcome::Kept { because: Because::Floor { law, last, .. } } => {
            t.proof_until(named::ProofUntil { outcome: word, day: format::day(lang, *last), law: law.in_lang(lang) })
        }
        Outcome::Kept { because: Because::NotStarted { law, starts } } => {
            t.proof_waiting(named::ProofWaiting { outcome: word, starts: starts.in_lang(lang), law: law.in_lang(lang) })
        }
    }
}

fn wrong(t: Text, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::NotADocument => t.proof_wrong_document(),
        Wrong::OtherKey => t.proof_wrong_key(),
        Wrong::Changed => t.proof_wrong_changed(),
        Wrong::OtherEntry => t.proof_wrong_entry(),
        Wrong::NotInLog => t.proof_wrong_log(),
    }
}

/// Whether it holds, in words.
fn verdict(t: Text, checked: &Result<Certificate, Wrong>) -> AnyView {
    match checked {
        Ok(_) => view! {
            <section class="panel" role="status"><h2>{t.proof_good()}</h2><p>{t.proof_good_what()}</p></section>
        }
        .into_any(),
        Err(why) => notice(t.proof_wrong(), view! { <p>{wrong(t, *why)}</p> }),
    }
}

/// One certificate, checked as it is shown.
pub fn certificate(t: Text, proof: &Document, key: &str, offered: Pdf) -> Page {
    let checked = proof.check(key);
    let head: Option<Head> = serde_json::from_str(&proof.head.body).ok();
    let place = head.map(|head| {
        let (index, size) = (format::count(proof.index + 1), format::count(head.size));
        let (at, root) = (format::day(t.lang(), china::day(head.at)), head.root);
        view! {
            <h2>{t.proof_log()}</h2>
            <p>{t.proof_log_what(named::ProofLogWhat { index, size })} " " {at}</p>
            <p class="hint"><code>{root}</code></p>
        }
    });
    let shown = checked.as_ref().ok().map(|certificate| {
        let path = match certificate.of {
            Of::Erasure => paths::certificate(&certificate.number),
            Of::Night => paths::night(&certificate.number),
        };
        let pdf = (offered == Pdf::Offered)
            .then(|| view! { <p><a href=format!("{path}.pdf")>{t.proof_download_pdf()}</a></p> });
        view! {
            {components::document::document(t, &written(t, certificate))}
            {place}
            <p><a href=format!("{path}.json")>{t.proof_download()}</a></p>
            {pdf}
        }
    });
    let title = shown.is_none().then(|| view! { <h1>{t.proof_certificate()}</h1> });
    let body = view! {
        {title}
        {verdict(t, &checked)}
        {shown}
        <p class="hint">{t.proof_offline()}</p>
        <p><a href=paths::VERIFY>{t.proof_title()}</a></p>
    };
    Page::new(t.proof_certificate(), body)
}

/// The page on which anyone checks a certificate: by its number, by its file in the browser, or pasted.
pub fn verify(t: Text, key: &str, typed: &Typed, checked: Option<&Result<Certificate, Wrong>>) -> Page {
    let number = Field {
        id: "number",
        label: t.proof_number(),
        hint: t.proof_number_hint(),
        kind: "text",
        input_mode: "text",
        autocomplete: "off",
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.proof_title()}</h1>
        <p class="lead">{t.proof_lead()}</p>
        {checked.map(|checked| verdict(t, checked))}
        <form method="post" action=paths::VERIFY novalidate=true>
            {field(number, typed)}
            {button(t.proof_find())}
        </form>
        {check_file(t, key)}
        <form method="post" action=paths::VERIFY novalidate=true>
            {text_area("document", t.proof_text(), t.proof_text_hint(), typed)}
            {button(t.proof_check())}
        </form>
        <h2>{t.proof_key()}</h2>
        <p><code>{key.to_owned()}</code></p>
        <p class="hint">{t.proof_key_what()}</p>
        <p class="hint">{t.proof_offline()}</p>
    };
    Page::new(t.proof_title(), body).failed_if(typed.failed()).with(Script::CheckFile)
}

/// Shown by the script, with what it says; nothing leaves the device.
fn check_file(t: Text, key: &str) -> impl IntoView + use<> {
    let wrong = |why: Wrong| format!("{} · {}", t.proof_wrong(), wrong(t, why));
    view! {
        <div
            class="field"
            id="check-file"
            hidden=true
            data-key=key.to_owned()
            data-good=format!("{} · {}", t.proof_good(), t.proof_good_what())
            data-document=wrong(Wrong::NotADocument)
            data-changed=wrong(Wrong::Changed)
            data-entry=wrong(Wrong::OtherEntry)
            data-log=wrong(Wrong::NotInLog)
            data-stranger=wrong(Wrong::OtherKey)
        >
            <label for="file">{t.proof_file()}</label>
            <p class="hint" id="file-hint">{t.proof_file_hint()}</p>
            <input id="file" type="file" accept="application/json,.json" aria-describedby="file-hint"/>
            <output id="file-said" for="file"></output>
        </div>
    }
}
