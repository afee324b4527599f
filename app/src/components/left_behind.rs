//! What erasures had to leave: what it is, by which law, and until when.

use domain::{china, map::DataMap, plan::Item};
use leptos::prelude::*;
use service::mine::{Held, LeftBehind};

use super::{Tense, notice, numbered, outcome_groups};
use crate::{format, paths, text::Text};

pub fn left_behind(t: Text, map: &DataMap, held: &Held) -> Vec<AnyView> {
    held.left_behind.iter().map(|left| one(t, map, left)).collect()
}

fn one(t: Text, map: &DataMap, left: &LeftBehind) -> AnyView {
    let day = format::day(t.lang(), china::day(left.at));
    let stays = (!left.stays.is_empty()).then(|| {
        view! {
            <p>{t.mine_left_behind_what(day)}</p>
            {outcome_groups(t, map, Tense::Done, &left.stays)}
        }
    });
    let tonight = (!left.tonight.is_empty()).then(|| {
        view! {
            <p>{t.mine_left_tonight_what()}</p>
            {outcome_groups(t, map, Tense::Planned, &left.tonight)}
        }
    });
    let title = match rows(&left.stays) {
        0 => t.mine_left_tonight(format::count(rows(&left.tonight))),
        stays => t.mine_left_behind(format::count(stays)),
    };
    let body = view! {
        {stays}
        {tonight}
        <p><a href=paths::request(&left.number)>{numbered(t.uses_by(&left.number))}</a></p>
    };
    notice(title, body)
}

fn rows(items: &[Item]) -> u64 {
    items.iter().map(|item| item.rows).sum()
}
