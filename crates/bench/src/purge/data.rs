//! Parcels and their events: every fifth parcel is due, wherever it stands, with its events.

/// What is older is due.
pub(super) const CUTOFF: &str = "2023-06-01";

const EVENTS: u64 = 2;
const ONE_IN: u64 = 5;

#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) parcels: u64,
}

impl Size {
    /// Five million, or what `BENCH_ROWS` says.
    pub(super) fn wanted() -> Self {
        let said = std::env::var("BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
        Self { parcels: said.unwrap_or(5_000_000) }
    }

    const fn due(self) -> u64 {
        self.parcels / ONE_IN
    }

    pub(super) fn changed(self, then: Then) -> u64 {
        match then {
            Then::Delete => self.due() * (1 + EVENTS),
            Then::Anonymise => self.due(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Delete,
    /// Only the parcels, whose people's fields are emptied.
    Anonymise,
}

impl Then {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Anonymise => "anonymise",
        }
    }

    pub(super) fn by_hand(self) -> Vec<String> {
        match self {
            Self::Delete => vec![
                format!("DELETE FROM events WHERE happened_on < '{CUTOFF}'"),
                format!("DELETE FROM parcels WHERE done_on < '{CUTOFF}'"),
            ],
            Self::Anonymise => {
                vec![format!("UPDATE parcels SET mobile = NULL, address = NULL WHERE done_on < '{CUTOFF}'")]
            }
        }
    }
}

const MAP: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "甲", en = "A" }
officer = { name = { zh-CN = "甲", en = "A" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.mobile]
[purpose.p]
name = { zh-CN = "甲", en = "A" }
why = { zh-CN = "甲", en = "A" }
basis = "contract"
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "ENGINE"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.parcels"]
name = { zh-CN = "包裹", en = "Parcels" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "签收", en = "delivery" }, keep = "3 years", then = "THEN" }
role.receiver = { name = { zh-CN = "收", en = "receiver" }, identified_by = { mobile = "mobile" } }
field.mobile = { of = "receiver", kind = "mobile" }
field.address = { of = "receiver", kind = "address" }
"#;

const EVENTS_MAP: &str = r#"
[table."db.events"]
name = { zh-CN = "轨迹", en = "Events" }
key = ["id"]
purposes = ["p"]
retention = { from = "happened_on", starts = { zh-CN = "发生", en = "it happened" }, keep = "3 years", then = "delete" }
role.receiver = { name = { zh-CN = "收", en = "receiver" }, through = { parcel_id = "db.parcels.receiver" } }
field.note = { of = "receiver", kind = "text" }
"#;

pub(super) fn map(engine: &str, url: &str, then: Then) -> String {
    let events = if then == Then::Delete { EVENTS_MAP } else { "" };
    format!("{MAP}{events}").replace("ENGINE", engine).replace("URL", url).replace("THEN", then.word())
}

pub(super) const TABLES: [&str; 2] = [
    "CREATE TABLE parcels (id BIGINT PRIMARY KEY, mobile VARCHAR(20), address VARCHAR(100), done_on DATE)",
    "CREATE TABLE events (id BIGINT PRIMARY KEY, parcel_id BIGINT NOT NULL REFERENCES parcels (id), note VARCHAR(100), happened_on DATE)",
];

pub(super) const INDEXES: [&str; 4] = [
    "CREATE INDEX parcels_done ON parcels (done_on)",
    "CREATE INDEX parcels_mobile ON parcels (mobile)",
    "CREATE INDEX events_parcel ON events (parcel_id)",
    "CREATE INDEX events_happened ON events (happened_on)",
];

/// Rows from a series of numbers `n`: `day` says how a day is written, `text` how a number becomes eleven digits.
pub(super) fn fill(series: impl Fn(u64) -> String, mobile: &str, size: Size) -> [String; 2] {
    let day = |n: &str| format!("CASE WHEN {n} % {ONE_IN} = 0 THEN '2020-01-01' ELSE '2026-01-01' END");
    let [parcels, events] = [series(size.parcels), series(size.parcels * EVENTS)];
    let parcel = format!("(n % {}) + 1", size.parcels);
    [
        format!("INSERT INTO parcels SELECT n, {mobile}, 'example street 12, room 34', {} FROM {parcels}", day("n")),
        format!(
            "INSERT INTO events SELECT n, {parcel}, 'scanned at the depot', {} FROM {events}",
            day(&format!("({parcel})"))
        ),
    ]
}
