use leptos::prelude::*;

/// `j` and `k` move through the rows of the queue, `Enter` opens one as for any link.
#[island]
pub fn QueueKeys() -> impl IntoView {
    Effect::new(|| {
        #[cfg(feature = "hydrate")]
        {
            let handle = window_event_listener(leptos::ev::keydown, |event| browser::pressed(&event));
            on_cleanup(move || handle.remove());
        }
    });
    view! { <span hidden=true></span> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlElement, KeyboardEvent};

    pub(super) fn pressed(event: &KeyboardEvent) {
        let step: i32 = match event.key().as_str() {
            "j" => 1,
            "k" => -1,
            _ => return,
        };
        let active = document().active_element();
        let typing =
            active.as_ref().is_some_and(|at| matches!(at.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Ok(rows) = document().query_selector_all("[data-queue-row]") else { return };
        let count = i32::try_from(rows.length()).unwrap_or(0);
        let rows: Vec<HtmlElement> = (0..rows.length()).filter_map(|n| rows.get(n)?.dyn_into().ok()).collect();
        let at = rows.iter().position(|row| active.as_ref().is_some_and(|active| row.is_same_node(Some(active))));
        let next = match at.and_then(|at| i32::try_from(at).ok()) {
            Some(at) => (at + step).clamp(0, (count - 1).max(0)),
            None => 0,
        };
        if let Some(row) = usize::try_from(next).ok().and_then(|next| rows.get(next)) {
            let _ = row.focus();
        }
    }
}
