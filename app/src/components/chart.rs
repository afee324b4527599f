//! A drawing of a year with its axes: what it shows above it, what it says below it, and a legend beside.

use leptos::prelude::*;

use super::bars::{Bar, Look, upright};
use crate::format;

/// Wide enough for the figures, and not wider than the narrowest telephone: letters are not made smaller there.
const WIDTH: usize = 324;
const LEFT: usize = 34;
const TOP: u64 = 20;
const HEIGHT: u64 = 120;
const BAR: usize = 9;
const GAP: usize = 5;
/// Lines across at most.
const LINES: u64 = 4;

/// What stands around the bars.
pub struct Words {
    pub title: String,
    /// The same in a sentence, for whoever cannot see it.
    pub summary: String,
    pub across: &'static str,
    pub upward: &'static str,
    pub legend: Vec<(Look, &'static str)>,
}

/// One group of bars for each name.
pub fn chart(words: &Words, groups: Vec<(String, Vec<Bar>)>) -> AnyView {
    let most = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.value).max().unwrap_or(0);
    let step = step(most);
    let top = most.div_ceil(step).max(1) * step;
    let ground = TOP + HEIGHT;
    let lines: Vec<_> = (0..=top / step).map(|nth| line(ground - nth * step * HEIGHT / top, nth * step)).collect();
    let mut x = LEFT + GAP;
    let mut drawn = Vec::new();
    for (name, bars) in groups {
        let middle = x + BAR * bars.len() / 2;
        drawn.push(label(middle, ground + 13, "middle", name));
        for bar in bars {
            // One of many is not none.
            let height = (bar.value * HEIGHT / top).max(u64::from(bar.value > 0));
            drawn.push(upright(bar.look, (x, BAR), (ground - height, height), bar.name));
            x += BAR;
        }
        x += GAP;
    }
    let legend: Vec<_> = words.legend.iter().map(|(look, what)| entry(*look, what)).collect();
    let (title, summary) = (words.title.clone(), words.summary.clone());
    view! {
        <figure class="bars chart">
            <figcaption>{title.clone()}</figcaption>
            <ul class="legend">{legend}</ul>
            <svg viewBox=format!("0 0 {WIDTH} {}", ground + 30) role="img" aria-label=format!("{title} – {summary}")>
                {lines}
                {drawn}
                {label(0, 9, "start", words.upward.to_owned())}
                {label(LEFT + (WIDTH - LEFT) / 2, ground + 27, "middle", words.across.to_owned())}
            </svg>
            <p>{summary}</p>
        </figure>
    }
    .into_any()
}

/// 1, 2, 5, 10, 20, 50 …, so that few lines reach the highest bar.
fn step(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        let found =
            [1, 2, 5].map(|of| power.saturating_mul(of)).into_iter().find(|step| step.saturating_mul(LINES) >= most);
        if let Some(step) = found {
            return step;
        }
        power = power.saturating_mul(10);
    }
}

fn line(y: u64, value: u64) -> AnyView {
    view! {
        <path class="axis" d=format!("M{LEFT} {y}H{WIDTH}")></path>
        {label(LEFT - 4, y + 4, "end", format::count(value))}
    }
    .into_any()
}

fn label(x: usize, y: u64, anchor: &'static str, words: String) -> AnyView {
    view! { <text x=x.to_string() y=y.to_string() text-anchor=anchor inner_html=words></text> }.into_any()
}

fn entry(look: Look, what: &'static str) -> AnyView {
    view! {
        <li>
            <svg viewBox="0 0 12 12" aria-hidden="true"><rect class=look.class() x="1" y="1" width="10" height="10"></rect></svg>
            {what}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_even_lines_reach_the_highest_bar() {
        for (most, expected) in [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (33, 10), (1_000, 500), (1_001, 500)] {
            assert_eq!(step(most), expected, "{most}");
            assert!(most.div_ceil(step(most)) <= LINES);
        }
    }
}
