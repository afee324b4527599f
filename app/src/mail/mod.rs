//! The words of mails and short messages. Nothing personal stands in any of them.

mod read;
mod short;

use domain::{Lang, Words, request::Side};
use service::Notice;

use crate::{format, paths, text::Text};

pub use short::short_message;

use read::Read;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub body: String,
}

/// A notice in the reader's language. `secret` is the one-time code of a [`Notice::Code`].
pub fn mail(lang: Lang, handler: &Words, base: &str, notice: &Notice, secret: Option<&str>) -> Mail {
    let t = Text::of(lang);
    let link = |number: &domain::ids::RequestNumber| format!("{base}{}", paths::request(number));
    let (subject, body) = match notice {
        Notice::Code => (t.mail_code_subject().to_owned(), t.mail_code(secret.unwrap_or_default())),
        Notice::Received { number, kind, due } => (
            t.mail_received_subject(number),
            t.mail_received(kind.name(lang), number, format::weekday(lang, *due), link(number)),
        ),
        Notice::Asked { number, whom: Side::Asker } => {
            (t.mail_asked_subject(number), t.mail_asked(number, link(number)))
        }
        Notice::Asked { number, whom: Side::Subject } => {
            (t.mail_asked_for_you_subject(number), t.mail_asked_for_you(number, link(number)))
        }
        Notice::Approved { number } => (t.mail_approved_subject(number), t.mail_approved(number, link(number))),
        Notice::Refused { number, code } => (
            t.mail_refused_subject(number),
            t.mail_refused(
                number,
                code.words().in_lang(lang).to_owned(),
                code.statute().in_lang(lang).to_owned(),
                link(number),
            ),
        ),
        Notice::Cancelled { number } => (t.mail_cancelled_subject(number), t.mail_cancelled(number, link(number))),
        Notice::Task { number, due } => {
            let link = format!("{base}{}", paths::task(secret.unwrap_or_default()));
            (t.mail_task_subject(number), t.mail_task(number, format::weekday(lang, *due), link))
        }
        Notice::PolicyChanged { hash, effective } => (
            t.mail_policy_subject().to_owned(),
            t.mail_policy(format::day(lang, *effective), format!("{base}{}", paths::version_changes(hash))),
        ),
        Notice::DueSoon { five, three, one, overdue } => (
            t.mail_due_subject(overdue + one + three + five),
            t.mail_due(overdue, one, three, five, format!("{base}{}", paths::OFFICER)),
        ),
        Notice::AskedForYou { number, kind } => {
            (t.mail_for_you_subject(number), t.mail_for_you(kind.name(lang), number, link(number)))
        }
        Notice::Merged { number, into } => (t.mail_merged_subject(number), t.mail_merged(number, into, link(into))),
        Notice::CopyTaken => (t.mail_copy_subject().to_owned(), t.mail_copy(format!("{base}{}", paths::RIGHTS))),
        Notice::CopyReady { id, until } => (
            t.mail_copy_ready_subject().to_owned(),
            t.mail_copy_ready(format::day(lang, *until), format!("{base}{}", paths::my_copy(*id))),
        ),
        Notice::CopyFailed => {
            (t.mail_copy_failed_subject().to_owned(), t.mail_copy_failed(format!("{base}{}", paths::MINE_COPY)))
        }
        Notice::AgreedReady { number, kind, until } => (
            t.mail_agreed_ready_subject(number),
            t.mail_agreed_ready(kind.name(lang), number, format::day(lang, *until), link(number)),
        ),
        Notice::AgreedTaken { number, kind } => {
            (t.mail_agreed_taken_subject(number), t.mail_agreed_taken(kind.name(lang), number, link(number)))
        }
        Notice::AgreedFailed { number, kind } => {
            (t.mail_agreed_failed_subject(number), t.mail_agreed_failed(kind.name(lang), number, link(number)))
        }
        Notice::Answered { number, kind } => {
            (t.mail_answered_subject(number), t.mail_answered(kind.name(lang), number, link(number)))
        }
        Notice::Completed { number, kind, rows_kept } => {
            let kept = if *rows_kept > 0 { t.mail_kept(rows_kept) } else { String::new() };
            (t.mail_completed_subject(number), t.mail_completed(kind.name(lang), number, kept, link(number)))
        }
    };
    let way_in = match Read::of(notice) {
        Read::SignedIn => format!("\n{}", t.mail_way_in()),
        Read::Here | Read::At(_) | Read::AtWork => String::new(),
    };
    let body = format!("{body}{way_in}\n\n{}\n{}", handler.in_lang(lang), t.mail_no_reply());
    Mail { subject, body }
}
