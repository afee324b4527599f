//! The company's database: ten tables, several people in a row, people past their retention,
//! people who only ever received.

use std::path::Path;

use indicatif::ProgressBar;
use jiff::{ToSpan, civil::Date};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbErr, TransactionTrait, Value,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::{Wanted, names, people, write::Rows};

/// Recipients without an account have numbers above this one.
pub(super) const STRANGERS: u32 = 50_000_000;
/// The customer a hold protects; a parcel they sent could not be emptied for its recipient either.
const HELD: u32 = 4;
const IN_ONE_TRANSACTION: u32 = 5_000;

/// A person of the demonstration, as the database knows them.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) serial: u32,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) mobile: String,
    pub(super) waybill_no: Option<String>,
}

/// The people someone can sign in as.
pub(super) struct Cast {
    pub(super) customer: Person,
    pub(super) newcomer: Person,
    pub(super) receiver: Person,
    pub(super) closed: Person,
    pub(super) held: Person,
    pub(super) spare: Vec<Person>,
}

struct Tables {
    customers: Rows,
    addresses: Rows,
    marketing: Rows,
    real_names: Rows,
    orders: Rows,
    waybills: Rows,
    tracking: Rows,
    payments: Rows,
    invoices: Rows,
    tickets: Rows,
}

impl Tables {
    fn new() -> Self {
        Self {
            customers: Rows::of("customers", 9),
            addresses: Rows::of("addresses", 7),
            marketing: Rows::of("marketing_preferences", 5),
            real_names: Rows::of("real_name_records", 7),
            orders: Rows::of("orders", 7),
            waybills: Rows::of("waybills", 13),
            tracking: Rows::of("tracking_events", 6),
            payments: Rows::of("payments", 7),
            invoices: Rows::of("invoices", 7),
            tickets: Rows::of("support_tickets", 7),
        }
    }

    /// Parents before children, as the foreign keys want it.
    fn in_order(&mut self) -> [&mut Rows; 10] {
        [
            &mut self.customers,
            &mut self.addresses,
            &mut self.marketing,
            &mut self.real_names,
            &mut self.orders,
            &mut self.waybills,
            &mut self.tracking,
            &mut self.payments,
            &mut self.invoices,
            &mut self.tickets,
        ]
    }

    async fn write(&mut self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        for rows in self.in_order() {
            rows.write(tx).await?;
        }
        Ok(())
    }
}

/// What is drawn for one customer.
enum Part {
    /// An ordinary one.
    Anyone,
    /// Has orders within and beyond every period, and an open parcel.
    Full,
    New,
    /// Closed the account long ago.
    Closed,
}

struct Company {
    rng: ChaCha8Rng,
    today: Date,
    tables: Tables,
    order: u32,
    strangers: u32,
    customers: u32,
    last_waybill: String,
    stranger: Option<Person>,
}

pub(super) async fn write(dir: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Cast> {
    let path = dir.join("company.sqlite");
    let mut options = ConnectOptions::new("sqlite:company");
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Nothing to lose yet: a half-written folder has no configuration and is not used.
            .synchronous(SqliteSynchronous::Off)
            .pragma("secure_delete", "ON")
    });
    let db = Database::connect(options).await?;
    db.execute_unprepared(include_str!("schema.sql")).await?;
    let mut company = Company {
        rng: ChaCha8Rng::seed_from_u64(wanted.seed),
        today: wanted.today,
        tables: Tables::new(),
        order: 0,
        strangers: 0,
        customers: wanted.customers.max(20),
        last_waybill: String::new(),
        stranger: None,
    };
    let bar = ProgressBar::new(u64::from(company.customers));
    let mut cast = Vec::new();
    let mut tx = db.begin().await?;
    for serial in 1..=company.customers {
        let part = match serial {
            2 => Part::New,
            3 => Part::Closed,
            1 | 4..=12 => Part::Full,
            _ => Part::Anyone,
        };
        let person = company.person(serial, &part);
        if serial <= 12 {
            cast.push(person);
        }
        if serial % 50 == 0 && company.tables.in_order().iter().any(|rows| rows.are_many()) {
            company.tables.write(&tx).await?;
        }
        if serial % IN_ONE_TRANSACTION == 0 {
            company.tables.write(&tx).await?;
            tx.commit().await?;
            tx = db.begin().await?;
            bar.set_position(u64::from(serial));
        }
    }
    company.tables.write(&tx).await?;
    tx.commit().await?;
    db.execute_unprepared("ANALYZE").await?;
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    db.close().await?;
    bar.finish_and_clear();
    let receiver = company.stranger.take().ok_or_else(|| anyhow::anyhow!("nobody received a parcel"))?;
    let mut cast = cast.into_iter();
    let mut next = || cast.next().ok_or_else(|| anyhow::anyhow!("too few customers"));
    let (customer, newcomer, closed, held) = (next()?, next()?, next()?, next()?);
    Ok(Cast { customer, newcomer, receiver, closed, held, spare: cast.collect() })
}

fn text(value: impl Into<String>) -> Value {
    Value::from(value.into())
}

fn date(value: Option<Date>) -> Value {
    Value::from(value.map(|date| date.to_string()))
}

impl Company {
    fn ago(&mut self, days: std::ops::Range<i64>) -> Date {
        let days = self.rng.random_range(days);
        self.today.saturating_sub(days.days())
    }

    fn person(&mut self, serial: u32, part: &Part) -> Person {
        let name = names::name(&mut self.rng);
        let (email, mobile) = (people::email(serial), people::mobile(serial));
        let registered = match part {
            Part::New => self.ago(1..20),
            Part::Anyone | Part::Full | Part::Closed => self.ago(400..1800),
        };
        let closed = match part {
            Part::Closed => Some(self.ago(60..90)),
            Part::Anyone if self.rng.random_bool(0.03) => Some(self.ago(1..400)),
            Part::Anyone | Part::Full | Part::New => None,
        };
        let login = self.ago(0..300);
        let id = Value::from(i64::from(serial));
        self.tables.customers.add([
            id.clone(),
            text(name.clone()),
            text(email.clone()),
            text(mobile.clone()),
            date(Some(registered)),
            date(Some(login)),
            date(closed),
            0.into(),
            0.into(),
        ]);
        let mut person = Person { serial, name, email: Some(email), mobile, waybill_no: None };
        self.address_book(&person, closed);
        self.preferences(&person, part);
        let orders = match part {
            Part::New => 0,
            Part::Full => 5,
            Part::Closed => 2,
            Part::Anyone => self.rng.random_range(0..5),
        };
        let mut last = None;
        for n in 0..orders {
            // An open parcel, one within every floor, one past the waybill's, two past everything.
            let placed = match (part, n) {
                (Part::Full, 0) => self.ago(1..3),
                (Part::Full, 1) => self.ago(100..300),
                (Part::Full, 2) => self.ago(800..1000),
                (Part::Full | Part::Closed, _) => self.ago(1130..1400),
                (Part::Anyone | Part::New, _) => self.ago(2..1500),
            };
            last = last.max(Some(placed));
            self.order(&person, placed);
            person.waybill_no = Some(self.last_waybill.clone());
        }
        if let Some(last) = last {
            self.real_name(&person, last);
        }
        self.ticket(&person);
        person
    }

    fn address_book(&mut self, person: &Person, closed: Option<Date>) {
        for n in 0..self.rng.random_range(1..3_u32) {
            let (address, _) = names::address(&mut self.rng);
            let label = if n == 0 { "家" } else { "公司" };
            self.tables.addresses.add([
                Value::from(i64::from(person.serial * 4 + n)),
                Value::from(i64::from(person.serial)),
                text(label),
                text(person.name.clone()),
                text(person.mobile.clone()),
                text(address),
                date(closed),
            ]);
        }
    }

    fn preferences(&mut self, person: &Person, part: &Part) {
        let full = matches!(part, Part::Full);
        if !full && !self.rng.random_bool(0.6) {
            return;
        }
        for channel in ["短信", "邮件"] {
            let updated = if full { self.ago(30..200) } else { self.ago(1..700) };
            let opted_in = if self.rng.random_bool(0.5) { "是" } else { "否" };
            self.tables.marketing.add([
                Value::from(i64::from(person.serial)),
                text(channel),
                text(opted_in),
                text("常寄件"),
                date(Some(updated)),
            ]);
        }
    }

    fn real_name(&mut self, person: &Person, last: Date) {
        let id_number = people::resident_id(&mut self.rng);
        self.tables.real_names.add([
            Value::from(i64::from(person.serial)),
            Value::from(i64::from(person.serial)),
            text(person.name.clone()),
            text("居民身份证"),
            text(id_number),
            date(Some(last)),
            date(Some(last)),
        ]);
    }

    fn ticket(&mut self, person: &Person) {
        if person.serial > 12 && !self.rng.random_bool(0.15) {
            return;
        }
        let opened = self.ago(5..1500);
        let closed = opened.saturating_add(self.rng.random_range(1..5_i64).days());
        self.tables.tickets.add([
            Value::from(i64::from(person.serial)),
            Value::from(i64::from(person.serial)),
            text("催件"),
            text(format!("我是{}，请尽快派送。", person.name)),
            text(person.mobile.clone()),
            date(Some(opened)),
            date(Some(closed)),
        ]);
    }

    /// Someone else: another customer, or a stranger who never had an account.
    fn recipient(&mut self) -> Person {
        let name = names::name(&mut self.rng);
        let customers = self.customers;
        if self.strangers > 0 && self.rng.random_bool(0.5) {
            let serial = self.rng.random_range(1..=customers);
            return Person { serial, name, email: None, mobile: people::mobile(serial), waybill_no: None };
        }
        self.strangers += 1;
        let serial = STRANGERS + self.strangers;
        Person { serial, name, email: None, mobile: people::mobile(serial), waybill_no: None }
    }

    fn order(&mut self, buyer: &Person, placed: Date) {
        self.order += 1;
        let id = Value::from(i64::from(self.order));
        let delivered = placed.saturating_add(self.rng.random_range(2..5_i64).days());
        let delivered = (delivered <= self.today).then_some(delivered);
        let amount = people::amount(&mut self.rng);
        let goods = names::goods(&mut self.rng);
        self.tables.orders.add([
            id.clone(),
            text(format!("DD{:011}", self.order)),
            Value::from(i64::from(buyer.serial)),
            text(goods),
            text(amount.clone()),
            date(Some(placed)),
            date(delivered),
        ]);
        let card = people::bank_card(&mut self.rng);
        self.tables.payments.add([
            id.clone(),
            id.clone(),
            text("银行卡"),
            text(buyer.name.clone()),
            text(card),
            text(amount.clone()),
            date(Some(placed)),
        ]);
        if self.rng.random_bool(0.2) || buyer.serial <= 12 {
            self.tables.invoices.add([
                id.clone(),
                Value::from(i64::from(buyer.serial)),
                text(buyer.name.clone()),
                Value::from(None::<String>),
                text(people::email(buyer.serial)),
                text(amount),
                date(Some(placed)),
            ]);
        }
        self.waybill(buyer, &id, placed, delivered);
    }

    fn waybill(&mut self, sender: &Person, id: &Value, accepted: Date, delivered: Option<Date>) {
        let recipient = self.recipient();
        let (from, city) = names::address(&mut self.rng);
        let (to, destination) = names::address(&mut self.rng);
        self.last_waybill = people::waybill_no(self.order);
        let status = if delivered.is_some() { "已签收" } else { "运输中" };
        self.tables.waybills.add([
            id.clone(),
            text(self.last_waybill.clone()),
            id.clone(),
            text(status),
            Value::from(i64::from(sender.serial)),
            text(sender.name.clone()),
            text(sender.mobile.clone()),
            text(from),
            text(recipient.name.clone()),
            text(recipient.mobile.clone()),
            text(to),
            date(Some(accepted)),
            date(delivered),
        ]);
        // The first stranger whose parcel is past the waybill's floor and within its period.
        let age = delivered.map_or(0, |day| day.until(self.today).map_or(0, |span| span.get_days()));
        let due = (740..1090).contains(&age);
        if self.stranger.is_none() && recipient.serial > STRANGERS && sender.serial != HELD && due {
            self.stranger = Some(Person { waybill_no: Some(self.last_waybill.clone()), ..recipient.clone() });
        }
        let mut events = vec![(accepted, city, "已收寄", None)];
        events.push((accepted.saturating_add(1.day()), destination, "到达转运中心", None));
        if let Some(delivered) = delivered {
            events.push((delivered, destination, "已签收", Some(recipient.name)));
        }
        for (n, (at, place, note, signed_by)) in events.into_iter().enumerate() {
            self.tables.tracking.add([
                Value::from(i64::from(self.order) * 4 + i64::try_from(n).unwrap_or(0)),
                id.clone(),
                text(at.to_string()),
                text(place),
                text(note),
                Value::from(signed_by),
            ]);
        }
    }
}
