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
};
use uuid::Uuid;

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
    pub(super) async fn send(&self, id: Uuid, to: &Email, mail: &Mail) -> anyhow::Result<()> {
        let to: Address = to.reveal().parse().map_err(|_| anyhow::anyhow!("the address is not accepted"))?;
        let domain = self.from.email.domain().to_owned();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{id}@{domain}>")))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .singlepart(SinglePart::plain(mail.body.clone()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // The server's own words may quote the address.
            Err(error) => {
                let code = error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                anyhow::bail!("the mail server did not take it ({code})")
            }
        }
    }
}
