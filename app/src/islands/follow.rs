use leptos::prelude::*;

/// Looks every few seconds whether a request has moved on, and shows the page anew when it has.
/// Gives up after ten minutes: a page left open overnight should not ask for ever.
#[island]
pub fn Follow(
    /// Where the stage can be read, as one word.
    url: String,
    /// The stage this page shows.
    stage: String,
) -> impl IntoView {
    Effect::new(move || {
        #[cfg(feature = "hydrate")]
        browser::watch(url.clone(), stage.clone());
        #[cfg(not(feature = "hydrate"))]
        let _ = (&url, &stage);
    });
    view! { <span hidden=true></span> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, prelude::*};

    const EVERY: Duration = Duration::from_secs(2);
    const TIMES: u32 = 300;

    pub(super) fn watch(url: String, stage: String) {
        let asked = Rc::new(Cell::new(0));
        let stop: Rc<Cell<Option<IntervalHandle>>> = Rc::default();
        let handle = stop.clone();
        let started = set_interval_with_handle(
            move || {
                asked.set(asked.get() + 1);
                if asked.get() > TIMES {
                    if let Some(handle) = handle.take() {
                        handle.clear();
                    }
                    return;
                }
                ask(&url, &stage);
            },
            EVERY,
        );
        if let Ok(started) = started {
            stop.set(Some(started));
        }
    }

    fn ask(url: &str, shown: &str) {
        let shown = shown.to_owned();
        let compare = Closure::once_into_js(move |text: JsValue| {
            if text.as_string().is_some_and(|now| now != shown) {
                let _ = window().location().reload();
            }
        });
        let read = Closure::once_into_js(move |response: JsValue| {
            let response = response.unchecked_into::<web_sys::Response>();
            if let (true, Ok(text)) = (response.ok(), response.text()) {
                let then = js_sys::Reflect::get(&text, &"then".into()).map(JsCast::unchecked_into::<js_sys::Function>);
                if let Ok(then) = then {
                    let _ = then.call1(&text, &compare);
                }
            }
        });
        let promise = window().fetch_with_str(url);
        let then = js_sys::Reflect::get(&promise, &"then".into()).map(JsCast::unchecked_into::<js_sys::Function>);
        if let Ok(then) = then {
            let _ = then.call1(&promise, &read);
        }
    }
}
