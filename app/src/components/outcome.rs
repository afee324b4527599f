//! Plans and answers, item by item: each outcome with a sign, a word and a colour.

use domain::{
    Words,
    consent::Cover,
    map::{DataMap, RoleName, TableName},
    plan::{Because, Item, Outcome, Restricting, Turn},
    report::ItemReport,
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{mine::LeftBehind, store::tasks::Task};

use crate::{
    format,
    text::{Text, named},
};

/// Whether it is to be done, or has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    Planned,
    Done,
}

impl Tense {
    const fn pick<T: Copy>(self, planned: T, done: T) -> T {
        match self {
            Self::Planned => planned,
            Self::Done => done,
        }
    }
}

#[derive(Clone, Copy)]
struct Look {
    class: &'static str,
    sign: &'static str,
    word: &'static str,
}

fn look(t: Text, tense: Tense, outcome: &Outcome) -> Look {
    let (class, sign, planned, done) = match outcome {
        Outcome::Deleted => ("deleted", "✕", t.outcome_deleted(), t.outcome_deleted_done()),
        Outcome::Anonymised => ("anonymised", "◌", t.outcome_anonymised(), t.outcome_anonymised_done()),
        Outcome::Corrected { .. } => ("corrected", "✎", t.outcome_corrected(), t.outcome_corrected_done()),
        Outcome::Restricted { restriction } => match restriction.turn {
            Turn::Restricted => ("restricted", "‖", t.outcome_restricted(), t.outcome_restricted_done()),
            Turn::Lifted => ("restricted", "▶", t.outcome_lifted(), t.outcome_lifted_done()),
        },
        Outcome::ByHand { .. } => ("by-hand", "✋", t.outcome_by_hand(), t.outcome_by_hand_done()),
        Outcome::LockedAway { .. } => ("kept locked", "▣", t.outcome_locked_away(), t.outcome_locked_away_done()),
        Outcome::Destroyed => ("deleted", "✕", t.outcome_destroyed(), t.outcome_destroyed_done()),
        Outcome::Kept { .. } => ("kept", "■", t.outcome_kept(), t.outcome_kept_done()),
    };
    Look { class, sign, word: tense.pick(planned, done) }
}

/// What happens, in a word, and of what is stopped or goes on its name.
fn word(t: Text, map: &DataMap, tense: Tense, outcome: &Outcome) -> String {
    let word = look(t, tense, outcome).word;
    match outcome {
        Outcome::Restricted { restriction: Restricting { purpose, cover, .. } } => {
            t.outcome_restricted_of(named::OutcomeRestrictedOf {
                word,
                name: restriction_name(t, map, purpose, *cover),
            })
        }
        Outcome::Deleted
        | Outcome::Anonymised
        | Outcome::Corrected { .. }
        | Outcome::ByHand { .. }
        | Outcome::LockedAway { .. }
        | Outcome::Destroyed
        | Outcome::Kept { .. } => word.to_owned(),
    }
}

/// A purpose, or what is agreed to on its own for it.
pub(crate) fn restriction_name(t: Text, map: &DataMap, purpose: &str, cover: Cover) -> String {
    let purpose = map.purpose_name(purpose, t.lang());
    match cover {
        Cover::Purpose => purpose,
        Cover::Sensitive | Cover::Provision | Cover::Abroad => {
            t.restrict_part(named::RestrictPart { purpose, cover: cover.words().in_lang(t.lang()) })
        }
    }
}

/// What happens, in a word.
pub fn outcome_word(t: Text, tense: Tense, outcome: &Outcome) -> &'static str {
    look(t, tense, outcome).word
}

/// Likewise as a noun, for a sentence.
pub fn outcome_noun(t: Text, outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Deleted => t.outcome_deletion(),
        Outcome::Anonymised => t.outcome_anonymisation(),
        Outcome::Destroyed => t.outcome_destruction(),
        Outcome::Corrected { .. }
        | Outcome::Restricted { .. }
        | Outcome::ByHand { .. }
        | Outcome::LockedAway { .. }
        | Outcome::Kept { .. } => outcome_word(t, Tense::Planned, outcome),
    }
}

fn table_name(map: &DataMap, name: &TableName, roles: &[RoleName], t: Text) -> String {
    let Some(table) = map.table(name) else { return name.to_string() };
    let words = table.words.in_lang(t.lang());
    match roles {
        [role] if table.is_shared() => match table.role(role) {
            Some(role) => t.outcome_side(named::OutcomeSide { table: words, side: role.words.in_lang(t.lang()) }),
            None => words.to_owned(),
        },
        [] | [_] | [_, _, ..] => words.to_owned(),
    }
}

/// Why, in plain words; the number of the law behind a fold.
fn reason(t: Text, tense: Tense, outcome: &Outcome, shared: bool) -> AnyView {
    let lang = t.lang();
    let say = |planned, done| view! { <p>{tense.pick(planned, done)}</p> }.into_any();
    match outcome {
        Outcome::Deleted => say(t.outcome_deleted_means(), t.outcome_deleted_meant()),
        Outcome::Corrected { .. } => say(t.outcome_corrected_means(), t.outcome_corrected_meant()),
        Outcome::Restricted { restriction } => match restriction.turn {
            Turn::Restricted => view! { <p>{t.outcome_restricted_means()}</p> }.into_any(),
            Turn::Lifted => view! { <p>{t.outcome_lifted_means()}</p> }.into_any(),
        },
        Outcome::ByHand { owner, due } => {
            let (owner, due) = (owner.in_lang(lang).to_owned(), format::day(lang, *due));
            let said = match tense {
                Tense::Planned => t.outcome_by_hand_means(named::OutcomeByHandMeans { owner, due }),
                Tense::Done => t.outcome_by_hand_meant(owner),
            };
            view! { <p>{said}</p> }.into_any()
        }
        Outcome::Anonymised if shared => say(t.outcome_side_means(), t.outcome_side_meant()),
        Outcome::Anonymised => say(t.outcome_anonymised_means(), t.outcome_anonymised_meant()),
        Outcome::Kept { because: Because::Hold } => view! { <p>{t.outcome_hold_means()}</p> }.into_any(),
        Outcome::Destroyed => say(t.outcome_destroyed_means(), t.outcome_destroyed_meant()),
        Outcome::LockedAway { law, first, last } => view! {
            {say(t.outcome_locked_means(), t.outcome_locked_meant())}
            {floor(t, law, *first, *last)}
        }
        .into_any(),
        Outcome::Kept { because: Because::Floor { law, first, last } } => floor(t, law, *first, *last),
        Outcome::Kept { because: Because::NotStarted { law, starts } } => {
            let (law, starts) = (law.in_lang(lang).to_owned(), starts.in_lang(lang).to_owned());
            view! {
                <p><strong>{t.outcome_until_event(starts)}</strong></p>
                <details><summary>{t.outcome_why()}</summary><p>{t.outcome_floor_means(law)}</p></details>
            }
            .into_any()
        }
    }
}

/// Until when, and by which law.
fn floor(t: Text, law: &Words, first: Date, last: Date) -> AnyView {
    let lang = t.lang();
    let until = if first == last {
        t.outcome_until(format::day(lang, last))
    } else {
        t.outcome_until_between(named::OutcomeUntilBetween {
            first: format::day(lang, first),
            last: format::day(lang, last),
        })
    };
    let law = law.in_lang(lang).to_owned();
    view! {
        <p><strong>{until}</strong></p>
        <details><summary>{t.outcome_why()}</summary><p>{t.outcome_floor_means(law)}</p></details>
    }
    .into_any()
}

/// Who still has to confirm, and who has.
pub fn task_list(t: Text, map: &DataMap, tasks: &[Task]) -> Option<AnyView> {
    let lang = t.lang();
    let lines: Vec<_> = tasks
        .iter()
        .map(|task| {
            let source = map.sources.get(&task.source);
            let who = source.and_then(|source| source.owner.as_ref()).map_or("", |owner| owner.name.in_lang(lang));
            let system = map.source_name(&task.source, lang);
            let said = match &task.confirmed {
                Some(confirmed) => t.task_answered(named::TaskAnswered { who, n: format::count(confirmed.rows) }),
                None => t.task_open(named::TaskOpen { who, due: format::day(lang, task.due) }),
            };
            view! { <li><strong>{system}</strong>{t.policy_colon()}{said}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <h2>{t.task_by_hand()}</h2><ul>{lines}</ul> }.into_any())
}

/// What will be done, or was, as a person reads it.
pub fn outcome_list(t: Text, map: &DataMap, tense: Tense, items: &[Item]) -> AnyView {
    let rows = items.iter().map(|item| {
        line(t, map, tense, (&item.table, &item.roles, &item.outcome), t.outcome_rows(format::count(item.rows)))
    });
    view! { <ul class="outcomes">{rows.collect_view()}</ul> }.into_any()
}

/// What is done before what stays, and of what is done the largest effect first.
const fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Deleted | Outcome::Destroyed => 0,
        Outcome::Anonymised => 1,
        Outcome::ByHand { .. } => 2,
        Outcome::Corrected { .. } | Outcome::Restricted { .. } => 3,
        Outcome::LockedAway { .. } => 4,
        Outcome::Kept { .. } => 5,
    }
}

/// In the order in which people read it everywhere: a plan is in the order in which it is carried out.
pub(crate) fn by_effect<T>(items: &[T], outcome: impl Fn(&T) -> &Outcome) -> Vec<&T> {
    let mut items: Vec<&T> = items.iter().collect();
    items.sort_by_key(|item| rank(outcome(item)));
    items
}

/// A whole plan, what goes before what stays.
pub fn outcome_groups(t: Text, map: &DataMap, tense: Tense, items: &[Item]) -> AnyView {
    if items.is_empty() {
        return view! { <p>{t.decide_nothing()}</p> }.into_any();
    }
    let all = by_effect(items, |item| &item.outcome).into_iter().cloned();
    let (going, staying): (Vec<Item>, Vec<Item>) = all.partition(|item| !item.outcome.stays());
    let title = going_title(t, tense, going.iter().map(|item| &item.outcome));
    let list = |items: &[Item]| (!items.is_empty()).then(|| outcome_list(t, map, tense, items));
    groups(t, title, list(&going), list(&staying))
}

/// Whether more is done than taking away.
fn going_title<'a>(t: Text, tense: Tense, going: impl IntoIterator<Item = &'a Outcome>) -> &'static str {
    let acts = |outcome: &Outcome| matches!(outcome, Outcome::Corrected { .. } | Outcome::Restricted { .. });
    if going.into_iter().any(acts) {
        tense.pick(t.outcome_acting(), t.outcome_acted())
    } else {
        tense.pick(t.delete_going(), t.outcome_gone())
    }
}

/// What is done needs a heading only beside what stays.
fn groups(t: Text, title: &'static str, going: Option<AnyView>, staying: Option<AnyView>) -> AnyView {
    let both = going.is_some() && staying.is_some();
    let staying = staying.map(|list| view! { <h3>{t.delete_staying()}</h3> {list} });
    view! { {both.then(|| view! { <h3>{title}</h3> })} {going} {staying} }.into_any()
}

/// What was done, and seen to be done by a second look; where nights have been since, with what of all that had to stay
/// is there now.
pub fn outcome_done(t: Text, map: &DataMap, items: &[ItemReport], left: Option<&LeftBehind>) -> AnyView {
    let all = by_effect(items, |item| &item.outcome).into_iter();
    let (going, staying): (Vec<&ItemReport>, Vec<&ItemReport>) = all.partition(|item| !item.outcome.stays());
    let title = going_title(t, Tense::Done, going.iter().map(|item| &item.outcome));
    let list = |items: &[&ItemReport]| (!items.is_empty()).then(|| done_list(t, map, items));
    let Some(left) = left else { return groups(t, title, list(&going), list(&staying)) };
    let staying = (!left.stays.is_empty()).then(|| outcome_list(t, map, Tense::Done, &left.stays));
    let tonight = (!left.tonight.is_empty()).then(|| {
        let list = outcome_list(t, map, Tense::Planned, &left.tonight);
        view! { <p>{t.mine_left_tonight_what()}</p> {list} }
    });
    let since = Some(left.gone_since).filter(|rows| *rows > 0);
    let since = since.map(|rows| view! { <p>{t.request_gone_since(format::count(rows))}</p> });
    view! { {groups(t, title, list(&going), staying)} {tonight} {since} }.into_any()
}

fn done_list(t: Text, map: &DataMap, items: &[&ItemReport]) -> AnyView {
    let rows = items.iter().map(|item| {
        // Of what stays, and of what people do by hand, nothing is counted afterwards.
        let counted = item.outcome.changes() && item.done != item.planned;
        let rows = if counted {
            t.outcome_rows_of(named::OutcomeRowsOf {
                n: format::count(item.done),
                planned: format::count(item.planned),
            })
        } else {
            t.outcome_rows(format::count(item.planned))
        };
        line(t, map, Tense::Done, (&item.table, &item.roles, &item.outcome), rows)
    });
    view! { <ul class="outcomes">{rows.collect_view()}</ul> }.into_any()
}

fn line(
    t: Text,
    map: &DataMap,
    tense: Tense,
    (table, roles, outcome): (&TableName, &[RoleName], &Outcome),
    rows: String,
) -> AnyView {
    let look = look(t, tense, outcome);
    let shared = map.table(table).is_some_and(domain::map::Table::is_shared);
    view! {
        <li class=format!("outcome {}", look.class)>
            <p class="outcome-head">
                <span class="sign" aria-hidden="true">{look.sign}</span>
                <strong>{word(t, map, tense, outcome)}</strong>
                <span>{table_name(map, table, roles, t)}</span>
                <span class="rows">{rows}</span>
            </p>
            {reason(t, tense, outcome, shared)}
        </li>
    }
    .into_any()
}

/// How many of each kind of record, by what happens to them.
pub fn outcome_sums(t: Text, map: &DataMap, items: &[Item]) -> AnyView {
    let mut sums: Vec<(String, Vec<(String, u64)>)> = Vec::new();
    let counted = |item: &&Item| item.rows > 0 || matches!(item.outcome, Outcome::ByHand { .. });
    for item in by_effect(items, |item| &item.outcome).into_iter().filter(counted) {
        let word = word(t, map, Tense::Planned, &item.outcome);
        let name = table_name(map, &item.table, &item.roles, t);
        let at = sums.iter().position(|(known, _)| *known == word);
        match at.and_then(|at| sums.get_mut(at)) {
            Some((_, names)) => match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, rows)) => *rows += item.rows,
                None => names.push((name, item.rows)),
            },
            None => sums.push((word, vec![(name, item.rows)])),
        }
    }
    if sums.is_empty() {
        return view! { <p>{t.decide_nothing()}</p> }.into_any();
    }
    let sums = sums.into_iter().map(|(word, names)| {
        let lines = names
            .into_iter()
            .map(|(name, rows)| view! { <li>{t.decide_rows(named::DecideRows { name, n: format::count(rows) })}</li> });
        view! { <div><dt>{word}</dt><dd><ul>{lines.collect_view()}</ul></dd></div> }
    });
    view! { <dl class="facts">{sums.collect_view()}</dl> }.into_any()
}

/// What was planned, done and left, number by number, for whoever answers for it.
pub fn outcome_table(t: Text, map: &DataMap, items: &[ItemReport]) -> AnyView {
    let rows: Vec<_> = by_effect(items, |item| &item.outcome)
        .into_iter()
        .map(|item| {
            let look = look(t, Tense::Done, &item.outcome);
            let changes = item.outcome.changes();
            let done = if changes { format::count(item.done) } else { "–".to_owned() };
            let left = if changes { format::count(item.left) } else { "–".to_owned() };
            view! {
                <tr class=look.class>
                    <td data-label=t.outcome_what()>
                        <span class="sign" aria-hidden="true">{look.sign}</span>{word(t, map, Tense::Done, &item.outcome)}
                    </td>
                    <td data-label=t.outcome_where()>{table_name(map, &item.table, &item.roles, t)}</td>
                    <td class="number" data-label=t.outcome_planned()>{format::count(item.planned)}</td>
                    <td class="number" data-label=t.outcome_done()>{done}</td>
                    <td class="number" data-label=t.outcome_left()>{left}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.outcome_table()>
            <table class="outcomes">
                <thead>
                    <tr>
                        <th scope="col">{t.outcome_what()}</th>
                        <th scope="col">{t.outcome_where()}</th>
                        <th scope="col" class="number">{t.outcome_planned()}</th>
                        <th scope="col" class="number">{t.outcome_done()}</th>
                        <th scope="col" class="number">{t.outcome_left()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
