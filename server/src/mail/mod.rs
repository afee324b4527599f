//! Sending what waits in the outbox: e-mail by SMTP, short messages by a gateway, or both into a
//! folder in the demonstration.

mod folder;
mod sms;
mod smtp;

use anyhow::Context;
use app::mail::{mail, short_message};
use domain::Identifier;
use service::{Notice, Portal};
use store::outbox::{Fate, Letter, Outgoing, Refused};

use crate::config::Config;

pub(crate) use folder::Folder;

enum Post {
    Smtp(smtp::Smtp),
    Folder(Folder),
}

enum Short {
    Http(sms::Gateway),
    Folder(Folder),
}

/// What a look into the outbox found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    One,
    Nothing,
}

/// Why a message was not sent. No address, and none of the server's own words, which may quote one.
struct NotSent {
    refused: Refused,
    why: anyhow::Error,
}

impl From<anyhow::Error> for NotSent {
    fn from(why: anyhow::Error) -> Self {
        Self { refused: Refused::ForNow, why }
    }
}

fn notice_of(out: &Outgoing) -> anyhow::Result<Notice> {
    serde_json::from_value(out.notice.clone()).context("a notice of an unknown kind")
}

pub(crate) struct Sender {
    base: String,
    post: Post,
    short: Short,
}

impl Sender {
    pub(crate) fn new(config: &Config) -> anyhow::Result<Self> {
        let post = match &config.mail.folder {
            Some(folder) => Post::Folder(Folder::open(&config.path(folder))?),
            None => Post::Smtp(smtp::Smtp::new(&config.smtp_url()?, &config.mail.from)?),
        };
        let short = match (&config.sms.http, &config.sms.folder) {
            (Some(url), _) => Short::Http(sms::Gateway::new(url, config.sms.authorization_env.as_deref())?),
            (None, Some(folder)) => Short::Folder(Folder::open(&config.path(folder))?),
            (None, None) => anyhow::bail!("[sms]: write one of http or folder"),
        };
        Ok(Self { base: config.public_url.clone(), post, short })
    }

    /// Sends the next message that is due. What cannot be sent is tried again later, for about a day.
    pub(crate) async fn send_next(&self, portal: &Portal, letter: Letter) -> anyhow::Result<Sent> {
        let now = portal.clock.now();
        let tx = portal.store.begin().await?;
        let taken = tx.take_outgoing(letter, now).await?;
        // Also where there is none: one that could not be read is tried later.
        tx.commit().await?;
        let Some(out) = taken else { return Ok(Sent::Nothing) };
        let result = self.send(portal, &out).await;
        let tx = portal.store.begin().await?;
        match result {
            Ok(()) => {
                metrics::counter!("qingdan_messages_total", "result" => "sent").increment(1);
                tx.was_sent(out.id, now).await?;
            }
            Err(NotSent { refused, why }) => {
                metrics::counter!("qingdan_messages_total", "result" => "failed").increment(1);
                tracing::warn!(message = %out.id, attempts = out.attempts, error = %why, "message not sent");
                let fate = tx.was_not_sent(out.id, out.attempts, refused, now).await?;
                if let (Fate::GivenUp, Ok(notice)) = (fate, notice_of(&out)) {
                    portal.was_not_delivered(&tx, &notice).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(Sent::One)
    }

    async fn send(&self, portal: &Portal, out: &Outgoing) -> Result<(), NotSent> {
        let notice = notice_of(out)?;
        let now = portal.clock.now();
        let secret = out.secret.as_ref().map(domain::Personal::reveal);
        let handler = &portal.map.handler;
        match &out.to {
            Identifier::Email(address) => {
                let mail = mail(out.lang, handler, &self.base, &notice, secret);
                match &self.post {
                    Post::Smtp(smtp) => smtp.send(out.id, address, &mail).await,
                    Post::Folder(folder) => Ok(folder.put(out.id, address.reveal(), &mail.subject, &mail.body, now)?),
                }
            }
            Identifier::Mobile(mobile) => {
                let text = short_message(out.lang, handler, &self.base, &notice, secret);
                match &self.short {
                    Short::Http(gateway) => Ok(gateway.send(mobile, &text).await?),
                    // It has no title of its own: what is in it makes one for whoever looks through the folder.
                    Short::Folder(folder) => {
                        let title = mail(out.lang, handler, &self.base, &notice, None).subject;
                        Ok(folder.put(out.id, mobile.reveal(), &title, &text, now)?)
                    }
                }
            }
        }
    }
}
