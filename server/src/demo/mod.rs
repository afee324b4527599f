//! A parcel company to serve: its database, its data map, a configuration, people and staff.
//! Everything follows from the seed and the day; no number or name belongs to anybody.

mod company;
mod names;
mod past;
mod people;
mod sign_ins;
mod write;

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, bail};
use jiff::civil::Date;

use past::Past;
use service::Clock;
pub(crate) use sign_ins::SignIns;

use crate::{boot, commands::say, config::Config};

pub(crate) struct Wanted<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) customers: u32,
    pub(crate) seed: u64,
    pub(crate) listen: SocketAddr,
    pub(crate) today: Date,
    /// Days it has lived with the portal already.
    pub(crate) past: u8,
    pub(crate) officers: Officers,
}

/// How many officers decide what two decide unless the map says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Officers {
    /// Whoever tries the product alone need not sign in twice.
    One,
    Two,
}

const ONE_OFFICER: &str = "# One officer is enough, whatever it is.\n[portal]\ntwo_officers = []\n";

const MAP: [(&str, &str); 15] = [
    ("00-handler.toml", include_str!("map/00-handler.toml")),
    ("10-purposes.toml", include_str!("map/10-purposes.toml")),
    ("20-account.toml", include_str!("map/20-account.toml")),
    ("30-delivery.toml", include_str!("map/30-delivery.toml")),
    ("40-settlement.toml", include_str!("map/40-settlement.toml")),
    ("texts/summary.zh-CN.md", include_str!("map/texts/summary.zh-CN.md")),
    ("texts/summary.en.md", include_str!("map/texts/summary.en.md")),
    ("texts/cookies.zh-CN.md", include_str!("map/texts/cookies.zh-CN.md")),
    ("texts/cookies.en.md", include_str!("map/texts/cookies.en.md")),
    ("texts/protected.zh-CN.md", include_str!("map/texts/protected.zh-CN.md")),
    ("texts/protected.en.md", include_str!("map/texts/protected.en.md")),
    ("texts/minors.zh-CN.md", include_str!("map/texts/minors.zh-CN.md")),
    ("texts/minors.en.md", include_str!("map/texts/minors.en.md")),
    ("texts/complain.zh-CN.md", include_str!("map/texts/complain.zh-CN.md")),
    ("texts/complain.en.md", include_str!("map/texts/complain.en.md")),
];

/// Writes everything into the folder, unless it is there already.
pub(crate) async fn write(wanted: &Wanted<'_>) -> anyhow::Result<Config> {
    let dir = wanted.dir;
    let file = dir.join("qingdan.toml");
    if file.exists() {
        say(format!("{} is there already; using it as it is (delete the folder to start afresh)", dir.display()));
        return Config::load(&file);
    }
    if dir.join("company.sqlite").exists() {
        bail!("{} holds a company.sqlite but no qingdan.toml; choose another folder", dir.display());
    }
    std::fs::create_dir_all(dir.join("map/texts")).with_context(|| format!("{} cannot be made", dir.display()))?;
    std::fs::create_dir_all(dir.join("mail"))?;
    for (name, text) in MAP {
        std::fs::write(dir.join("map").join(name), text)?;
    }
    match wanted.officers {
        Officers::One => std::fs::write(dir.join("map/95-portal.toml"), ONE_OFFICER)?,
        Officers::Two => {}
    }
    crate::commands::write_key(&dir.join("portal.key"))?;
    let people = company::write(dir, wanted).await?;
    // The configuration comes last: a folder without one was not finished.
    let listen = wanted.listen;
    let text = configuration(listen);
    std::fs::write(&file, text)?;
    let config = Config::load(&file)?;
    let past = (wanted.past > 0).then(|| Past::of(wanted.past, wanted.today));
    let clock = past.as_ref().map_or(Clock::System, Past::clock);
    let portal = boot::portal_at(&config, clock).await?;
    let sign_ins = sign_ins::write(dir, &portal, wanted, people).await?;
    if let Some(past) = past {
        past.live(&portal).await?;
    }
    print(&sign_ins);
    Ok(config)
}

fn configuration(listen: SocketAddr) -> String {
    let metrics = SocketAddr::new(listen.ip(), listen.port().saturating_add(1));
    format!(
        r#"# Written by `qingdan demo`. docs/OPERATING.md explains every line.
public_url = "http://{listen}"
listen = "{listen}"
metrics = "{metrics}"
map = "map"

[portal]
database = "sqlite:portal.sqlite"
key_file = "portal.key"

[mail]
from = "Yuanfan Privacy <privacy@example.com>"
folder = "mail"

[sms]
folder = "mail"

[retention]
schedule = "0 2 * * *"

[limits]
# One machine plays all the visitors of the demonstration. Leave this out elsewhere.
tries_per_network = 100000
"#
    )
}

fn print(sign_ins: &SignIns) {
    say("\nThe demonstration company is ready. Sign-ins (all in sign-ins.json):");
    for person in &sign_ins.people {
        let waybill = person.waybill_no.as_deref().map(|no| format!(", waybill {no}")).unwrap_or_default();
        let email = person.email.as_deref().unwrap_or("no account");
        say(format!("  {:<12} {email}, mobile {}{waybill}  – {}", person.who, person.mobile, person.note));
    }
    for staff in &sign_ins.staff {
        let totp = staff.totp_secret.as_deref().unwrap_or("enrolled at the first sign-in");
        say(format!("  {:<12} {} / {}  – second factor: {totp}", staff.role, staff.login, staff.password));
    }
}
