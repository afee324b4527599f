use leptos::prelude::*;

use crate::{components::empty, page::Page, text::Text};

/// A message of the demonstration, as its reader would see it.
#[derive(Clone, Debug)]
pub struct Message {
    pub to: String,
    pub subject: String,
    pub body: String,
    pub at: String,
}

pub fn mailbox(t: Text, messages: Vec<Message>) -> Page {
    let none = messages.is_empty();
    let list = messages.into_iter().map(|message| {
        view! {
            <article class="card message">
                <h2>{message.subject}</h2>
                <p class="why"><span>{t.mailbox_to(message.to)}</span><span>{message.at}</span></p>
                <pre>{message.body}</pre>
            </article>
        }
    });
    let body = view! {
        <h1>{t.mailbox_title()}</h1>
        <p class="lead">{t.mailbox_lead()}</p>
        {none.then(|| empty(t.mailbox_empty(), t.mailbox_empty_what()))}
        {list.collect_view()}
    };
    Page::new(t.mailbox_title(), body)
}
