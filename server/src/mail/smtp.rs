use std::time::Duration;

use anyhow::Context;
use app::mail::Mail;
use domain::Email;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::Error,
};
use store::outbox::Refused;
use uuid::Uuid;

use super::NotSent;

pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    pub(super) fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("[mail] smtp is not a URL such as smtps://user:password@host:465")?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        let from = from.parse().context("[mail] from is not an address such as \"Name <privacy@example.com>\"")?;
        Ok(Self { transport, from })
    }

    /// The message id comes from the outbox, so that a message sent twice after a crash is
    /// recognised as one.
    pub(super) async fn send(&self, id: Uuid, to: &Email, mail: &Mail) -> Result<(), NotSent> {
        let message = self.message(id, to, mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                let refused = if is_about_the_address(&error) { Refused::ForGood } else { Refused::ForNow };
                Err(NotSent { refused, why: anyhow::anyhow!("the mail server did not take it ({code})") })
            }
        }
    }

    fn message(&self, id: Uuid, to: &Email, mail: &Mail) -> anyhow::Result<Message> {
        let to: Address = to.reveal().parse().map_err(|_| anyhow::anyhow!("the address is not accepted"))?;
        let domain = self.from.email.domain().to_owned();
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{id}@{domain}>")))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .singlepart(SinglePart::plain(mail.body.clone()))?)
    }
}

/// 550 to 553: no such mailbox, or none that may be written to (RFC 5321 §4.2.3). Other refusals, such as of our
/// password, are about us: they pass once somebody has seen to it.
fn is_about_the_address(error: &Error) -> bool {
    error.status().is_some_and(|code| (550..=553).contains(&u16::from(code)))
}
