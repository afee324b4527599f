use domain::{
    Personal, china,
    map::{DataMap, Extent, TableName},
    request::{Audience, Happened, RefusalCode, RequestKind, Side, Stage, StageName, Standing, Status},
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Change, Differs, Followed, Stands},
    store::{history::Event, looks::Look, requests::Request},
};

use super::{
    agreed::{agreed, moves_on},
    asked,
    between::between,
    delete::beside,
    done::{done, left_out},
    wish::by_consent,
};
use crate::{
    components::{
        ClosingDays, Tense, Told, Typed, against_closing, attach, beside_deletion, button, chosen_record, clock,
        closing_days, closing_late, closing_title, error_summary, file_list, handed_in, look_line, notice,
        notified_list, numbered, reach, table_names, task_list, text_area, timeline_below,
    },
    format,
    islands::Follow,
    page::{Page, Script},
    paths,
    text::{Text, named},
};

/// Whether the person has just filed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    JustFiled,
    Later,
}

/// What belongs to the look at it.
#[derive(Debug)]
pub struct Visit<'a> {
    pub arrival: Arrival,
    /// Who has looked, the last first.
    pub looks: &'a [Look],
    /// Of a correction, as much as this person may read now.
    pub changed: Vec<Change>,
}

pub fn request(t: Text, portal: &Portal, followed: &Followed, visit: Visit<'_>, today: Date, typed: &Typed) -> Page {
    let Visit { arrival, looks, changed } = visit;
    let lang = t.lang();
    let map: &DataMap = &portal.map;
    let request = &followed.request;
    let stage = &request.stage;
    let by_consent = followed.wish.as_ref().and_then(|wish| by_consent(t, map, request.kind, wish));
    let title = by_consent.unwrap_or_else(|| t.request_title(request.kind.name(lang)));
    let closing = closing(followed);
    let confirmation = (arrival == Arrival::JustFiled && stage.is_open()).then(|| {
        let next = match closing {
            Some(_) => t.cancel_filed_next().to_owned(),
            None => t.request_filed_next(format::weekday(lang, request.due)),
        };
        view! {
            <section class="panel">
                <h2>{t.request_filed()}</h2>
                <p>{t.request_number_is()}</p>
                <p class="big-number">{numbered(request.number.as_str())}</p>
                <p>{next}</p>
            </section>
        }
    });
    let found_nothing = followed.gone.is_some() || followed.leaves_nothing_but().is_some();
    let seal = (matches!(stage, Stage::Completed { .. }) && !found_nothing).then(|| seal(t, request.number.as_str()));
    let certificate = (matches!(stage, Stage::Completed { .. }) && request.kind.erases()).then(|| {
        let path = paths::certificate(request.number.as_str());
        view! { <p><a href=path>{t.proof_to()}</a> " " <span class="hint">{t.proof_to_what()}</span></p> }
    });
    // While it can be undone, that is what counts; the last day by law stands with it.
    let due = (stage.is_open() && closing.is_none()).then(|| {
        view! {
            <p class="due">{t.request_due(format::weekday(lang, request.due))}</p>
            {clock(t, &portal.calendar(), china::day(request.received_at), request.due, today)}
        }
    });
    // Of an account that is to be closed it is said with its days.
    let waits = (stage.is_open() && followed.waiting_for.is_some() && followed.status != Status::Closing)
        .then(|| notice(t.request_waits(), view! { <p>{t.request_waits_what()}</p> }));
    let moves_on = moves_on(followed);
    let body = view! {
        {error_summary(t, typed)}
        {confirmation}
        <h1>{title.clone()}</h1>
        <p class="why">
            <span>{numbered(request.number.as_str())}</span>
            <span class="stage">{status_word(t, followed.status)}</span>
        </p>
        {between(t, map, followed)}
        {refused(t, followed)}
        {answer_form(t, followed, typed)}
        {checking(t, followed)}
        {agreed(t, map, followed)}
        {seal}
        {certificate}
        {due}
        {waits}
        {change_list(t, changed, |_| None)}
        {closing.map(|days| cooling_off(t, map, followed, days))}
        {(followed.status == Status::Closing && followed.waiting_for.is_some()).then(|| closing_late(t, request.due))}
        {undecided_closing(request).then(|| against_closing(t, &followed.open, Told::Asked))}
        {withdrawn(t, map, followed)}
        {in_force(t, followed)}
        {answer(t, followed)}
        {followed.wish.as_ref().and_then(|wish| asked(t, map, wish))}
        {handed_in(t, &followed.handed_in)}
        {file_list(t, &followed.files, &paths::request(&request.number))}
        {one_record(t, map, followed, Told::Asked)}
        {only_of(followed).map(|of| view! { <p>{t.delete_some_chosen(table_names(t, map, of))}</p> })}
        {copy_of(t, map, followed).map(|of| view! { <p>{of}</p> })}
        {left_out(t, map, followed)}
        {undecided_deletion(request).then(|| {
            let told =
                if followed.standing == Standing::On(Side::Asker) { Told::ForAnother } else { Told::Asked };
            beside_deletion(t, map, followed.plan.as_ref(), &followed.open, told)
        })}
        {done(t, map, followed)}
        {(followed.standing != Standing::On(Side::Asker))
            .then(|| beside(t, map, &followed.beside, beside_tense(request)))}
        {task_list(t, map, &followed.tasks)}
        {notified_list(t, map, &followed.notified, |_, _| None)}
        <h2>{t.request_history()}</h2>
        {timeline_below(t, followed, &said_above(followed))}
        {who_looked(t, map, looks)}
        {ends_with_an_answer(followed).then(|| remedies(t, map, stage))}
        {(closing.is_none() || followed.between.is_some()).then(|| cancel_form(t, followed))}
        <p><a href=paths::REQUESTS>{t.request_all()}</a></p>
        {moves_on.clone().map(|word| view! {
            <Follow url=paths::request_action(&request.number, "stage") stage=word/>
        })}
    };
    let page = Page::new(title, body).failed_if(typed.failed());
    if moves_on.is_some() { page.with(Script::Islands) } else { page }
}

/// The records a deletion is of, where it is not of all.
pub(crate) fn only_of(followed: &Followed) -> Option<impl Fn(&TableName) -> bool> {
    let some = followed.request.kind == RequestKind::Delete && matches!(followed.extent, Extent::Only(_));
    // Of a plan that holds nothing, what was asked for is named all the same.
    let (extent, plan) = (&followed.extent, followed.plan.as_ref().filter(|plan| !plan.is_empty()));
    // What goes along without holding anything of theirs needs no name.
    let has = move |table: &TableName| plan.is_none_or(|plan| plan.items.iter().any(|item| item.table == *table));
    some.then_some(move |table: &TableName| extent.covers(table) && has(table))
}

/// The one record a deletion is of: what it is called, and which it is.
pub(crate) fn one_record(t: Text, map: &DataMap, followed: &Followed, told: Told) -> Option<AnyView> {
    let of = followed.extent.record()?;
    let which = match &followed.record {
        Some(record) => chosen_record(t, map, record),
        None => view! { <p>{t.delete_record_forgotten()}</p> }.into_any(),
    };
    let items = followed.plan.as_ref().map(|plan| plan.items.as_slice()).unwrap_or_default();
    let (name, alone) = (map.table_words(&of.table, t.lang()), items.iter().all(|item| item.table == of.table));
    let title = match (told, alone) {
        (Told::Person | Told::Asked | Told::ForAnother, true) => t.delete_record_chosen(name),
        (Told::Person | Told::Asked | Told::ForAnother, false) => t.delete_record_and_more(name),
        (Told::Officer(_), true) => t.delete_record_asked(name),
        (Told::Officer(_), false) => t.delete_record_asked_more(name),
    };
    Some(notice(title, which))
}

/// The records a copy is asked of, where it is not all of them; once it is agreed to, that says so itself.
pub(crate) fn copy_of(t: Text, map: &DataMap, followed: &Followed) -> Option<String> {
    let some = followed.request.kind == RequestKind::Copy
        && followed.extent != Extent::Everything
        && !matches!(followed.request.stage, Stage::Answered { .. });
    some.then(|| t.represent_copy_some(table_names(t, map, |table| followed.extent.covers(table))))
}

/// One that can still be thought over, by whoever asks and by whoever decides.
pub(crate) fn undecided_deletion(request: &Request) -> bool {
    request.kind == RequestKind::Delete && request.stage.name().is_undecided()
}

/// Of an account that is to be closed, likewise.
fn undecided_closing(request: &Request) -> bool {
    request.kind == RequestKind::CancelAccount && request.stage.name().is_undecided()
}

/// What was said last of this kind.
fn last_of(followed: &Followed, what: Happened) -> Option<&Event> {
    followed.events.iter().rfind(|event| event.what == what)
}

/// Whose words stand before the history, and need not be read there again.
fn said_above(followed: &Followed) -> Vec<&Event> {
    let refused = matches!(followed.request.stage, Stage::Refused { .. });
    let refused = refused.then(|| last_of(followed, Happened::RequestRefused)).flatten();
    [last_of(followed, Happened::RequestSettled), refused, question(followed)].into_iter().flatten().collect()
}

/// The answer of whoever dealt with it, before anything else.
fn answer(t: Text, followed: &Followed) -> Option<impl IntoView + use<>> {
    let settled = last_of(followed, Happened::RequestSettled)?;
    let words = settled.body.as_ref()?.reveal().to_owned();
    Some(view! { <section class="panel-plain"><h2>{t.wish_answer()}</h2><blockquote>{words}</blockquote></section> })
}

/// Who has looked, at what, and why.
fn who_looked(t: Text, map: &DataMap, looks: &[Look]) -> AnyView {
    // A day and what was seen: an officer who works on it opens it often, for one reason.
    let mut days: Vec<(Date, String, usize)> = Vec::new();
    for look in looks {
        let (day, what) = (china::day(look.at), look_line(t, map, look));
        match days.iter_mut().find(|(of, line, _)| *of == day && *line == what) {
            Some((_, _, times)) => *times += 1,
            None => days.push((day, what, 1)),
        }
    }
    let lines: Vec<_> = days
        .into_iter()
        .map(|(day, what, n)| {
            view! { <li>{t.looks_on(named::LooksOn { day: format::day(t.lang(), day), what, n })}</li> }
        })
        .collect();
    let body = if lines.is_empty() {
        view! { <p>{t.looks_nobody()}</p> }.into_any()
    } else {
        view! { <ul>{lines}</ul> }.into_any()
    };
    let all = view! { <p><a href=paths::MINE_LOOKS>{t.looks_all_link()}</a></p> };
    view! { <details><summary>{t.looks_title(looks.len())}</summary>{body}{all}</details> }.into_any()
}

/// What was stopped stays so until the person lets it go on.
fn in_force(t: Text, followed: &Followed) -> Option<impl IntoView + use<>> {
    match followed.stands {
        Stands::Nothing => None,
        Stands::Still => {
            let path = paths::wish(RequestKind::Lift);
            Some(view! { <p>{t.restrict_in_force()} " " <a href=path>{t.restrict_lift_submit()}</a></p> }.into_any())
        }
        Stands::Overtaken => Some(view! { <p>{t.restrict_overtaken()}</p> }.into_any()),
    }
}

/// What was said with a withdrawal.
fn withdrawn(t: Text, map: &DataMap, followed: &Followed) -> Option<impl IntoView + use<>> {
    let purpose = map.purpose_name(followed.consent.as_ref()?, t.lang());
    Some(view! { <p>{t.consent_withdrawn_from(purpose)}</p> })
}

/// A representative's request, before anybody has looked at what was handed in.
fn checking(t: Text, followed: &Followed) -> Option<AnyView> {
    let request = &followed.request;
    // The person it is about reads on top that nobody has looked yet.
    let told = followed.standing == Standing::On(Side::Subject);
    let waits = request.requester.waits_for_check() && request.stage.is_open() && !told;
    waits.then(|| view! { <p class="due">{t.represent_waiting()}</p> }.into_any())
}

/// The days of an account that can still be kept.
fn closing(followed: &Followed) -> Option<ClosingDays> {
    let request = &followed.request;
    followed.kept_until.map(|at| ClosingDays { at, due: request.due, requester: request.requester })
}

fn cooling_off(t: Text, map: &DataMap, followed: &Followed, days: ClosingDays) -> impl IntoView + use<> {
    // Where somebody else asks, both find elsewhere on the page how they take it back.
    let undo = followed.between.is_none().then(|| {
        let cancel = paths::request_action(&followed.request.number, "cancel");
        view! { <form method="post" action=cancel>{button(t.cancel_undo())}</form> }
    });
    view! {
        <section class="panel-plain">
            <h2>{closing_title(t, days)}</h2>
            {closing_days(t, map, days)}
            {undo}
        </section>
    }
}

/// How far it is: another word once the evidence of whoever asks was checked.
pub(crate) fn status_word(t: Text, status: Status) -> &'static str {
    match status {
        Status::EvidenceWaits => t.stage_evidence_waits(),
        Status::Cooling => t.stage_cooling(),
        Status::Closing => t.stage_closing(),
        Status::At(stage) => stage_word(t, stage),
    }
}

fn stage_word(t: Text, stage: StageName) -> &'static str {
    match stage {
        StageName::Received => t.stage_received(),
        StageName::Asked => t.stage_asked(),
        StageName::ApprovedOnce => t.stage_approved_once(),
        StageName::Approved => t.stage_approved(),
        StageName::Running => t.stage_running(),
        StageName::Differs => t.stage_differs(),
        StageName::Completed => t.stage_completed(),
        StageName::Answered => t.stage_answered(),
        StageName::Refused => t.stage_refused(),
        StageName::Cancelled => t.stage_cancelled(),
    }
}

/// Before and after; of several, each with the record it stands in. `beside` says what else the reader is shown.
pub(crate) fn change_list(t: Text, changes: Vec<Change>, beside: impl Fn(&Change) -> Option<AnyView>) -> AnyView {
    let several = changes.len() > 1;
    let one = |change: Change| {
        let (name, record) = (change.field.in_lang(t.lang()), change.record.in_lang(t.lang()).to_owned());
        let [before, after] = [&change.before, &change.after].map(|value| value.in_lang(t.lang()).to_owned());
        let hidden =
            (change.differs == Differs::Masked).then(|| view! { <p class="hint">{t.request_change_masked()}</p> });
        let before = if before.is_empty() { t.record_empty().to_owned() } else { before };
        let beside = beside(&change);
        view! {
            {several.then(|| view! { <h3>{record}</h3> })}
            <dl class="pair">
                <div><dt>{t.request_before(name)}</dt><dd>{before}</dd></div>
                <div><dt>{t.request_after(name)}</dt><dd>{after}</dd></div>
            </dl>
            {hidden}
            {beside}
        }
    };
    changes.into_iter().map(one).collect_view().into_any()
}

/// Why not, before anything else.
fn refused(t: Text, followed: &Followed) -> Option<AnyView> {
    let Stage::Refused { code, .. } = followed.request.stage else { return None };
    let refused = last_of(followed, Happened::RequestRefused);
    Some(refused_because(t, code, refused.and_then(|event| event.body.as_ref())))
}

/// The reason with its statute, and the officer's words.
pub(crate) fn refused_because(t: Text, code: RefusalCode, words: Option<&Personal>) -> AnyView {
    let words = words.map(|words| {
        let words = words.reveal().to_owned();
        view! { <blockquote>{words}</blockquote> }
    });
    let why = t.request_refused_why(named::RequestRefusedWhy {
        reason: code.words().in_lang(t.lang()),
        statute: code.statute().in_lang(t.lang()),
    });
    notice(t.stage_refused(), view! { <p>{why}</p> {words} })
}

/// Once it is done what it left is told as it was.
const fn beside_tense(request: &Request) -> Tense {
    if matches!(request.stage, Stage::Completed { .. }) { Tense::Done } else { Tense::Planned }
}

/// What they are asked and have not answered yet.
fn question(followed: &Followed) -> Option<&Event> {
    let Stage::Asked { whom, .. } = followed.request.stage else { return None };
    let to_them = |audience| audience == Audience::Everyone || audience == Audience::Only(whom);
    let is_asked = |event: &&Event| event.what == Happened::RequestAsked && to_them(event.audience);
    followed.events.iter().rfind(is_asked).filter(|_| followed.standing.speaks_for(whom))
}

fn answer_form(t: Text, followed: &Followed, typed: &Typed) -> Option<impl IntoView + use<>> {
    let Stage::Asked { whom, .. } = followed.request.stage else { return None };
    let typed = typed.clone();
    let question = question(followed).and_then(|event| event.body.as_ref()).map(|body| {
        let text = body.reveal().to_owned();
        view! { <blockquote>{text}</blockquote> }
    });
    followed.standing.speaks_for(whom).then(|| {
        view! {
            <section class="panel-plain">
                <h2>{t.request_asked()}</h2>
                {question}
                <form
                    method="post"
                    action=paths::request_action(&followed.request.number, "answer")
                    enctype="multipart/form-data"
                    novalidate=true
                >
                    {text_area("answer", t.request_answer(), t.request_answer_hint(), &typed)}
                    {attach(t, &typed)}
                    {button(t.request_answer_send())}
                </form>
            </section>
        }
    })
}

fn cancel_form(t: Text, followed: &Followed) -> Option<impl IntoView + use<>> {
    // The person for whom somebody asks is offered it on top.
    let on_top = followed.standing == Standing::On(Side::Subject);
    (followed.can_take_back() && !on_top).then(|| {
        view! {
            <details>
                <summary>{t.request_cancel_open()}</summary>
                <p>{t.request_cancel_means()}</p>
                <form method="post" action=paths::request_action(&followed.request.number, "cancel")>
                    <button class="danger" type="submit">{t.request_cancel()}</button>
                </form>
            </details>
        }
    })
}

/// What was taken back, and what was refused because they said so themselves, leaves nothing to complain about.
fn ends_with_an_answer(followed: &Followed) -> bool {
    let stage = &followed.request.stage;
    let as_they_said = matches!(stage, Stage::Refused { code: RefusalCode::SubjectObjects, .. })
        && followed.standing == Standing::On(Side::Subject);
    !stage.is_open() && !matches!(stage, Stage::Cancelled { .. }) && !as_they_said
}

/// What a person can do who is not content (PIPL art. 50, 65).
fn remedies(t: Text, map: &DataMap, stage: &Stage) -> AnyView {
    let list = view! {
        <ul>
            <li><a href=paths::wish(RequestKind::Complaint)>{t.request_remedy_officer()}</a></li>
            <li>{reach(t, map)}</li>
            <li>{t.request_remedy_authority()}</li>
            <li>{t.request_remedy_court()}</li>
        </ul>
    };
    if matches!(stage, Stage::Refused { .. }) {
        return view! { <section class="panel-plain"><h2>{t.request_remedies()}</h2>{list}</section> }.into_any();
    }
    view! { <details><summary>{t.request_remedies_done()}</summary>{list}</details> }.into_any()
}

fn seal(t: Text, number: &str) -> impl IntoView + use<> {
    view! {
        <figure class="seal">
            <svg viewBox="0 0 96 96" role="img" aria-label=t.request_seal()>
                <rect class="seal-frame" x="4" y="4" width="88" height="88" rx="6"></rect>
                <text class="seal-text" x="48" y="44" text-anchor="middle">"清单"</text>
                <text class="seal-text" x="48" y="76" text-anchor="middle">"办结"</text>
            </svg>
            <figcaption>{numbered(t.request_sealed(number))}</figcaption>
        </figure>
    }
}
