//! The officers' queue and the search for a person, among ever more requests.

use std::time::Instant;

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    calendar::Calendar,
    china,
    ids::{RequestId, RequestNumber, StaffId},
    request::{Capacity, Checked, RequestKind, Requester, Stage, StageName},
};
use jiff::civil::{Date, date};
use store::{
    MasterKey, Store, Vault,
    queue::{After, Asked, Filter, Received, Whose},
    requests::{Authority, NewRequest, QueueView},
};
use uuid::Builder;

use crate::{Line, say};

const TRIES: u32 = 40;

/// One of these for each size.
pub(crate) async fn all(sizes: &[u64]) -> anyhow::Result<Vec<Line>> {
    let dir = tempfile::tempdir()?;
    let store = Store::open("sqlite:portal.sqlite", dir.path(), Vault::new(&MasterKey::generate()?)).await?;
    let officer = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer });
    let permit = officer.read_requests().map_err(|denied| anyhow::anyhow!("{denied:?}"))?;
    let (mut lines, mut filled, mut first) = (Vec::new(), 0, None);
    for size in sizes {
        say(&format!("the queue: filling up to {size} requests"));
        fill(&store, filled, *size).await?;
        filled = *size;
        let (mut pages, mut finds) = (Vec::new(), Vec::new());
        for n in 0..TRIES {
            let kind = (n % 4 < 2).then_some(RequestKind::Complaint);
            let whose = if n % 2 == 0 { Whose::Nobodys } else { Whose::Anyones };
            let asked = if n % 8 < 4 { Asked::ByAnother } else { Asked::ByAnyone };
            let day = date(2026, 1, 1).saturating_add(jiff::Span::new().days(i64::from(n) * 5));
            let filter = Filter { kind, whose, asked, ..narrowed(n, day) };
            // From the middle on, where the requests of most days lie.
            let after = After { due: day, number: String::new() };
            let began = Instant::now();
            let rows = store.queue(&permit, QueueView::Open, filter, Some(&after), 50).await?;
            pages.push(began.elapsed().as_secs_f64() * 1000.0);
            anyhow::ensure!(!rows.is_empty(), "an empty page");
            let somebody = identifier(u64::from(n) * 7 % size)?;
            let began = Instant::now();
            anyhow::ensure!(
                !store.requests_by(&permit, std::slice::from_ref(&somebody), 50).await?.is_empty(),
                "nobody found"
            );
            finds.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let (page, find) = (p95(pages), p95(finds));
        let (first_page, first_find) = *first.get_or_insert((page, find));
        for (what, now, then) in
            [("a page of the queue", page, first_page), ("a search for a person", find, first_find)]
        {
            lines.push(Line {
                what: format!("{what} among {size} requests, p95"),
                ours: format!("{now:.2} ms"),
                reference: format!("{then:.2} ms among {}", sizes.first().copied().unwrap_or_default()),
                ratio: now / then,
                goal: "flat",
            });
        }
    }
    Ok(lines)
}

/// A third of the looks each: by nothing more, in one state, by a stretch of days of receipt.
fn narrowed(n: u32, day: Date) -> Filter {
    let state = (n % 3 == 1).then_some(StageName::Received);
    let received = if n % 3 == 2 {
        Received { from: Some(day), to: Some(day.saturating_add(jiff::Span::new().days(30))) }
    } else {
        Received::default()
    };
    Filter { state, received, ..Filter::default() }
}

fn p95(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 95 / 100).copied().unwrap_or(f64::NAN)
}

fn identifier(n: u64) -> anyhow::Result<Identifier> {
    let email = Email::parse(&format!("p{n}@example.com")).ok_or_else(|| anyhow::anyhow!("an address"))?;
    Ok(Identifier::Email(email))
}

async fn fill(store: &Store, from: u64, to: u64) -> anyhow::Result<()> {
    let calendar = Calendar::default();
    let agent = Requester::Representative { capacity: Capacity::Agent, checked: Checked::NotYet };
    let mut tx = store.begin().await?;
    for n in from..to {
        let identifier = identifier(n)?;
        let customer = Customer::new(vec![(identifier.clone(), Freshness::Fresh)]);
        let person = Actor::Customer(customer.ok_or_else(|| anyhow::anyhow!("a customer"))?);
        let permit = person.own().map_err(|denied| anyhow::anyhow!("{denied:?}"))?;
        let day = date(2026, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(n % 365)?));
        let (received_at, due) = (china::midnight(day), calendar.due(day).due);
        let id = Builder::from_u128(u128::from(n) << 64 | u128::from(n)).into_uuid();
        let kinds = RequestKind::ALL;
        let kind = *kinds.get(usize::try_from(n)? % kinds.len()).unwrap_or(&RequestKind::Complaint);
        // Its digits to the base of the letters a number is written in.
        let digit = |power: u32| u8::try_from(n / 31_u64.pow(power) % 31).unwrap_or(0);
        let number = RequestNumber::new(day, [4, 3, 2, 1, 0].map(digit));
        // One in fifty, of every kind.
        let by_another = n / 14 % 50 == 0;
        let new = NewRequest {
            id: RequestId(id),
            number,
            kind,
            stage: Stage::Received { since: received_at },
            lang: Lang::Zh,
            requester: if by_another { agent } else { Requester::Subject },
            asker: by_another.then_some(std::slice::from_ref(&identifier)),
            subject: std::slice::from_ref(&identifier),
            details: None,
            received_at,
            due,
        };
        tx.file(Authority::Own(&permit), &new).await?;
        if n % 10_000 == 9_999 {
            tx.commit().await?;
            tx = store.begin().await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
