//! What somebody should know before they download everything about themselves.

use leptos::prelude::*;

use super::notice;
use crate::text::Text;

pub fn before_download(t: Text) -> AnyView {
    notice(t.copy_careful(), view! { <p>{t.copy_careful_what()}</p> <p>{t.copy_in_app()}</p> })
}
