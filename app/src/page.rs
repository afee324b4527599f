//! The frame around every page.

use std::sync::Arc;

use domain::{Lang, Words, actor::StaffRole};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;

use crate::{
    components::{GivenBackOn, Unsent},
    paths,
    text::Text,
};

/// Who is looking, for the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Visitor,
    Customer,
    Staff(StaffRole),
}

/// 长辈模式: larger text, simpler pages. Needs no script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    #[default]
    Normal,
    Large,
}

/// Which script a page loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    None,
    Islands,
    /// Checks a certificate's file on the reader's own device.
    CheckFile,
}

#[derive(Clone, Debug)]
pub struct Shell {
    pub lang: Lang,
    pub size: TextSize,
    pub who: Who,
    /// Whose portal it is, as people know them.
    pub handler: Words,
    /// Where this page is, to come back to after a change of language.
    pub path: String,
    pub demo: bool,
    /// Changes with every build, so that assets can be kept for ever.
    pub version: String,
    /// What was sent to this page and could not be taken.
    pub unsent: Option<Unsent>,
}

impl Shell {
    /// Whose page it is: people come to a company, and its staff to the product they work with.
    fn whose(&self, t: Text) -> &str {
        match self.who {
            Who::Staff(_) => t.page_product(),
            Who::Visitor | Who::Customer => self.handler.in_lang(self.lang),
        }
    }

    /// What place this is, for whoever arrives from elsewhere.
    fn place(&self, t: Text) -> Option<&'static str> {
        match self.who {
            Who::Staff(_) => None,
            Who::Visitor | Who::Customer => Some(t.page_place()),
        }
    }
}

/// A page: its title, what it shows, whether it needs the script.
pub struct Page {
    pub title: String,
    pub script: Script,
    pub body: AnyView,
    /// A form was refused: the title says so too.
    pub failed: bool,
    /// Its whole address, where the path alone shows something else: to come back to after a change of language.
    pub address: Option<String>,
}

impl Page {
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), script: Script::None, body: body.into_any(), failed: false, address: None }
    }

    #[must_use]
    pub fn with(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    #[must_use]
    pub fn at(mut self, address: Option<String>) -> Self {
        self.address = address;
        self
    }

    #[must_use]
    pub fn failed_if(mut self, failed: bool) -> Self {
        self.failed = failed;
        self
    }
}

/// The whole document.
pub fn render(shell: &Shell, nonce: &str, page: impl FnOnce(Text) -> Page) -> String {
    let context: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(context));
    let html = owner.with(|| {
        let text = Text::of(shell.lang);
        if let Some(unsent) = &shell.unsent {
            provide_context(unsent.clone());
        }
        let page = page(text);
        frame(shell, text, page, nonce).to_html()
    });
    owner.unset_with_forced_cleanup();
    format!("<!DOCTYPE html>{html}")
}

/// `<title>` holds text, not elements: what a view would write between two texts would be shown.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn frame(shell: &Shell, t: Text, page: Page, nonce: &str) -> impl IntoView {
    // The page is made by now: its forms have shown what they could.
    let (above, below) = match shell.unsent.as_ref().map(|unsent| (unsent.on(), unsent.notice(t))) {
        Some((GivenBackOn::ItsPage(_), notice)) => (Some(notice), None),
        Some((GivenBackOn::ProblemPage, notice)) => (None, Some(notice)),
        None => (None, None),
    };
    let prefix = if page.failed || above.is_some() { t.page_error_prefix() } else { "" };
    let title = escaped(&format!("{prefix}{} – {}", page.title, shell.whose(t)));
    let size = match shell.size {
        TextSize::Normal => "normal",
        TextSize::Large => "large",
    };
    let nonce = nonce.to_owned();
    let css = format!("/assets/main.css?v={}", shell.version);
    let script = match page.script {
        Script::None => None,
        Script::Islands => Some("start"),
        Script::CheckFile => Some("check-file"),
    };
    let script = script.map(|name| format!("/assets/{name}.js?v={}", shell.version));
    let back = urlencode(page.address.as_ref().unwrap_or(&shell.path));
    view! {
        <html lang=shell.lang.tag() data-size=size>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=title></title>
                <link rel="stylesheet" href=css nonce=nonce.clone()/>
                <link rel="icon" href="/assets/seal.svg" type="image/svg+xml"/>
                {script.map(|src| view! { <script type="module" src=src nonce=nonce></script> })}
            </head>
            <body>
                <a class="skip" href="#main">{t.page_skip()}</a>
                {header(shell, t)}
                <main id="main" tabindex="-1">{above}{page.body}{below}</main>
                {footer(shell, t, &back)}
            </body>
        </html>
    }
}

fn header(shell: &Shell, t: Text) -> impl IntoView {
    let home = match shell.who {
        Who::Staff(role) => paths::staff_home(role),
        Who::Visitor | Who::Customer => paths::HOME,
    };
    let links = links(shell, t);
    let sign_out = match shell.who {
        Who::Visitor => None,
        Who::Customer => Some(paths::SIGN_OUT),
        Who::Staff(_) => Some(paths::OFFICER_SIGN_OUT),
    };
    view! {
        <header class="top">
            <div class="wide">
                <a class="brand" href=home>
                    <span class="brand-mark" aria-hidden="true">"清"</span>
                    <span>
                        {shell.whose(t).to_owned()} {shell.place(t).map(|place| view! { " " <span class="brand-place">{place}</span> })}
                    </span>
                </a>
                <nav aria-label=t.page_navigation()>
                    <ul>
                        {links
                            .into_iter()
                            .map(|(href, name)| {
                                let current = (shell.path == href).then_some("page");
                                view! { <li><a href=href aria-current=current>{name}</a></li> }
                            })
                            .collect_view()}
                        {sign_out
                            .map(|action| {
                                view! {
                                    <li>
                                        <form method="post" action=action>
                                            <button class="link" type="submit">{t.page_sign_out()}</button>
                                        </form>
                                    </li>
                                }
                            })}
                    </ul>
                </nav>
            </div>
        </header>
    }
}

fn links(shell: &Shell, t: Text) -> Vec<(&'static str, &'static str)> {
    match shell.who {
        Who::Visitor => {
            vec![
                (paths::RIGHTS, t.rights_title()),
                (paths::POLICY, t.page_policy()),
                (paths::SIGN_IN, t.page_sign_in()),
            ]
        }
        Who::Customer => {
            vec![
                (paths::MINE, t.page_mine()),
                (paths::RIGHTS, t.rights_title()),
                (paths::REQUESTS, t.page_requests()),
                (paths::POLICY, t.page_policy()),
            ]
        }
        Who::Staff(role) => staff_links(role, t),
    }
}

fn staff_links(role: StaffRole, t: Text) -> Vec<(&'static str, &'static str)> {
    let mut links = match role {
        StaffRole::Officer => vec![
            (paths::OFFICER, t.page_queue()),
            (paths::VERSIONS, t.page_versions()),
            (paths::NIGHTS, t.page_nights()),
            (paths::HOLDS, t.holds_title()),
            (paths::DRIFT, t.page_drift()),
        ],
        StaffRole::Auditor => {
            vec![(paths::OFFICER, t.page_queue()), (paths::NIGHTS, t.page_nights()), (paths::AUDIT, t.page_audit())]
        }
        StaffRole::SystemAdmin => {
            vec![(paths::NIGHTS, t.page_nights()), (paths::DRIFT, t.page_drift()), (paths::DOORS, t.doors_title())]
        }
        StaffRole::SecurityAdmin => vec![(paths::ACCOUNTS, t.accounts_link()), (paths::PROGRAMS, t.programs_link())],
    };
    links.push((paths::OWN_PASSWORD, t.page_password()));
    links
}

fn footer(shell: &Shell, t: Text, back: &str) -> impl IntoView + use<> {
    let other = shell.lang.other();
    let language = format!("{}?lang={}&back={back}", paths::PREFERENCES, other.tag());
    let (size, size_name) = match shell.size {
        TextSize::Normal => ("large", t.page_large_text()),
        TextSize::Large => ("normal", t.page_normal_text()),
    };
    let size = format!("{}?text={size}&back={back}", paths::PREFERENCES);
    view! {
        <footer class="bottom">
            <div class="wide">
                <ul>
                    <li><a href=paths::POLICY>{t.page_policy()}</a></li>
                    <li><a href=paths::VERIFY>{t.page_verify()}</a></li>
                    <li><a href=language lang=other.tag() hreflang=other.tag()>{t.page_other_language()}</a></li>
                    <li><a href=size>{size_name}</a></li>
                    {(!matches!(shell.who, Who::Staff(_)))
                        .then(|| view! { <li><a href=paths::OFFICER_SIGN_IN>{t.page_staff()}</a></li> })}
                    {shell.demo.then(|| view! { <li><a href=paths::DEMO_MAILBOX>{t.page_mailbox()}</a></li> })}
                </ul>
                {shell.place(t).map(|_| view! { <p>{t.page_made_with()}</p> })}
                {shell.demo.then(|| view! { <p>{t.page_demo_note()}</p> })}
            </div>
        </footer>
    }
}

/// As part of a query.
pub(crate) fn urlencode(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
