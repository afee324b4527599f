use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is said, in the page's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdicts {
    pub good: String,
    pub wrong: String,
    pub not_a_document: String,
    pub other_key: String,
    pub changed: String,
    pub other_entry: String,
    pub not_in_log: String,
}

/// Checks a certificate's file in the browser: nothing leaves the device. Without a script the form beside it
/// does the same on the server.
#[island]
pub fn CheckFile(label: String, hint: String, key_hex: String, verdicts: Verdicts) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let (ready, set_ready) = signal(false);
    Effect::new(move || set_ready.set(true));
    let chosen = move |event: leptos::ev::Event| {
        #[cfg(feature = "hydrate")]
        browser::read(&event, key_hex.clone(), verdicts.clone(), said);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&event, &key_hex, &verdicts);
    };
    view! {
        <div class="field" hidden=move || !ready.get()>
            <label for="file">{label}</label>
            <p class="hint" id="file-hint">{hint}</p>
            <input id="file" type="file" accept="application/json,.json" aria-describedby="file-hint" on:change=chosen/>
            <p id="file-said" role="status" aria-live="polite"><strong>{move || said.get()}</strong></p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use domain::proof::{Document, Wrong};
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, prelude::*};
    use web_sys::HtmlInputElement;

    use super::Verdicts;

    pub(super) fn read(event: &leptos::ev::Event, key: String, verdicts: Verdicts, said: RwSignal<String>) {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        let then = Closure::once_into_js(move |text: JsValue| {
            let text = text.as_string().unwrap_or_default();
            said.set(verdict(&text, &key, &verdicts));
        });
        let promise = file.text();
        if let Ok(method) = js_sys::Reflect::get(&promise, &"then".into()) {
            let _ = method.unchecked_into::<js_sys::Function>().call1(&promise, &then);
        }
    }

    fn verdict(text: &str, key: &str, verdicts: &Verdicts) -> String {
        let wrong = match Document::parse(text).and_then(|document| document.check(key)) {
            Ok(certificate) => return format!("{} · {}", certificate.number, verdicts.good),
            Err(Wrong::NotADocument) => &verdicts.not_a_document,
            Err(Wrong::OtherKey) => &verdicts.other_key,
            Err(Wrong::Changed) => &verdicts.changed,
            Err(Wrong::OtherEntry) => &verdicts.other_entry,
            Err(Wrong::NotInLog) => &verdicts.not_in_log,
        };
        format!("{} · {wrong}", verdicts.wrong)
    }
}
