//! `qingdan.toml`: one struct a concern, checked as a whole before anything starts.

mod provider;

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Deserialize;

pub(crate) use provider::{Claim, IdentityProvider, Proves, encrypted_or_here};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where people reach the portal from outside, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) listen: SocketAddr,
    /// Prometheus metrics; on an address of their own, never the public one.
    pub(crate) metrics: Option<SocketAddr>,
    /// The folder (or file) of the data map.
    pub(crate) map: PathBuf,
    pub(crate) portal: PortalDb,
    pub(crate) mail: Mail,
    pub(crate) sms: Sms,
    #[serde(default)]
    pub(crate) retention: Retention,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// The company's own app, whose customers arrive signed in by a token it has signed.
    pub(crate) hand_over: Option<HandOver>,
    /// Where customers may be signed in already (OpenID Connect).
    #[serde(default)]
    pub(crate) identity_provider: Vec<IdentityProvider>,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    #[serde(skip)]
    pub(crate) base: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortalDb {
    /// `sqlite:portal.sqlite`, or `postgres://…`
    pub(crate) database: Option<String>,
    /// An environment variable that holds the URL.
    pub(crate) database_env: Option<String>,
    /// 64 hexadecimal digits; made by `qingdan key`.
    pub(crate) key_file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) from: String,
    /// `smtp://host:25`, `smtps://user:password@host:465`, `smtp://…?tls=required`
    pub(crate) smtp: Option<String>,
    pub(crate) smtp_env: Option<String>,
    /// A folder to write messages to instead of sending them.
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sms {
    /// The gateway's address: receives `POST {"to": …, "text": …}`.
    pub(crate) http: Option<String>,
    /// An environment variable with the value of the `Authorization` header.
    pub(crate) authorization_env: Option<String>,
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Retention {
    /// A cron expression in China's time; empty for "only by hand".
    pub(crate) schedule: String,
    pub(crate) first_batch: u64,
    pub(crate) largest_batch: u64,
    /// Hours a night may take before it leaves the rest to the next; 0 for no limit.
    pub(crate) hours: u64,
    /// Steps that go on side by side in one database.
    pub(crate) lanes: usize,
    /// A rule that would take more than this percentage of a table waits for an officer …
    pub(crate) breaker_share: u64,
    /// … and one that would take more than so many times what recent nights took …
    pub(crate) breaker_times: u64,
    /// … but never for fewer rows than this.
    pub(crate) breaker_rows: u64,
}

impl Default for Retention {
    fn default() -> Self {
        let settings = service::Settings::default();
        Self {
            schedule: "0 2 * * *".to_owned(),
            first_batch: settings.first_batch,
            largest_batch: settings.largest_batch,
            hours: 0,
            lanes: settings.lanes,
            breaker_share: settings.breaker.share,
            breaker_times: settings.breaker.times,
            breaker_rows: settings.breaker.from_rows,
        }
    }
}

/// Whose tokens are believed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOver {
    /// The `iss` of its tokens.
    pub(crate) issuer: String,
    /// Its public key, Ed25519 or P-256, as PEM.
    pub(crate) key_file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    pub(crate) tries_per_network: i64,
    /// Seconds a worker may be silent before another takes its work over.
    pub(crate) lease_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tries_per_network: service::Settings::default().tries_per_network, lease_seconds: 12 }
    }
}

impl Config {
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read; `qingdan demo` writes one to start from", path.display()))?;
        let mut config: Self = toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
        config.base = path.parent().map(Path::to_owned).unwrap_or_default();
        config.check().with_context(|| format!("{} is not right", path.display()))?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if u8::from(self.mail.smtp.is_some())
            + u8::from(self.mail.smtp_env.is_some())
            + u8::from(self.mail.folder.is_some())
            != 1
        {
            bail!("[mail]: write one of smtp, smtp_env or folder");
        }
        if self.sms.http.is_some() == self.sms.folder.is_some() {
            bail!("[sms]: write one of http or folder");
        }
        if self.portal.database.is_some() == self.portal.database_env.is_some() {
            bail!("[portal]: write one of database or database_env");
        }
        if self.metrics == Some(self.listen) {
            bail!("metrics: use an address of its own; they are not for the public");
        }
        let local = self.public_url.starts_with("http://127.0.0.1") || self.public_url.starts_with("http://localhost");
        if !local && !self.public_url.starts_with("https://") {
            bail!("public_url: must be https:// (or http://127.0.0.1 for trying out), cookies travel encrypted only");
        }
        if self.public_url.ends_with('/') {
            bail!("public_url: leave the slash at the end away");
        }
        if !self.retention.schedule.is_empty() {
            crate::work::schedule(&self.retention.schedule).with_context(|| {
                format!("[retention] schedule “{}” is not a cron expression", self.retention.schedule)
            })?;
        }
        provider::check(&self.identity_provider)
    }

    pub(crate) fn path(&self, relative: &Path) -> PathBuf {
        self.base.join(relative)
    }

    pub(crate) fn database_url(&self) -> anyhow::Result<String> {
        from_env(self.portal.database.as_ref(), self.portal.database_env.as_ref(), "[portal] database")
    }

    pub(crate) fn smtp_url(&self) -> anyhow::Result<String> {
        from_env(self.mail.smtp.as_ref(), self.mail.smtp_env.as_ref(), "[mail] smtp")
    }
}

fn from_env(value: Option<&String>, variable: Option<&String>, what: &str) -> anyhow::Result<String> {
    match (value, variable) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(variable)) => {
            std::env::var(variable).with_context(|| format!("{what}: the environment variable {variable} is not set"))
        }
        (None, None) => bail!("{what} is missing"),
    }
}
