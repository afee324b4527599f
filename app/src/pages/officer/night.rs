//! One night: when it ran, what became of what was due, and its signed report.

use std::collections::BTreeSet;

use domain::{
    breaker::Why,
    ids::NightNumber,
    map::DataMap,
    report::{LeftBecause, NightReport, Origin, RuleReport, Sum},
};
use leptos::prelude::*;
use service::store::runs::{Run, RunStatus};

use crate::{
    components::{self, numbered, outcome_noun, outcome_word, why_held_up},
    format, paths,
    text::{Text, named},
};

/// A column of figures.
type Figure = (&'static str, fn(&Sum) -> u64);

/// The newest night is read; those before it are looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Newest,
    Older,
}

pub(super) fn night(t: Text, map: &DataMap, run: &Run, age: Age) -> impl IntoView + use<> {
    let (lang, report) = (t.lang(), run.night());
    let sums = report.map(NightReport::sums).unwrap_or_default();
    let all = |figure: fn(&Sum) -> u64| sums.iter().map(figure).sum::<u64>();
    let summary = report.map(|report| {
        let summary = t.nights_summary(named::NightsSummary {
            changed: format::count(report.changed),
            held: format::count(report.held),
            held_up: format::count(all(|sum| sum.held_up)),
        });
        let steps =
            t.nights_steps(named::NightsSteps { steps: format::count(report.steps), ms: report.longest_step_ms });
        let waiting = (report.waiting > 0).then(|| t.nights_aside_waits(format::count(report.waiting)));
        view! { <p>{summary}</p> {waiting.map(|said| view! { <p>{said}</p> })} <p class="hint">{steps}</p> }
    });
    let held_up = report.map(|report| report.stopped.as_slice()).unwrap_or_default().iter().map(|rule| {
        let why = why_held_up(t, &rule.outcome, rule.rows, rule.why);
        view! { <p><strong>{map.table_words(&rule.table, lang)}</strong>{t.policy_colon()}{why}</p> }
    });
    let held_up: Vec<_> = held_up.collect();
    let let_go = report.map(|report| report.let_go.as_slice()).unwrap_or_default().iter().map(|gone| {
        let name = map.table_words(&gone.table, lang);
        let outcome = outcome_noun(t, &gone.outcome);
        let said = t.nights_let_go(named::NightsLetGo { name, outcome });
        view! { <p>{said}</p> <blockquote>{gone.reason.clone()}</blockquote> }
    });
    let let_go: Vec<_> = let_go.collect();
    let left = report.map(|report| left_because(t, map, report));
    let number = NightNumber::of(run.as_of, run.id);
    let began = t.nights_began(format::moment(lang, run.started_at));
    let signed = (run.finished_at.is_some() && report.is_some()).then(|| {
        let href = paths::night(number.as_str());
        view! { <p><a href=href>{t.nights_signed()} " " {numbered(number.as_str())}</a></p> }
    });
    let tables = sums.iter().map(|sum| &sum.table).collect::<BTreeSet<_>>().len();
    let table = (!sums.is_empty()).then(|| table(t, map, &format::weekday(lang, run.as_of), &sums));
    let table = match age {
        Age::Newest => table.into_any(),
        Age::Older => table
            .map(|table| view! { <details><summary>{t.nights_tables(tables)}</summary>{table}</details> })
            .into_any(),
    };
    view! {
        <section class="card">
            <h2>{format::weekday(lang, run.as_of)} <span class="role">{status(t, run.status, report)}</span></h2>
            {summary}
            {table}
            {held_up}
            {left}
            {let_go}
            <p class="hint">{began} " " {t.nights_map(run.plan.map.short())}</p>
            {signed}
        </section>
    }
}

/// Why rows are left, rule by rule.
fn left_because(t: Text, map: &DataMap, report: &NightReport) -> Vec<AnyView> {
    let line = |rule: &RuleReport| {
        let words = match rule.why_left? {
            LeftBecause::MoreThanCounted => t.nights_left_more(named::NightsLeftMore {
                left: format::count(rule.left),
                counted: format::count(rule.selected),
                done: format::count(rule.done),
            }),
            LeftBecause::WindowClosed => t.nights_left_window(format::count(rule.left)),
        };
        let name = map.table_words(&rule.table, t.lang());
        Some(view! { <p><strong>{name}</strong>{t.policy_colon()}{words}</p> }.into_any())
    };
    report.rules.iter().filter(|rule| rule.left > 0).filter_map(line).collect()
}

fn status(t: Text, status: RunStatus, report: Option<&NightReport>) -> String {
    let stopped = report.map(|report| report.stopped.as_slice()).unwrap_or_default();
    match status {
        RunStatus::Running => t.nights_running().to_owned(),
        // As on the desk: what only follows another has nothing to be looked at.
        RunStatus::Verified if !stopped.is_empty() => {
            t.nights_verified_but(stopped.iter().filter(|tripped| tripped.why != Why::Follows).count())
        }
        RunStatus::Verified => t.nights_verified().to_owned(),
        RunStatus::NotVerified => t.nights_not_verified().to_owned(),
        RunStatus::WindowClosed => t.nights_window().to_owned(),
        RunStatus::Differs => t.nights_stopped().to_owned(),
    }
}

/// Every table with all that was due in it; a column that is empty all over only where it has to be read as nothing.
fn table(t: Text, map: &DataMap, caption: &str, sums: &[Sum]) -> AnyView {
    let always: [Figure; 2] = [(t.nights_due(), |sum| sum.due), (t.outcome_done(), |sum| sum.done)];
    let sometimes: [Figure; 3] = [
        (t.register_held(), |sum| sum.held),
        (t.nights_by_law(), |sum| sum.by_law),
        (t.register_stopped(), |sum| sum.held_up),
    ];
    let left: Figure = (t.outcome_left(), |sum| sum.left);
    let used = sometimes.into_iter().filter(|(_, figure)| sums.iter().any(|sum| figure(sum) > 0));
    let figures: Vec<Figure> = always.into_iter().chain(used).chain([left]).collect();
    let cell = |name: &'static str, rows: u64| {
        let class = if rows == 0 { "number nought" } else { "number" };
        view! { <td class=class data-label=name>{format::count(rows)}</td> }
    };
    let line = |sum: &Sum| {
        let name = map.table_words(&sum.table, t.lang());
        let name = match sum.origin {
            Origin::Due => name,
            Origin::SetAside => t.nights_set_aside(name),
        };
        let cells: Vec<_> = figures.iter().map(|(name, figure)| cell(name, figure(sum))).collect();
        view! { <tr><th scope="row">{name}</th><td data-label=t.outcome_what()>{what(t, sum)}</td>{cells}</tr> }
    };
    let total = figures.iter().map(|(name, figure)| cell(name, sums.iter().map(figure).sum())).collect::<Vec<_>>();
    let head = figures.iter().map(|(name, _)| view! { <th scope="col" class="number">{*name}</th> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=caption.to_owned()>
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">{t.outcome_where()}</th>
                        <th scope="col">{t.outcome_what()}</th>
                        {head.collect::<Vec<_>>()}
                    </tr>
                </thead>
                <tbody>{sums.iter().map(line).collect::<Vec<_>>()}</tbody>
                <tfoot><tr><th scope="row">{t.nights_total()}</th><td></td>{total}</tr></tfoot>
            </table>
        </div>
    }
    .into_any()
}

/// What the rules of the table do; where all of it stays, that.
fn what(t: Text, sum: &Sum) -> String {
    let words = sum.outcomes.iter().map(|outcome| outcome_word(t, components::Tense::Planned, outcome));
    let words: Vec<_> = words.collect::<BTreeSet<_>>().into_iter().collect();
    if words.is_empty() { t.outcome_kept().to_owned() } else { words.join(t.record_comma()) }
}
