//! The words of mails and short messages. Nothing personal stands in any of them.

mod read;
mod short;

use domain::{
    Lang,
    ids::RequestNumber,
    map::written::Handler,
    plan::Turn,
    request::{Capacity, RequestKind, Requester, Side},
};
use service::Notice;

use crate::{
    components::{ClosingDays, gone_by},
    format, paths,
    text::{Text, named},
};

pub use short::short_message;

use read::Read;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub body: String,
}

/// A notice in the reader's language. `secret` is the one-time code of a [`Notice::Code`].
pub fn mail(lang: Lang, handler: &Handler, base: &str, notice: &Notice, secret: Option<&str>) -> Mail {
    let t = Text::of(lang);
    let officer = &handler.officer;
    let link = |number: &RequestNumber| format!("{base}{}", paths::request(number));
    let (subject, body) = match notice {
        Notice::Code => (t.mail_code_subject().to_owned(), t.mail_code(secret.unwrap_or_default())),
        Notice::CodeToNew => (t.mail_code_subject().to_owned(), t.mail_code_to_new(secret.unwrap_or_default())),
        Notice::Received { number, kind, due } => (
            t.mail_received_subject(number),
            t.mail_received(named::MailReceived {
                kind: kind.name(lang),
                number,
                due: format::weekday(lang, *due),
                link: link(number),
            }),
        ),
        Notice::ReceivedClosing { number, due, until } => {
            let kind = RequestKind::CancelAccount.name(lang);
            let due_day = format::weekday(lang, *due);
            let body = match until {
                Some(at) => {
                    let days = ClosingDays { at: *at, due: *due, requester: Requester::Subject };
                    t.mail_received_closing_on(named::MailReceivedClosingOn {
                        kind,
                        number,
                        last: format::weekday(lang, days.last()),
                        day: format::weekday(lang, days.day()),
                        due: due_day,
                        link: link(number),
                    })
                }
                None => t.mail_received_closing(named::MailReceivedClosing {
                    kind,
                    number,
                    due: due_day,
                    link: link(number),
                }),
            };
            (t.mail_received_subject(number), body)
        }
        Notice::WrittenDown { number, kind, received, due } => {
            let (kind, received) = (kind.name(lang), format::weekday(lang, *received));
            let body = match due {
                Some(due) => t.mail_written_down(named::MailWrittenDown {
                    received,
                    kind,
                    number,
                    due: format::weekday(lang, *due),
                    link: link(number),
                }),
                None => {
                    t.mail_written_down_late(named::MailWrittenDownLate { received, kind, number, link: link(number) })
                }
            };
            (t.mail_received_subject(number), body)
        }
        Notice::Asked { number, whom: Side::Asker } => {
            (t.mail_asked_subject(number), t.mail_asked(named::MailAsked { number, link: link(number) }))
        }
        Notice::Asked { number, whom: Side::Subject } => (
            t.mail_asked_for_you_subject(number),
            t.mail_asked_for_you(named::MailAskedForYou { number, link: link(number) }),
        ),
        Notice::Approved { number, whom, until } => {
            let request = request(t, *whom, number);
            let body = match until {
                Some(until) => t.mail_approved_until(named::MailApprovedUntil {
                    request: &request,
                    until: format::moment(lang, *until),
                    link: link(number),
                }),
                None => t.mail_approved(named::MailApproved { request: &request, link: link(number) }),
            };
            (t.mail_approved_subject(&request), body)
        }
        Notice::Refused { number, whom, code } => (
            t.mail_refused_subject(request(t, *whom, number)),
            t.mail_refused(named::MailRefused {
                request: request(t, *whom, number),
                reason: code.words().in_lang(lang).to_owned(),
                statute: code.statute().in_lang(lang).to_owned(),
                link: link(number),
            }),
        ),
        Notice::Cancelled { number, whom } => {
            let request = request(t, *whom, number);
            (
                t.mail_cancelled_subject(&request),
                t.mail_cancelled(named::MailCancelled { request: &request, link: link(number) }),
            )
        }
        Notice::Task { number, due } => {
            let link = format!("{base}{}", paths::task(secret.unwrap_or_default()));
            (
                t.mail_task_subject(number),
                t.mail_task(named::MailTask { number, due: format::weekday(lang, *due), link }),
            )
        }
        Notice::Recipient { number } => {
            let link = format!("{base}{}", paths::recipient(secret.unwrap_or_default()));
            (t.mail_recipient_subject(number), t.mail_recipient(named::MailRecipient { number, link }))
        }
        Notice::RecipientAgain { number } => {
            let link = format!("{base}{}", paths::recipient(secret.unwrap_or_default()));
            (t.mail_recipient_again_subject(number), t.mail_recipient_again(named::MailRecipientAgain { number, link }))
        }
        Notice::PolicyChanged { hash, effective } => (
            t.mail_policy_subject().to_owned(),
            t.mail_policy(named::MailPolicy {
                day: format::day(lang, *effective),
                link: format!("{base}{}", paths::version_changes(hash)),
            }),
        ),
        Notice::DueSoon { five, three, one, overdue } => (
            t.mail_due_subject(overdue + one + three + five),
            t.mail_due(named::MailDue { overdue, one, three, five, link: format!("{base}{}", paths::OFFICER) }),
        ),
        Notice::RulesStopped { rules, rows } => (
            t.mail_stopped_subject(rules),
            t.mail_stopped(named::MailStopped {
                n: rules,
                rows: format::count(*rows),
                link: format!("{base}{}", paths::NIGHTS),
            }),
        ),
        Notice::AskedForYou { number, kind, capacity, account, due } => {
            let capacity = capacity.map(Capacity::words);
            let body = t.mail_for_you(named::MailForYou {
                number,
                kind: kind.name(lang),
                account: if *account { t.mail_for_you_account() } else { "" },
                capacity: capacity.as_ref().map_or(t.mail_for_you_unknown(), |words| words.in_lang(lang)),
                due: due.map_or_else(String::new, |due| format::weekday(lang, due)),
                link: link(number),
                phone: &officer.phone,
                email: &officer.email,
            });
            (t.mail_for_you_subject(number), body)
        }
        Notice::Merged { number, into } => {
            (t.mail_merged_subject(number), t.mail_merged(named::MailMerged { number, into, link: link(into) }))
        }
        Notice::CopyTaken => (t.mail_copy_subject().to_owned(), t.mail_copy(format!("{base}{}", paths::RIGHTS))),
        Notice::CopyReady { id, until } => (
            t.mail_copy_ready_subject().to_owned(),
            t.mail_copy_ready(named::MailCopyReady {
                until: format::day(lang, *until),
                link: format!("{base}{}", paths::my_copy(*id)),
            }),
        ),
        Notice::ConsentCarriedOut { number, turn } => match turn {
            Turn::Lifted => (t.mail_agreed_again_subject(number), t.mail_agreed_again(link(number))),
            Turn::Restricted => (t.mail_no_longer_subject(number), t.mail_no_longer(link(number))),
        },
        Notice::CopyFailed => {
            (t.mail_copy_failed_subject().to_owned(), t.mail_copy_failed(format!("{base}{}", paths::MINE_COPY)))
        }
        Notice::AgreedReady { number, kind, until } => (
            t.mail_agreed_ready_subject(number),
            t.mail_agreed_ready(named::MailAgreedReady {
                kind: kind.name(lang),
                number,
                until: format::day(lang, *until),
                link: link(number),
            }),
        ),
        Notice::AgreedTaken { number, kind } => (
            t.mail_agreed_taken_subject(number),
            t.mail_agreed_taken(named::MailAgreedTaken { kind: kind.name(lang), number, link: link(number) }),
        ),
        Notice::AgreedFailed { number, kind } => (
            t.mail_agreed_failed_subject(number),
            t.mail_agreed_failed(named::MailAgreedFailed { kind: kind.name(lang), number, link: link(number) }),
        ),
        Notice::Answered { number, whom, kind } => (
            t.mail_answered_subject(request(t, *whom, number)),
            t.mail_answered(named::MailAnswered { request: request_of(t, *whom, *kind, number), link: link(number) }),
        ),
        Notice::Completed { number, whom, kind, gone: Some(gone), .. } => {
            let by: Vec<String> = gone.0.iter().map(|by| format!("\n{}", gone_by(t, by))).collect();
            let body = t.mail_completed_gone(named::MailCompletedGone {
                request: request_of(t, *whom, *kind, number),
                by: by.concat(),
                link: link(number),
            });
            (t.mail_completed_subject(request(t, *whom, number)), body)
        }
        Notice::Completed { number, whom, kind, rows_kept, unlinked, left_out, gone: None } => {
            let mut kept = if *rows_kept > 0 { t.mail_kept(rows_kept) } else { String::new() };
            if *unlinked > 0 {
                kept.push_str(&t.mail_unlinked(unlinked));
            }
            if !left_out.is_empty() {
                let kinds = left_out.iter().map(|left| {
                    t.decide_rows(named::DecideRows { name: left.what.in_lang(lang), n: format::count(left.rows) })
                });
                kept.push_str(&t.mail_left_out(kinds.collect::<Vec<_>>().join(t.record_comma())));
            }
            let subject = t.mail_completed_subject(request(t, *whom, number));
            (
                subject,
                t.mail_completed(named::MailCompleted {
                    request: request_of(t, *whom, *kind, number),
                    kept,
                    link: link(number),
                }),
            )
        }
    };
    let way_in = match Read::of(notice) {
        Read::SignedIn => format!("\n{}", t.mail_way_in()),
        Read::Here | Read::At(_) | Read::AtWork => String::new(),
    };
    let reach = t.mail_reach(named::MailReach {
        name: officer.name.in_lang(lang),
        phone: &officer.phone,
        email: &officer.email,
    });
    // Officers need no telling how to reach themselves.
    let to_officers = matches!(notice, Notice::DueSoon { .. } | Notice::RulesStopped { .. });
    let reach = if to_officers { String::new() } else { format!("{reach}\n") };
    let body = format!("{body}{way_in}\n\n{}\n{reach}{}", handler.name.in_lang(lang), t.mail_no_reply());
    Mail { subject, body }
}

/// One's own request, or what somebody else has filed for whoever reads this.
fn request(t: Text, whom: Side, number: &RequestNumber) -> String {
    match whom {
        Side::Asker => t.mail_request(number),
        Side::Subject => t.mail_request_for_you(number),
    }
}

/// Likewise, and what is asked.
fn request_of(t: Text, whom: Side, kind: RequestKind, number: &RequestNumber) -> String {
    let kind = kind.name(t.lang());
    match whom {
        Side::Asker => t.mail_request_of(named::MailRequestOf { kind, number }),
        Side::Subject => t.mail_request_of_for_you(named::MailRequestOfForYou { kind, number }),
    }
}
