use domain::{
    breaker::{Tripped, Why},
    ids::NightNumber,
    map::{DataMap, TableName},
    plan::Outcome,
};
use leptos::prelude::*;
use service::{
    Progress,
    night::NightReport,
    store::{
        breaker::{Release, Waiting},
        runs::{Run, RunKind, RunStatus},
    },
};

use crate::{
    components::{self, Bar, Look, bars, empty, notice, outcome_noun, outcome_word},
    format,
    page::{Page, Script},
    paths,
    text::{Text, named},
};

/// Whether the reader may let a rule go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayRelease {
    Yes,
    No,
}

/// A rule that would have taken too much.
fn waits(t: Text, map: &DataMap, waiting: &Waiting, may: MayRelease) -> AnyView {
    let tripped = &waiting.tripped;
    let (name, rows) = (map.table_words(&tripped.table, t.lang()), format::count(tripped.rows));
    let title = if waiting.is_released() {
        t.nights_waited(named::NightsWaited { name, rows })
    } else {
        t.nights_waits(named::NightsWaits { name, rows })
    };
    let counted_by_another = waiting.map != map.hash;
    let look = may == MayRelease::Yes && !waiting.is_released() && tripped.why != Why::Follows && !counted_by_another;
    let look = look.then(|| {
        let href = paths::night_rule(&tripped.table, tripped.outcome.word());
        view! { <p><a href=href>{t.nights_look()}</a></p> }
    });
    let release = match &waiting.release {
        Release::NotAsked => None,
        Release::Asked { reason, .. } => Some((t.nights_release_asked(), Some(reason.clone()))),
        Release::Released { reason } => Some((t.nights_released(), reason.clone())),
    };
    let released = release.map(|(said, reason)| {
        let reason = reason.map(|reason| view! { <blockquote>{reason}</blockquote> });
        view! { <p><strong>{said}</strong></p> {reason} }
    });
    let anew = counted_by_another.then(|| view! { <p>{t.nights_counted_anew()}</p> });
    let why = (!waiting.is_released()).then(|| view! { <p>{why(t, tripped)}</p> });
    notice(title, view! { {why} {anew} {look} {released} })
}

/// Why it was not carried out.
pub(super) fn why(t: Text, tripped: &Tripped) -> String {
    let outcome = outcome_noun(t, &tripped.outcome);
    let rows = format::count(tripped.rows);
    match tripped.why {
        Why::Share { of } => t.nights_waits_share(named::NightsWaitsShare { outcome, of: format::count(of), rows }),
        Why::Forecast { most } => {
            t.nights_waits_forecast(named::NightsWaitsForecast { outcome, rows, most: format::count(most) })
        }
        Why::Follows => t.nights_waits_follows().to_owned(),
    }
}

/// What the night job did, newest first; drawn, with the table beside it.
pub fn nights(
    t: Text,
    map: &DataMap,
    runs: &[Run],
    under_way: Option<Progress>,
    waiting: &[Waiting],
    may: MayRelease,
) -> Page {
    let nights: Vec<(&Run, Option<NightReport>)> = runs
        .iter()
        .filter(|run| run.kind == RunKind::Retention)
        .map(|run| (run, run.report.clone().and_then(|report| serde_json::from_value(report).ok())))
        .collect();
    let drawing = (!nights.is_empty()).then(|| drawing(t, &nights));
    let list: Vec<_> = nights.iter().map(|(run, report)| night(t, map, run, report.as_ref())).collect();
    let body = view! {
        <h1>{t.nights_title()}</h1>
        <p class="lead">{t.nights_lead()}</p>
        <p class="links">
            <a href=paths::REGISTER>{t.register_link()}</a>
            <a href=paths::SIMULATE>{t.simulate_link()}</a>
        </p>
        {nights.is_empty().then(|| empty(t.nights_none(), t.nights_none_what()))}
        {under_way.map(|progress| components::progress(t, paths::NIGHTS_PROGRESS, progress))}
        {waiting.iter().map(|waiting| waits(t, map, waiting, may)).collect::<Vec<_>>()}
        {drawing}
        {list}
    };
    let page = Page::new(t.nights_title(), body);
    if under_way.is_some() { page.with(Script::Islands) } else { page }
}

fn drawing(t: Text, nights: &[(&Run, Option<NightReport>)]) -> AnyView {
    let bar = |(run, report): &(&Run, Option<NightReport>)| {
        let value = report.as_ref().map_or(0, |report| report.changed);
        vec![Bar { name: format::day(t.lang(), run.as_of), value, look: Look::Full }]
    };
    bars(t.nights_drawing(), nights.iter().rev().map(bar).collect())
}

fn night(t: Text, map: &DataMap, run: &Run, report: Option<&NightReport>) -> impl IntoView + use<> {
    let lang = t.lang();
    let stopped = report.map(|report| report.stopped.as_slice()).unwrap_or_default();
    let status = match run.status {
        RunStatus::Running => t.nights_running().to_owned(),
        // As on the desk: what only follows another has nothing to be looked at.
        RunStatus::Verified if !stopped.is_empty() => {
            t.nights_verified_but(stopped.iter().filter(|tripped| tripped.why != Why::Follows).count())
        }
        RunStatus::Verified => t.nights_verified().to_owned(),
        RunStatus::NotVerified => t.nights_not_verified().to_owned(),
        RunStatus::WindowClosed => t.nights_window().to_owned(),
        RunStatus::Differs => t.nights_stopped().to_owned(),
    };
    let rules: Vec<_> = report
        .map(|report| report.rules.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|rule| {
            let name =
                TableName::parse(&rule.table).map_or_else(|| rule.table.clone(), |name| map.table_words(&name, lang));
            let name = if rule.set_aside { t.nights_set_aside(name) } else { name };
            line(t, name, &rule.outcome, [rule.selected, rule.done, rule.left])
        })
        .chain(stopped.iter().map(|tripped| {
            let name = t.nights_waiting_row(map.table_words(&tripped.table, lang));
            line(t, name, &tripped.outcome, [tripped.rows, 0, tripped.rows])
        }))
        .collect();
    let summary = report.map(|report| {
        t.nights_summary(named::NightsSummary {
            changed: format::count(report.changed),
            held: format::count(report.held),
            steps: format::count(report.steps),
            ms: report.longest_step_ms,
        })
    });
    let table = (!rules.is_empty()).then(|| {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=format::day(lang, run.as_of)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t.outcome_where()}</th>
                            <th scope="col">{t.outcome_what()}</th>
                            <th scope="col" class="number">{t.nights_selected()}</th>
                            <th scope="col" class="number">{t.outcome_done()}</th>
                            <th scope="col" class="number">{t.outcome_left()}</th>
                        </tr>
                    </thead>
                    <tbody>{rules}</tbody>
                </table>
            </div>
        }
    });
    let let_go = report.map(|report| report.let_go.as_slice()).unwrap_or_default().iter().map(|gone| {
        let name = map.table_words(&gone.table, lang);
        let outcome = outcome_noun(t, &gone.outcome);
        let said = t.nights_let_go(named::NightsLetGo { name, outcome });
        view! { <p>{said}</p> <blockquote>{gone.reason.clone()}</blockquote> }
    });
    let let_go: Vec<_> = let_go.collect();
    let number = NightNumber::of(run.as_of, run.id);
    let signed = (run.finished_at.is_some() && report.is_some())
        .then(|| view! { <p><a href=paths::night(number.as_str())>{t.nights_signed()}</a></p> });
    view! {
        <section class="card">
            <h2>{format::weekday(lang, run.as_of)} <span class="role">{status}</span></h2>
            <p>{summary}</p>
            {table}
            {let_go}
            <p class="hint">{t.nights_map(run.plan.map.short())}</p>
            {signed}
        </section>
    }
}

/// Rows selected, done and left.
fn line(t: Text, name: String, outcome: &Outcome, counts: [u64; 3]) -> AnyView {
    let outcome = outcome_word(t, components::Tense::Planned, outcome);
    let counts = counts.map(|rows| view! { <td class="number">{format::count(rows)}</td> });
    view! { <tr><th scope="row">{name}</th><td>{outcome}</td>{counts}</tr> }.into_any()
}
