//! Who can sign in, and how: for people who try the demonstration and for the browser tests.

use std::path::Path;

use anyhow::Context;
use domain::{
    Email, Identifier, Mobile, Personal,
    actor::{Actor, StaffRole},
    hold::HoldOn,
};
use jiff::ToSpan;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use service::{Portal, ServiceError, holds::NewHold, sign_in::NewPassword};
use totp_rs::Secret;

use super::{
    Wanted,
    company::{Cast, Person},
};

#[derive(Serialize)]
pub(crate) struct SignIns {
    pub(crate) people: Vec<PersonSignIn>,
    pub(crate) staff: Vec<StaffSignIn>,
}

#[derive(Serialize)]
pub(crate) struct PersonSignIn {
    pub(crate) who: &'static str,
    pub(crate) note: &'static str,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) mobile: String,
    pub(crate) waybill_no: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct StaffSignIn {
    pub(crate) role: &'static str,
    pub(crate) login: &'static str,
    pub(crate) password: &'static str,
    /// Base32; nothing for an account whose second factor is not enrolled yet.
    pub(crate) totp_secret: Option<String>,
}

const PASSWORD: &str = "yuanfan-demo-2026";

pub(super) async fn write(dir: &Path, portal: &Portal, wanted: &Wanted<'_>, cast: Cast) -> anyhow::Result<SignIns> {
    hold(portal, wanted, &cast.held).await?;
    let mut rng = ChaCha8Rng::seed_from_u64(wanted.seed ^ 0x5eed);
    let members = [
        (StaffRole::Officer, "officer", "值班专员", Enrol::Now),
        (StaffRole::Officer, "officer2", "复核专员", Enrol::Now),
        (StaffRole::Officer, "newcomer", "新来的专员", Enrol::AtFirstSignIn),
        (StaffRole::Auditor, "auditor", "审计员", Enrol::Now),
        (StaffRole::SecurityAdmin, "security", "安全管理员", Enrol::Now),
        (StaffRole::SystemAdmin, "system", "系统管理员", Enrol::Now),
    ];
    let mut staff = Vec::new();
    for (role, login, name, enrol) in members {
        let password = NewPassword::parse(PASSWORD).context("a password")?;
        let id = portal.add_staff(&Actor::System, (login, name, role), password).await?;
        let totp_secret = match enrol {
            Enrol::AtFirstSignIn => None,
            Enrol::Now => {
                let bytes: [u8; 20] = rng.random();
                let secret = Secret::from(bytes.to_vec()).to_base32();
                let tx = portal.store.begin().await?;
                tx.enrol_totp(id, &Personal::new(secret.clone()), portal.clock.now()).await?;
                tx.commit().await?;
                Some(secret)
            }
        };
        staff.push(StaffSignIn { role: role.as_str(), login, password: PASSWORD, totp_secret });
    }
    let mut people = vec![
        person("customer", "orders old and new, one parcel on its way", cast.customer),
        person("newcomer", "an account and nothing else", cast.newcomer),
        person("receiver", "never had an account", cast.receiver),
        person("closed", "closed the account, due tonight", cast.closed),
        person("held", "under a legal hold", cast.held),
    ];
    people.extend(cast.spare.into_iter().map(|spare| person("spare", "like customer", spare)));
    let sign_ins = SignIns { people, staff };
    std::fs::write(dir.join("sign-ins.json"), serde_json::to_vec_pretty(&sign_ins)?)?;
    Ok(sign_ins)
}

#[derive(Clone, Copy)]
enum Enrol {
    Now,
    AtFirstSignIn,
}

fn person(who: &'static str, note: &'static str, person: Person) -> PersonSignIn {
    let Person { name, email, mobile, waybill_no, .. } = person;
    PersonSignIn { who, note, name, email, mobile, waybill_no }
}

async fn hold(portal: &Portal, wanted: &Wanted<'_>, held: &Person) -> anyhow::Result<()> {
    let email = held.email.as_deref().and_then(Email::parse).map(Identifier::Email);
    let mobile = Mobile::parse(&held.mobile).map(Identifier::Mobile);
    let subject = email.into_iter().chain(mobile).collect();
    let review = wanted.today.saturating_add(90.days());
    let new = NewHold {
        on: HoldOn::Person(subject),
        owner: "法务部".to_owned(),
        reason: "运单损坏赔偿诉讼".to_owned(),
        review_on: review,
    };
    portal.place_hold(Actor::System.keep_holds().map_err(ServiceError::from)?, &Actor::System, new).await?;
    Ok(())
}
