//! Upright bars side by side; the table beside them says the same in numbers.

use leptos::prelude::*;

use crate::format;

const BAR: usize = 16;
const GAP: usize = 8;
const HEIGHT: u64 = 80;

/// One bar.
pub struct Bar {
    pub name: String,
    pub value: u64,
    pub look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Full,
    /// What is compared with.
    Faint,
}

/// One bar, from left to right and from its top down.
pub(super) fn upright(look: Look, (x, width): (usize, usize), (y, height): (u64, u64), title: String) -> AnyView {
    view! {
        <rect class=look.class() x=x.to_string() y=y.to_string() width=width.to_string() height=height.to_string()>
            <title inner_html=title></title>
        </rect>
    }
    .into_any()
}

impl Look {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Full => "bar",
            Self::Faint => "bar faint",
        }
    }
}

/// Groups of bars, as wide as at least ten bars would be.
pub fn bars(label: &str, groups: Vec<Vec<Bar>>) -> AnyView {
    let most = groups.iter().flatten().map(|bar| bar.value).max().unwrap_or(0).max(1);
    // One alone has nothing to be compared with: it is said in words.
    let label = match groups.as_slice() {
        [group] if let [bar] = group.as_slice() => format!("{label} – {}: {}", bar.name, format::count(bar.value)),
        [] | [_, ..] => label.to_owned(),
    };
    let mut x = 0;
    let mut drawn = Vec::new();
    for group in groups {
        x += GAP;
        for bar in group {
            let height = (bar.value.saturating_mul(HEIGHT) / most).max(1);
            let title = format!("{}: {}", bar.name, format::count(bar.value));
            drawn.push(upright(bar.look, (x, BAR), (HEIGHT + 4 - height, height), title));
            x += BAR;
        }
    }
    let width = x.max(10 * (BAR + GAP)) + GAP;
    view! {
        <figure class="bars">
            <svg viewBox=format!("0 0 {width} {}", HEIGHT + 8) preserveAspectRatio="xMinYMax" role="img" aria-label=label.clone()>{drawn}</svg>
            <figcaption>{label}</figcaption>
        </figure>
    }
    .into_any()
}
