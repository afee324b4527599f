//! A short message: one line, to a mobile number. Whoever reads it may have no account.

use domain::{Lang, map::written::Handler};
use service::Notice;

use super::{mail, read::Read};
use crate::{
    format, paths,
    text::{Text, named},
};

pub fn short_message(lang: Lang, handler: &Handler, base: &str, notice: &Notice, secret: Option<&str>) -> String {
    let t = Text::of(lang);
    let subject = mail(lang, handler, base, notice, None).subject;
    let phone = &handler.officer.phone;
    let handler = handler.name.in_lang(lang);
    if let Notice::Completed { number, kind, gone, .. } = notice
        && kind.erases_all()
    {
        // No waybill says any more that it was theirs: nobody gets in by one.
        let link = format!("{base}{}", paths::certificate(number.as_str()));
        if gone.is_some() {
            return t.mail_short_gone(named::MailShortGone { handler, subject, link });
        }
        return t.mail_short_erased(named::MailShortErased { handler, subject, link });
    }
    if *notice == Notice::CodeToNew {
        return t.mail_short_code_to_new(named::MailShortCodeToNew { handler, code: secret.unwrap_or_default() });
    }
    // What is asked in their name they must know at once: who gets no mail may not sign in for days.
    if let Notice::AskedForYou { number, kind, capacity: Some(capacity), due: Some(due), .. } = notice {
        return t.mail_short_for_you(named::MailShortForYou {
            handler,
            capacity: capacity.words().in_lang(lang),
            kind: kind.name(lang),
            number,
            due: format::weekday(lang, *due),
            phone,
            link: format!("{base}{}", paths::SIGN_IN_PARCEL),
        });
    }
    match Read::of(notice) {
        Read::Here => t.mail_short_code(named::MailShortCode { handler, code: secret.unwrap_or_default() }),
        Read::At(path) => t.mail_short_link(named::MailShortLink { handler, subject, link: format!("{base}{path}") }),
        Read::SignedIn => t.mail_short_way_in(named::MailShortWayIn {
            handler,
            subject,
            link: format!("{base}{}", paths::SIGN_IN_PARCEL),
        }),
        Read::AtWork => t.mail_short(named::MailShort { handler, subject }),
    }
}
