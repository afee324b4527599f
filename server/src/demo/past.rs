//! What the company has lived through before anybody looks: people ask, officers decide, nights pass, each on a day of its
//! own, through the portal itself, and nothing is written beside it. The company's own data is that of today from the first,
//! so that what somebody had erased weeks ago took their later rows as well.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use anyhow::Context;
use domain::{
    Email, Identifier, Lang, Personal,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    breaker::Why,
    china,
    map::Extent,
    request::{RefusalCode, RequestKind, Side, StageName},
};
use indicatif::ProgressBar;
use jiff::{SignedDuration, ToSpan, civil::Date};
use service::{
    Clock, Portal, ServiceError,
    requests::{About, Message, Wish, about},
    store::requests::Request,
    worker::Worked,
};

use super::people;

/// A clock that goes from one day of the past to the next.
pub(super) struct Past {
    now: Arc<AtomicI64>,
    today: Date,
    days: u8,
}

/// Who it is, by their number among the customers, and what happens.
enum Deed {
    Deletes(u32),
    /// Consent, to what rests on it first in the map.
    Withdraws(u32),
    Writes(u32, RequestKind, &'static str),
    /// An officer, on what this person asked for last.
    Decides(u32, Decision),
}

enum Decision {
    Approve,
    Refuse(RefusalCode, &'static str),
    Answer(&'static str),
    Ask(&'static str),
    Take,
}

use Decision::{Answer, Approve, Ask, Refuse, Take};
use Deed::{Decides, Deletes, Withdraws, Writes};

/// Why the first night's rules may go.
const BACKLOG: &str = "启用前积压的到期数据，已与业务部门按表核对数量。";

/// How many days ago, and at what hour.
const STORY: [(u8, i64, Deed); 18] = [
    (26, 9, Deletes(13)),
    (26, 15, Decides(13, Approve)),
    (23, 11, Writes(14, RequestKind::ExplainRules, "请说明运单信息为什么要保存三年。")),
    (22, 10, Decides(14, Answer("运单信息用于查询、赔付和监管部门核查，期限见隐私政策“保存多久”一节。"))),
    (20, 10, Deletes(15)),
    (19, 16, Decides(15, Refuse(RefusalCode::RetentionNotExpired, "发票和支付记录仍在法定保存期内，到期后自动清除。"))),
    (16, 9, Writes(16, RequestKind::Complaint, "已经退订，上周还是收到了推广短信。")),
    (14, 14, Decides(16, Answer("短信由旧名单发出，该名单已经停用并删除。给您添麻烦了。"))),
    (12, 20, Withdraws(17)),
    (9, 10, Deletes(18)),
    (9, 17, Decides(18, Approve)),
    (8, 10, Writes(19, RequestKind::Complete, "账号里缺少英文名，请补上 Wei。")),
    (7, 9, Decides(19, Take)),
    (7, 11, Decides(19, Ask("请告诉我们英文名要补在账号上，还是补在实名信息上。"))),
    (5, 21, Deletes(20)),
    (3, 9, Decides(20, Take)),
    (2, 13, Writes(16, RequestKind::ExplainDecision, "给我看的优惠信息是怎么选出来的？用了我的哪些信息？")),
    (1, 10, Deletes(14)),
];

impl Past {
    pub(super) fn of(days: u8, today: Date) -> Self {
        let past = Self { now: Arc::default(), today, days };
        past.go_to(days, 1);
        past
    }

    pub(super) fn clock(&self) -> Clock {
        Clock::Frozen(self.now.clone())
    }

    fn day(&self, ago: u8) -> Date {
        self.today.saturating_sub(i64::from(ago).days())
    }

    fn go_to(&self, ago: u8, hour: i64) {
        let at = china::midnight(self.day(ago)) + SignedDuration::from_hours(hour);
        self.now.store(at.as_millisecond(), Ordering::Relaxed);
    }

    /// Every day, up to yesterday: first its night at two, then what its people do.
    pub(super) async fn live(&self, portal: &Portal) -> anyhow::Result<()> {
        let bar = ProgressBar::new(u64::from(self.days));
        for ago in (1..=self.days).rev() {
            self.go_to(ago, 2);
            portal.retain(self.day(ago), &|_| {}).await?;
            if ago == self.days {
                self.go_to(ago, 8);
                for login in OFFICERS {
                    Desk::of(portal, login).await?.releases(BACKLOG).await?;
                }
            }
            for (_, hour, deed) in STORY.iter().filter(|(of, ..)| *of == ago) {
                self.go_to(ago, *hour);
                deed.is_done(portal).await.with_context(|| format!("{ago} days ago, at {hour}"))?;
                while portal.work_once().await? == Worked::Did {}
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }
}

impl Deed {
    async fn is_done(&self, portal: &Portal) -> Result<(), ServiceError> {
        match self {
            Deletes(who) => {
                let actor = customer(*who)?;
                portal.file_deletion(&actor.own_fresh()?, &actor, &Extent::Everything, Lang::Zh).await?;
            }
            Withdraws(who) => {
                let actor = customer(*who)?;
                let own = actor.own()?;
                if let Some(consent) = portal.consents(&own).await?.first() {
                    portal.file_withdrawal(&own, &actor, &consent.purpose, Lang::Zh).await?;
                }
            }
            Writes(who, kind, words) => {
                let actor = customer(*who)?;
                // What such a wish is about stands first in the map.
                let about = match about(*kind) {
                    About::Decision => portal.map.automated.keys().next(),
                    About::Purpose | About::Consent | About::Nothing => None,
                };
                let wish = Wish::new(words).about(about.map_or("", |name| name));
                portal.file_wish(&actor.own()?, &actor, *kind, &wish, &[], Lang::Zh).await?;
            }
            Decides(who, decision) => {
                let mine = portal.my_requests(&customer(*who)?.own()?, None, 1).await?;
                // Who asked before the past began has not asked.
                if let Some(request) = mine.requests.first() {
                    Desk::of(portal, OFFICERS[0]).await?.decides(request, decision).await?;
                }
                // Where the map has two decide, the other does so after the first.
                let mine = portal.my_requests(&customer(*who)?.own()?, None, 1).await?;
                let waits = |request: &&Request| request.stage.name() == StageName::ApprovedOnce;
                if let Some(request) = mine.requests.first().filter(waits) {
                    Desk::of(portal, OFFICERS[1]).await?.decides(request, decision).await?;
                }
            }
        }
        Ok(())
    }
}

/// Who is on duty, one or the other.
const OFFICERS: [&str; 2] = ["officer", "officer2"];

struct Desk<'a> {
    portal: &'a Portal,
    actor: Actor,
}

impl<'a> Desk<'a> {
    async fn of(portal: &'a Portal, login: &str) -> Result<Self, ServiceError> {
        let staff = portal.store.staff_by_login(login).await?.ok_or(ServiceError::NotFound)?;
        let actor = Actor::Staff(Staff { id: staff.id, role: StaffRole::Officer });
        Ok(Self { portal, actor })
    }

    async fn decides(&self, request: &Request, decision: &Decision) -> Result<(), ServiceError> {
        let Self { portal, actor } = self;
        let (permit, number) = (actor.decide()?, &request.number);
        match decision {
            Approve => {
                let plan = portal.store.frozen_plan(request.id, None).await?.ok_or(ServiceError::NotFound)?;
                portal.approve(&permit, actor, number, &plan.digest(), None).await
            }
            Refuse(code, words) => portal.refuse(&permit, actor, number, *code, &Personal::new(*words)).await,
            Answer(words) => {
                let words = Personal::new(*words);
                portal.settle(&permit, actor, number, Message::from(&words), &Extent::Everything, None).await
            }
            Ask(words) => {
                let words = Personal::new(*words);
                portal.ask(&permit, actor, number, Side::Asker, Message::from(&words)).await
            }
            Take => portal.take(&permit, actor, number, None).await,
        }
    }

    /// Lets go what the breaker held up.
    async fn releases(&self, why: &str) -> Result<(), ServiceError> {
        let permit = self.actor.decide()?;
        let waiting = self.portal.store.rules_to_release(self.actor.read_reports()?).await?;
        // What only follows another goes with it.
        for rule in waiting.iter().filter(|rule| rule.tripped.why != Why::Follows) {
            // Whoever agrees to another's reason has none of their own.
            let why = if self.portal.releasing(&permit, rule).gives_reason() { why } else { "" };
            self.portal.release_rule(&permit, &self.actor, rule.as_seen(), why).await?;
        }
        Ok(())
    }
}

fn customer(serial: u32) -> Result<Actor, ServiceError> {
    let email = Email::parse(&people::email(serial)).map(Identifier::Email);
    let proven = email.map(|email| (email, Freshness::Fresh)).into_iter().collect();
    Customer::new(proven).map(Actor::Customer).ok_or(ServiceError::NotFound)
}
