//! The context of a request: made once at the border, handed to the handler, and used again to
//! dress whatever went wrong.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::{
    components::Unsent,
    page::{Page, Shell, TextSize, Who, render},
    paths,
    text::Text,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    Identifier, IdentifierKind, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::{ChallengeId, StaffId},
    permit::Denied,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use service::Portal;
use tower_sessions::Session;

use super::{
    App, Demo,
    failure::{Failed, Failure},
    unsent::{Said, go_on_at, signed_out_meanwhile, trouble},
};
use crate::oidc::Underway;

/// Staff are signed out after 15 idle minutes, and after eight hours in any case.
const STAFF_IDLE: SignedDuration = SignedDuration::from_mins(15);
const STAFF_LONGEST: SignedDuration = SignedDuration::from_hours(8);

/// What a session holds. Sealed in the database; the cookie is a random number.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Held {
    /// With the moment each was last proven.
    pub(super) proven: Vec<(IdentifierKind, String, Timestamp)>,
    pub(super) challenge: Option<ChallengeId>,
    /// Sent to a number or an address that is to be theirs; it signs nobody in.
    #[serde(default)]
    pub(super) new_contact: Option<ChallengeId>,
    /// Where to go once signed in.
    pub(super) next: Option<String>,
    pub(super) staff: Option<StaffHeld>,
    pub(super) pending: Option<Pending>,
    /// Sent to an identity provider and not back yet.
    #[serde(default)]
    pub(super) underway: Option<Underway>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StaffHeld {
    pub(super) id: StaffId,
    pub(super) role: StaffRole,
    pub(super) since: Timestamp,
    pub(super) seen: Timestamp,
}

/// Staff between the two factors.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) id: StaffId,
    /// The secret of an enrolment under way.
    pub(super) secret: Option<String>,
    /// When they gave their password.
    #[serde(default)]
    pub(super) since: Timestamp,
}

const KEY: &str = "held";

#[derive(Clone)]
pub(crate) struct Cx {
    pub(super) app: Arc<App>,
    /// The one this request began with, whatever comes into force meanwhile.
    lasting: Arc<Portal>,
    /// The same, as far as a page waits.
    portal: Arc<Portal>,
    pub(super) session: Session,
    pub(super) held: Held,
    pub(super) actor: Actor,
    pub(super) lang: Lang,
    pub(super) network: String,
    /// What the form of this request holds.
    pub(super) said: Said,
    shell: Shell,
    nonce: String,
}

impl Cx {
    pub(super) fn portal(&self) -> &Portal {
        &self.portal
    }

    /// For work that goes on while the answer is read.
    pub(super) fn shared_portal(&self) -> Arc<Portal> {
        self.lasting.clone()
    }

    pub(super) fn text(&self) -> Text {
        Text::of(self.lang)
    }

    pub(super) fn page(&self, make: impl FnOnce(Text) -> Page) -> Response {
        self.page_with(StatusCode::OK, make)
    }

    pub(super) fn page_with(&self, status: StatusCode, make: impl FnOnce(Text) -> Page) -> Response {
        let html = render(&self.shell, &self.nonce, make);
        (status, Html(html)).into_response()
    }

    /// The same, with what had been typed.
    pub(super) fn giving_back(&self, unsent: Option<Unsent>) -> Self {
        let mut cx = self.clone();
        cx.shell.unsent = unsent;
        cx
    }

    /// Writes the session. Called where something in it changed.
    pub(super) async fn keep(&self, held: &Held) -> Result<(), Failure> {
        self.session.insert(KEY, held).await.map_err(|_| Failure::PortalDown)
    }

    /// A new session id: whoever knew the old one knows nothing (session fixation).
    pub(super) async fn rotate(&self) -> Result<(), Failure> {
        self.session.cycle_id().await.map_err(|_| Failure::PortalDown)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

pub(super) async fn with_cx(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let portal = app.live.current();
    let now = portal.clock.now();
    let mut held: Held = session.get(KEY).await.ok().flatten().unwrap_or_default();
    let seen = forget_idle_staff(&mut held, now);
    forget_older_passwords(&portal, &mut held).await;
    let actor = actor(&held, now);
    let lang = language(request.headers());
    let shell = Shell {
        lang,
        size: text_size(request.headers()),
        who: who(&actor),
        handler: portal.map.handler.known_as().clone(),
        path: request.uri().path().to_owned(),
        demo: matches!(app.demo, Demo::Yes(_)),
        version: app.version.clone(),
        unsent: None,
    };
    let network = network(request.headers(), peer.ip(), &app.trusted_proxies);
    let nonce = portal.chance.bytes::<16>().map(hex::encode).unwrap_or_default();
    let (lasting, portal) = (portal.clone(), Arc::new(portal.waited_for()));
    let cx = Cx { app, lasting, portal, session, held, actor, lang, network, said: Said::default(), shell, nonce };
    let reading = request.method() == Method::GET;
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(cx.clone());
    let response = next.run(request).await;
    if seen == Seen::Again && cx.renew_staff(now).await.is_err() {
        tracing::warn!("a staff session could not be renewed");
    }
    let sent = if reading { Sent::Nothing } else { Sent::AForm };
    let response = dress(&cx, response, sent, path).await;
    with_headers(&cx, response)
}

impl Cx {
    /// Renews the idle time of the one who was signed in when the request came, and of nobody else:
    /// the handler may have signed somebody else in.
    async fn renew_staff(&self, now: Timestamp) -> Result<(), Failure> {
        let stored: Option<Held> = self.session.get(KEY).await.ok().flatten();
        let (Some(mut stored), Some(own)) = (stored, &self.held.staff) else { return Ok(()) };
        match &mut stored.staff {
            Some(staff) if staff.id == own.id && staff.since == own.since => staff.seen = now,
            Some(_) | None => return Ok(()),
        }
        self.keep(&stored).await
    }
}

#[derive(PartialEq, Eq)]
enum Seen {
    /// A minute has passed since the session was last written.
    Again,
    JustNow,
}

fn forget_idle_staff(held: &mut Held, now: Timestamp) -> Seen {
    let Some(staff) = &mut held.staff else { return Seen::JustNow };
    if now > staff.seen + STAFF_IDLE || now > staff.since + STAFF_LONGEST {
        held.staff = None;
        return Seen::JustNow;
    }
    if now > staff.seen + SignedDuration::from_mins(1) {
        staff.seen = now;
        return Seen::Again;
    }
    Seen::JustNow
}

/// Whoever gave a password that has been changed since is signed out, wherever they are.
async fn forget_older_passwords(portal: &Portal, held: &mut Held) {
    if let Some(staff) = &held.staff
        && !is_password_of(portal, staff.id, staff.since).await
    {
        held.staff = None;
    }
    if let Some(pending) = &held.pending
        && !is_password_of(portal, pending.id, pending.since).await
    {
        held.pending = None;
    }
}

/// Where it cannot be read, nobody is let in.
async fn is_password_of(portal: &Portal, id: StaffId, since: Timestamp) -> bool {
    portal.store.is_password_of(id, since).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "whether a password was changed could not be read");
        false
    })
}

fn actor(held: &Held, now: Timestamp) -> Actor {
    if let Some(staff) = &held.staff {
        return Actor::Staff(Staff { id: staff.id, role: staff.role });
    }
    let proven = held
        .proven
        .iter()
        .filter_map(|(kind, value, at)| Some((Identifier::parse(*kind, value)?, Freshness::of(*at, now))));
    Customer::new(proven.collect()).map_or(Actor::Visitor, Actor::Customer)
}

const fn who(actor: &Actor) -> Who {
    match actor {
        // Programs come by another door.
        Actor::Visitor | Actor::System | Actor::Program(_) => Who::Visitor,
        Actor::Customer(_) => Who::Customer,
        Actor::Staff(staff) => Who::Staff(staff.role),
    }
}

/// Cookie, then what the browser prefers, then Chinese.
fn language(headers: &HeaderMap) -> Lang {
    let accepted = || {
        let accept = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        accept.split(',').find_map(|tag| Lang::from_tag(tag.split(';').next()?))
    };
    cookie(headers, "lang").and_then(Lang::from_tag).or_else(accepted).unwrap_or_default()
}

fn text_size(headers: &HeaderMap) -> TextSize {
    if cookie(headers, "text") == Some("large") { TextSize::Large } else { TextSize::Normal }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Where a request comes from: the peer, or what a trusted proxy says. The last entry is the one
/// the proxy itself wrote; earlier ones anybody can write. IPv6 counts by its /64.
fn network(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> String {
    let forwarded = || {
        let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        value.split(',').next_back()?.trim().parse::<IpAddr>().ok()
    };
    // On a listener for both, an IPv4 peer comes as `::ffff:a.b.c.d`: all of them would be one network.
    let peer = peer.to_canonical();
    let ip = if trusted.contains(&peer) { forwarded().unwrap_or(peer).to_canonical() } else { peer };
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

/// With what somebody came.
enum Sent {
    Nothing,
    AForm,
}

/// What went wrong becomes a page in the person's language, or the way to a sign-in.
async fn dress(cx: &Cx, response: Response, sent: Sent, path: String) -> Response {
    let failed = response.extensions().get::<Failed>().cloned();
    let failed = failed.or_else(|| failed_by_status(&response));
    match failed {
        None => response,
        Some(Failed::Problem(kind)) => trouble(cx, kind, None, &path).await,
        Some(Failed::SourceDown(source)) => {
            trouble(cx, app::pages::public::Problem::SourceDown, Some(&source), &path).await
        }
        Some(Failed::Denied(denied)) => {
            let to = match denied {
                Denied::SignIn => paths::SIGN_IN,
                Denied::FreshCode => paths::CONFIRM,
                Denied::StaffSignIn => paths::OFFICER_SIGN_IN,
                Denied::NotYours => return trouble(cx, app::pages::public::Problem::NotFound, None, &path).await,
            };
            let next = match sent {
                Sent::Nothing => Some(path),
                Sent::AForm => go_on_at(&path),
            };
            if let Some(path) = next {
                let held = Held { next: Some(path), ..cx.held.clone() };
                if cx.keep(&held).await.is_err() {
                    tracing::warn!("a session could not be written");
                }
            }
            signed_out_meanwhile(cx, to).unwrap_or_else(|| Redirect::to(to).into_response())
        }
    }
}

/// Refusals of the layers and extractors below, which know nothing of pages.
fn failed_by_status(response: &Response) -> Option<Failed> {
    use app::pages::public::Problem;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"));
    if html {
        return None;
    }
    let problem = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::Garbled
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => Problem::PortalDown,
        _ => return None,
    };
    Some(Failed::Problem(problem))
}

fn with_headers(cx: &Cx, mut response: Response) -> Response {
    let nonce = &cx.nonce;
    let csp = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'; \
         img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(csp) = HeaderValue::from_str(&csp) {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // "no-referrer" would make browsers send `Origin: null` with our own forms
        (header::REFERRER_POLICY, "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (header::VARY, "Cookie, Accept-Language"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_entry() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.1.1.1, 2.2.2.2"));
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(network(&headers, proxy, &[proxy]), "2.2.2.2");
        assert_eq!(network(&headers, proxy, &[]), "10.0.0.1");
        let v6: IpAddr = "2001:db8:1:2:3:4:5:6".parse().unwrap();
        assert_eq!(network(&HeaderMap::new(), v6, &[]), "2001:db8:1:2");
        // As a listener for both addresses says it.
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(network(&HeaderMap::new(), mapped, &[]), "10.0.0.1");
        assert_eq!(network(&headers, mapped, &[proxy]), "2.2.2.2");
    }
}
