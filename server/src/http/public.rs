use app::{
    pages::public::{self, Closing, Message},
    paths,
};
use axum::{
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::Lang;
use serde::Deserialize;

use super::{AppState, Demo, cx::Cx, failure::Failure, local::LocalPath};

pub(super) async fn home(cx: Cx) -> Response {
    cx.page(|t| public::home(t, &cx.portal().map))
}

/// Every right and the way to it.
pub(super) async fn rights(cx: Cx) -> Result<Response, Failure> {
    let closing = match cx.actor.own() {
        Ok(permit) if !cx.portal().offers_closing(&permit).await? => Closing::NotOffered,
        Ok(_) | Err(_) => Closing::Offered,
    };
    Ok(cx.page(|t| public::rights(t, cx.portal(), closing)))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Preferences {
    lang: String,
    text: String,
    back: String,
}

/// Language and text size, without a script. A link suffices: nothing but a cookie changes.
pub(super) async fn preferences(Query(wanted): Query<Preferences>) -> Response {
    let back = LocalPath::parse_with_query(&wanted.back).map_or_else(|| paths::HOME.to_owned(), LocalPath::into_string);
    let mut response = Redirect::to(&back).into_response();
    let mut set = |name: &str, value: &str| {
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    };
    if let Some(lang) = Lang::from_tag(&wanted.lang) {
        set("lang", lang.tag());
    }
    match wanted.text.as_str() {
        "large" => set("text", "large"),
        "normal" => set("text", "normal"),
        _ => {}
    }
    response
}

/// The demonstration's mailbox. The route exists only where [`Demo::Yes`] does.
pub(super) async fn mailbox(cx: Cx, State(app): AppState) -> Result<Response, Failure> {
    let Demo::Yes(folder) = &app.demo else { return Err(Failure::NotFound) };
    let letters = folder.newest(50).map_err(|_| Failure::PortalDown)?;
    let lang = cx.lang;
    let messages = letters.into_iter().map(|letter| Message {
        at: app::format::moment(lang, letter.at),
        to: letter.to,
        subject: letter.subject,
        body: letter.body,
    });
    Ok(cx.page(|t| public::mailbox(t, messages.collect())))
}
