//! Pieces that pages are made of.

mod bars;
mod before_download;
mod chart;
mod clock;
mod closing;
mod copy_progress;
mod date;
pub mod document;
mod files;
mod form;
mod gone;
mod held_up;
mod left_behind;
mod looks;
mod notified;
mod numbered;
mod outcome;
mod progress;
mod reach;
mod record;
mod reveal;
mod tables;
mod timeline;
mod under_way;
mod unsent;
mod unsettled;

pub use bars::{Bar, Look, bars};
pub use before_download::before_download;
pub use chart::{Words, chart};
pub use clock::{clock, days_left};
pub use closing::{ClosingDays, closing_days, closing_late, closing_title, kept_until};
pub use copy_progress::copy_progress;
pub use date::{DateField, TypedDate, date_input};
pub use files::{attach, file_list, handed_in};
pub use form::{
    Field, FieldError, Typed, button, checkbox_group, code_field, day_field, error_summary, field, file_field,
    radio_group, select, text_area, typed_as,
};
pub use gone::{gone_before, gone_by, gone_list};
pub(crate) use held_up::why_held_up;
pub use left_behind::left_behind;
pub use looks::{look_field, look_line};
pub use notified::notified_list;
pub(crate) use notified::{by_rule, notified_facts, notified_words};
pub use numbered::numbered;
pub(crate) use outcome::by_effect;
pub(crate) use outcome::restriction_name;
pub use outcome::{
    Tense, outcome_done, outcome_groups, outcome_list, outcome_noun, outcome_sums, outcome_table, outcome_word,
    task_list,
};
pub use progress::{progress, progress_word};
pub use reach::reach;
pub use record::{Beside, beside, chosen_record, in_short, record_card, record_copy, shown_value, until};
pub use reveal::{reveal_button, reveal_form};
pub use tables::{TABLE, table_boxes, table_names};
pub use timeline::{timeline, timeline_below};
pub use under_way::{closes_soon, under_way};
pub use unsent::{GivenBackOn, PROSE, Unsent, is_given_back};
pub use unsettled::{Told, against_closing, beside_deletion, nothing_to_close, unsettled_line, unsettled_list};

use domain::map::{DataMap, Engine, SourceName};
use leptos::prelude::*;
use service::mine::Held;

use crate::text::Text;

/// The tables of the map, to choose from.
pub fn table_options(t: Text, map: &DataMap) -> Vec<(String, String)> {
    map.tables.iter().map(|table| (table.name.to_string(), table.words.in_lang(t.lang()).to_owned())).collect()
}

/// Something worth knowing before reading on.
pub fn notice(title: impl Into<String>, body: impl IntoView + 'static) -> AnyView {
    view! {
        <section class="notice">
            <h2>{title.into()}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// What could not be shown, because a database did not answer.
pub fn missing_sources(t: Text, map: &DataMap, missing: &[SourceName]) -> Vec<AnyView> {
    missing
        .iter()
        .map(|name| notice(t.mine_missing(map.source_name(name, t.lang())), view! { <p>{t.mine_missing_what()}</p> }))
        .collect()
}

/// Records nobody can show on a page are said to be there.
pub fn by_hand(t: Text, map: &DataMap) -> Vec<AnyView> {
    let by_hand = map.sources.values().filter(|source| source.engine == Engine::Manual);
    by_hand.map(|source| view! { <p>{t.task_also_held(source.name.in_lang(t.lang()))}</p> }.into_any()).collect()
}

/// Half-erased must never read as "nothing held".
pub fn being_erased(t: Text, held: &Held) -> Option<AnyView> {
    held.erasing.then(|| notice(t.mine_erasing(), view! { <p>{t.mine_erasing_what()}</p> }))
}

/// A page that says there is nothing, why, and what to do.
pub fn empty(title: impl Into<String>, what_to_do: impl Into<String>) -> AnyView {
    view! {
        <section class="empty">
            <h2>{title.into()}</h2>
            <p>{what_to_do.into()}</p>
        </section>
    }
    .into_any()
}
