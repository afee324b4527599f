use domain::{
    Words, china,
    look::Spot,
    map::DataMap,
    plan::{Drift, Outcome},
    report::SentBack,
    request::{
        Capacity, Checked, Gone, HandedOut, Handling, Happened, RefusalCode, RequestKind, Requester, Stage, Status,
        Template,
    },
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Case, Change, Followed, GrantedBy, MayHandOut, StillOpen},
    store::{requests::Request, runs::Run},
};

use super::{
    ask::ask,
    beside::beside,
    colleagues::colleagues,
    extent::extent,
    hand_out::{agree_to_hand_out, nobody_else},
    heed::heed,
    intake::{check, requester},
    notified::notified,
    pass_on::passed_on,
    queue::owner,
    rescan::rescan,
    rows::kind_words,
    undelivered::undelivered,
    words::answer_field,
};
use crate::{
    components::{
        self, Told, Typed, against_closing, attach, beside_deletion, button, clock, closing_late, days_left,
        error_summary, file_list, gone_list, is_given_back, kept_until, notice, numbered, outcome_groups,
        outcome_table, radio_group, reveal_form, table_names, task_list, text_area, timeline,
    },
    format,
    page::{Page, Script},
    pages::{
        customer::{asked, change_list, copy_of, left_out, one_record, only_of, plan_owed, undecided_deletion},
        customer_status_word,
    },
    paths,
    text::{Text, named},
};

/// Whether the reader may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    Decide,
    Read,
}

/// `changed` is what a correction changes: masked, but for what an officer has had shown.
pub fn case(t: Text, portal: &Portal, case: &Case, may: May, changed: Vec<Change>, today: Date, typed: &Typed) -> Page {
    let lang = t.lang();
    let map: &DataMap = &portal.map;
    let followed = &case.followed;
    let request = &followed.request;
    let stage = &request.stage;
    let title = t.case_title(named::CaseTitle {
        kind: kind_words(t, request.kind, &followed.asked),
        number: request.number.as_str(),
    });
    let evidence = followed.corrections.iter().find_map(|c| c.evidence.clone()).map(|text| {
        view! { <h3>{t.case_evidence()}</h3> <blockquote>{text}</blockquote> }
    });
    let proven = followed.corrections.iter().find_map(|c| c.proven).map(|at| {
        view! { <p>{t.case_new_proven(format::moment(lang, at))}</p> }
    });
    let open = stage.is_open();
    let changed = change_list(t, changed, |change| {
        let spot = Spot::Change { token: change.token.clone() };
        let offered = change.is_hidden && may == May::Decide;
        offered.then(|| reveal_form(t, &request.number, &spot, change.field.in_lang(lang)))
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{numbered(&title)}</h1>
        <dl class="facts">
            <div><dt>{t.case_who()}</dt><dd>{case.who.marked.clone()}</dd></div>
            {requester(t, request.requester)}
            <div><dt>{t.case_stage()}</dt><dd>{customer_status_word(t, followed.status)}</dd></div>
            <div><dt>{t.queue_owner()}</dt><dd>{owner(t, request.owner, &case.names)}</dd></div>
            <div><dt>{t.case_received()}</dt><dd>{received(t, followed)}</dd></div>
            <div>
                <dt>{t.case_due()}</dt>
                <dd>
                    {format::weekday(lang, request.due)}
                    {open.then(|| view! { <strong class="left">{days_left(t, case.days_left)}</strong> })}
                </dd>
            </div>
            <div><dt>{t.case_statute()}</dt><dd>{request.kind.statute().in_lang(lang).to_owned()}</dd></div>
        </dl>
        {open.then(|| clock(t, &portal.calendar(), china::day(request.received_at), request.due, today))}
        {passed_on(t, case)}
        {undelivered(t, followed)}
        {drift(t, map, case)}
        {followed.waiting_for.clone().map(|code| notice(t.case_waits(code), view! { <p>{t.case_waits_what()}</p> }))}
        <div id="changes">
            {typed.error("changes").map(|message| view! { <p class="field-error">{message}</p> })}
            {changed}
        </div>
        {proven}
        {evidence}
        {followed.wish.as_ref().and_then(|wish| asked(t, map, wish))}
        {file_list(t, &followed.files, &paths::case(&request.number))}
        {check(t, case, may)}
        {beside(t, case, may)}
        {in_map(t, map, case)}
        {followed.consent.as_ref().map(|purpose| {
            view! { <p>{t.consent_withdrawn_from(map.purpose_name(purpose, lang))}</p> }
        })}
        {one_record(t, map, followed, Told::Officer(request.requester))}
        {only_of(followed).map(|of| notice(t.delete_some_asked(table_names(t, map, of)), ()))}
        {copy_of(t, map, followed).map(|of| notice(of, ()))}
        {left_out(t, map, followed)}
        {undecided_deletion(request).then(|| {
            beside_deletion(t, map, followed.plan.as_ref(), &followed.open, Told::Officer(request.requester))
        })}
        {closing(t, followed)}
        {plan(t, map, case)}
        {case.progress.map(|progress| {
            components::progress(t, paths::case_action(&request.number, "progress"), progress)
        })}
        {has_locked(case).then(|| {
            view! { <p><a href=paths::case_action(&request.number, "locked")>{t.locked_link()}</a></p> }
        })}
        {rescan(t, map, case, may)}
        {task_list(t, map, &followed.tasks)}
        {notified(t, portal, case, may)}
        {(may == May::Decide).then(|| decision(t, map, case, typed))}
        {colleagues(t, case, may, typed)}
        <h2>{t.request_history()}</h2>
        {timeline(t, followed)}
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    let page = Page::new(title, body).failed_if(typed.failed());
    if case.progress.is_some() { page.with(Script::Islands) } else { page }
}

/// Of an account that somebody asked to have closed for another: what stands against it, and until when it can be kept.
fn closing(t: Text, followed: &Followed) -> Option<AnyView> {
    if followed.request.kind != RequestKind::CancelAccount {
        return None;
    }
    let until = followed.kept_until.map(|until| kept_until(t, until));
    let late = (followed.status == Status::Closing && followed.waiting_for.is_some())
        .then(|| closing_late(t, followed.request.due));
    Some(
        view! { {against_closing(t, &followed.open, Told::Officer(followed.request.requester))} {until} {late} }
            .into_any(),
    )
}

/// What stands against closing an account keeps anybody from agreeing to it.
fn is_kept_from_closing(followed: &Followed) -> bool {
    let against = match &followed.open {
        StillOpen::NoAccount(_) => true,
        StillOpen::Known(open) => !open.is_empty(),
        StillOpen::NotAsked | StillOpen::Unknown => false,
    };
    followed.request.kind == RequestKind::CancelAccount && against
}

/// When it was received; and when it was written down, where that was on a later day.
fn received(t: Text, followed: &Followed) -> String {
    let (lang, at) = (t.lang(), followed.request.received_at);
    let day = china::day(at);
    match followed.events.first().filter(|filed| china::day(filed.at) > day) {
        Some(filed) => t.case_received_earlier(named::CaseReceivedEarlier {
            day: format::weekday(lang, day),
            at: format::moment(lang, filed.at),
        }),
        None => format::moment(lang, at),
    }
}

/// Something was locked away in its run.
fn has_locked(case: &Case) -> bool {
    let run = case.followed.run.as_ref();
    run.is_some_and(|run| run.plan.items.iter().any(|item| matches!(item.outcome, Outcome::LockedAway { .. })))
}

fn plan(t: Text, map: &DataMap, case: &Case) -> Option<AnyView> {
    if let Some(owed) = plan_owed(t, &case.followed) {
        let meanwhile = case.followed.kept_until.is_none().then(|| view! { <p>{t.case_plan_owed_meanwhile()}</p> });
        return Some(view! { {owed} {meanwhile} }.into_any());
    }
    let plan = case.followed.plan.as_ref()?;
    let report = case.followed.run.as_ref().and_then(Run::done);
    let result = report.map(|report| {
        view! { <h3>{t.case_result()}</h3> {outcome_table(t, map, &report.items)} }
    });
    let gone = case.followed.gone.as_ref().map(|gone| officers_gone(t, gone, &case.followed.request));
    let digest = case.plan_digest.clone().unwrap_or_default();
    let short: String = digest.chars().take(12).collect();
    Some(view! {
        <h2>{t.case_plan()}</h2>
        <p class="hint">{t.case_plan_frozen(named::CasePlanFrozen { day: format::day(t.lang(), plan.as_of), digest: short, map: plan.map.short() })}</p>
        {match gone {
            Some(gone) => gone,
            None => view! { {outcome_groups(t, map, components::Tense::Planned, &plan.items)} {result} }.into_any(),
        }}
    }
    .into_any())
}

/// There is nothing to erase: by what it has gone, and what to answer.
pub(super) fn officers_gone(t: Text, gone: &Gone, request: &Request) -> AnyView {
    let (title, means) = if request.stage.name().is_undecided() {
        (t.gone_now(), t.gone_now_case())
    } else {
        (t.gone_then(), t.gone_then_what())
    };
    let unknown = gone.0.is_empty().then(|| view! { <p>{t.gone_unknown()}</p> });
    notice(title, view! { {gone_list(t, gone, paths::case)} {unknown} <p>{means}</p> })
}

/// Where the data was no longer what had been approved.
fn drift(t: Text, map: &DataMap, case: &Case) -> Option<impl IntoView + use<>> {
    let blocked = || notice(t.case_blocked(), view! { <p>{t.case_blocked_what()}</p> });
    match case.followed.events.last() {
        Some(event) if event.what == Happened::BlockedOnDay => return Some(blocked()),
        Some(event) if event.what == Happened::UnreadAtItsTurn => {
            let code = event.data.get("code")?.as_str()?;
            return Some(notice(t.case_unread(code), view! { <p>{t.case_unread_what()}</p> }));
        }
        Some(_) | None => {}
    }
    if !matches!(case.followed.request.stage, Stage::Differs { .. }) {
        return None;
    }
    Some(match case.followed.run.as_ref()?.sent_back()? {
        SentBack::Failed { code } => notice(t.case_refused(code), view! { <p>{t.case_refused_what()}</p> }),
        SentBack::Blocked => blocked(),
        SentBack::NothingToDo => return None,
        SentBack::Drift(drift) => {
            notice(t.case_drift(), view! { {drifts(t, map, drift)} <p>{t.case_drift_what()}</p> })
        }
    })
}

pub(super) fn drifts(t: Text, map: &DataMap, drift: &[Drift]) -> AnyView {
    let lines = drift.iter().map(|drift| {
        let line = match drift {
            Drift::Map => t.case_drift_map().to_owned(),
            Drift::Rows { table, approved, now } => {
                t.case_drift_rows(named::CaseDriftRows { name: map.table_words(table, t.lang()), approved, now })
            }
        };
        view! { <li>{line}</li> }
    });
    view! { <ul>{lines.collect_view()}</ul> }.into_any()
}

/// Sentences to begin with; pressed, they stand in the field to be changed.
pub(super) fn templates(t: Text, templates: [Template; 3]) -> AnyView {
    let buttons = templates.map(|template| {
        let name = template.name().in_lang(t.lang()).to_owned();
        view! { <button type="submit" name="template" value=template.as_str()>{name}</button> }
    });
    view! {
        <details>
            <summary>{t.bulk_templates()}</summary>
            <div class="actions">{buttons.to_vec()}</div>
        </details>
    }
    .into_any()
}

/// What an answer opens to the person: one who does not agree must refuse.
fn opens(t: Text, map: &DataMap, kind: RequestKind) -> Option<String> {
    Some(match kind.hands_out()? {
        HandedOut::Copy => t.represent_copy_agree(map.portal.keep_copies.say(t.lang())),
        HandedOut::Transfer => t.transfer_agree().to_owned(),
    })
}

/// Who reads the words of an answer, where there are two sides.
pub(super) fn read_by(t: Text, case: &Case) -> Option<AnyView> {
    let words = match case.followed.request.requester {
        Requester::Subject | Requester::Staff { .. } => return None,
        Requester::Representative { capacity: Capacity::NearRelative, .. } => t.case_answers_relative(),
        Requester::Representative { checked: Checked::NotYet, .. } => t.case_answers_not_checked(),
        Requester::Representative { checked: Checked::Confirmed { .. }, .. } => t.case_answers_asker(),
    };
    Some(view! { <p class="hint">{words}</p> }.into_any())
}

/// The answer to what no program does.
fn settle(t: Text, map: &DataMap, case: &Case, typed: &Typed) -> AnyView {
    let (label, hint) = answer_field(t, case.followed.request.kind);
    view! {
        <h3>{t.wish_officer_title()}</h3>
        {opens(t, map, case.followed.request.kind).map(|words| view! { <p>{words}</p> })}
        <form
            method="post"
            action=paths::case_action(&case.followed.request.number, "settle")
            enctype="multipart/form-data"
            novalidate=true
        >
            {heed(t, case.to_heed.as_ref(), typed)}
            {read_by(t, case)}
            {text_area("done", label, hint, typed)}
            {templates(t, Template::ANSWERS)}
            {extent(t, map, &case.followed, typed)}
            {attach(t, typed)}
            {button(t.wish_officer_send())}
        </form>
    }
    .into_any()
}

/// What the map says of what is asked about: the answer should say the same.
fn in_map(t: Text, map: &DataMap, case: &Case) -> Option<impl IntoView + use<>> {
    let about = case.followed.wish.as_ref()?.about.as_ref()?;
    let words = |words: &Words| words.in_lang(t.lang()).to_owned();
    let lines = match (map.purposes.get(about), map.automated.get(about)) {
        (Some(purpose), _) => vec![words(&purpose.why)],
        (None, Some(made)) => vec![words(&made.how), words(&made.effect), words(&made.refuse)],
        (None, None) => return None,
    };
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect();
    Some(view! { <details><summary>{t.wish_officer_map()}</summary>{lines}</details> })
}

/// The press that carries it out.
pub(super) fn approve_words(t: Text, kind: RequestKind) -> &'static str {
    match kind.handling() {
        Handling::Withdrawal => t.case_approve_withdraw(),
        Handling::Erasure if kind == RequestKind::CancelAccount => t.case_approve_close(),
        Handling::Erasure | Handling::Answer => t.case_approve_delete(),
        Handling::Correction => t.case_approve_correct(),
        Handling::Restriction => t.restrict_officer_approve(),
    }
}

/// What somebody else asks to have corrected stands in words only.
fn to_work_out(t: Text, case: &Case) -> AnyView {
    let path = paths::case_action(&case.followed.request.number, "correct");
    let vouched = (case.granted_by == GrantedBy::Anyone).then(|| view! { <p class="hint">{t.work_out_who()}</p> });
    view! { <p>{t.work_out_first()}</p> {vouched} <p><a class="button" href=path>{t.work_out_open()}</a></p> }
        .into_any()
}

/// Of one record there is nothing to leave out: what is not theirs is refused.
fn may_leave_out(followed: &Followed) -> bool {
    followed.request.kind == RequestKind::Delete && followed.extent.record().is_none()
}

fn decision(t: Text, map: &DataMap, case: &Case, typed: &Typed) -> Option<impl IntoView + use<>> {
    let request = &case.followed.request;
    let number = &request.number;
    if !request.stage.name().is_undecided() {
        return None;
    }
    let digest = case.plan_digest.clone().unwrap_or_default();
    let can_ask = !matches!(request.stage, Stage::Asked { .. });
    let differs = matches!(request.stage, Stage::Differs { .. });
    let begun = (differs && !case.followed.so_far.is_empty())
        || matches!(request.stage, Stage::ApprovedOnce { after: Some(_), .. });
    let codes: Vec<_> = RefusalCode::ALL
        .into_iter()
        .filter(|code| code.fits(request.kind) && code.fits_requester(request.requester))
        .map(|code| {
            let (words, statute) = (code.words(), code.statute());
            (code.as_str().to_owned(), words.in_lang(t.lang()).to_owned(), statute.in_lang(t.lang()).to_owned())
        })
        .collect();
    let once = matches!(request.stage, Stage::ApprovedOnce { .. });
    let waits = request.requester.waits_for_check();
    let by_executor = case.followed.is_for_executor();
    let planned = match request.kind.handling() {
        Handling::Erasure | Handling::Withdrawal | Handling::Restriction => by_executor,
        Handling::Correction | Handling::Answer => false,
    };
    let anew = (planned && !once && !waits).then(|| {
        view! {
            <form method="post" action=paths::case_action(number, "plan")>
                <button type="submit">{t.case_plan_anew()}</button>
            </form>
        }
    });
    let leave_out = (may_leave_out(&case.followed) && anew.is_some()).then(|| {
        view! { <p><a href=paths::case_action(number, "leave-out")>{t.leave_out_link()}</a></p> }
    });
    // Worked out wrongly, or from what has changed since.
    let again = (request.kind.handling() == Handling::Correction
        && request.requester != Requester::Subject
        && by_executor
        && !once)
        .then(|| view! { <p><a href=paths::case_action(number, "correct")>{t.work_out_again()}</a></p> });
    let approve = || {
        view! {
            <form method="post" action=paths::case_action(number, "approve/check") novalidate=true>
                {heed(t, case.to_heed.as_ref(), typed)}
                <input type="hidden" name="plan" value=digest/>
                {button(t.decide_approve_check())}
            </form>
        }
        .into_any()
    };
    let grant = match request.kind.handling() {
        _ if waits => ().into_any(),
        // It says above that another has to.
        _ if case.was_first => ().into_any(),
        Handling::Correction if !by_executor => to_work_out(t, case),
        _ if case.granted_by == GrantedBy::SomebodyElse => {
            view! { <p><strong>{t.case_another()}</strong></p> }.into_any()
        }
        _ if case.granted_by == GrantedBy::NotWhoWorkedItOut => {
            view! { <p><strong>{t.work_out_another()}</strong></p> }.into_any()
        }
        // Above stands what it is, and what to do.
        _ if is_kept_from_closing(&case.followed) => ().into_any(),
        // It says above that there is nothing to approve yet.
        _ if case.followed.owes_plan() => ().into_any(),
        // Nothing rests on the consent that a program could erase, or stop.
        Handling::Withdrawal if !by_executor => settle(t, map, case, typed),
        Handling::Erasure | Handling::Withdrawal | Handling::Correction => approve(),
        // The executor stops it; where something was different before, it is looked at once more.
        Handling::Restriction if by_executor => approve(),
        Handling::Restriction | Handling::Answer => match case.may_hand_out {
            MayHandOut::HandOut => settle(t, map, case, typed),
            MayHandOut::AgreeFirst => agree_to_hand_out(t, case, typed),
            // It says so above.
            MayHandOut::WaitForAnother => ().into_any(),
        },
    };
    let refuse_open = typed.error("reason").is_some() || typed.error("words").is_some() || is_given_back("words");
    let refuse_open = refuse_open || typed.chose("open", "refuse");
    Some(view! {
        <section class="decision" aria-labelledby="decision-title">
            <h2 id="decision-title">{t.case_decide()}</h2>
            {once.then(|| view! { <p><strong>{if case.was_first { t.case_once_own() } else { t.case_once() }}</strong>" "{t.case_once_what()}</p> {case.was_first.then(|| nobody_else(t, case))} })}
            {grant}
            {anew}
            {leave_out}
            {again}
            {can_ask.then(|| ask(t, case, typed))}
            {(!begun).then(|| view! {
                <details open=refuse_open>
                    <summary>{t.case_refuse_open()}</summary>
                    <form method="post" action=paths::case_action(number, "refuse/check") novalidate=true>
                        {radio_group("reason", t.case_reason(), codes, typed)}
                        {read_by(t, case)}
                        {text_area("words", t.case_words(), t.case_words_hint(), typed)}
                        {button(t.decide_refuse_check())}
                    </form>
                </details>
            })}
        </section>
    })
}
