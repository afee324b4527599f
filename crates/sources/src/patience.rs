//! How long somebody who waits for an answer waits for one database, over all the looks into it: a lock that the
//! company's own programs hold must not make a page wait once for every table. What nobody waits for has no such limit.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use domain::map::SourceName;

use crate::SourceError;

/// A page stays usable: a source that needs longer is named as one that could not be looked at.
const LONGEST: Duration = Duration::from_secs(10);

/// Whoever waits, or nobody.
#[derive(Clone, Debug, Default)]
pub(crate) enum Patience {
    #[default]
    Endless,
    Visit(Arc<Visit>),
}

/// One visit, and what it has had of each source.
#[derive(Debug)]
pub(crate) struct Visit {
    longest: Duration,
    waited: Mutex<BTreeMap<SourceName, Waited>>,
}

#[derive(Debug, Default)]
struct Waited {
    spent: Duration,
    /// Looks under way side by side, and since when at least one is.
    underway: usize,
    since: Option<Instant>,
    /// It did not answer: it is not asked once more.
    failed: Option<SourceError>,
}

impl Patience {
    /// That of one visit; one that has begun goes on.
    pub(crate) fn limited(&self) -> Self {
        match self {
            Self::Endless => Self::visit(LONGEST),
            Self::Visit(visit) => Self::Visit(visit.clone()),
        }
    }

    fn visit(longest: Duration) -> Self {
        Self::Visit(Arc::new(Visit { longest, waited: Mutex::default() }))
    }

    /// What a source says, as far as somebody waits for it.
    pub(crate) async fn look<T>(
        &self,
        source: &SourceName,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let Self::Visit(visit) = self else { return work.await };
        let (left, under_way) = visit.begin(source)?;
        let seen = tokio::time::timeout(left, work).await;
        let seen = seen.unwrap_or_else(|_| Err(SourceError::Slow { source_name: source.clone() }));
        drop(under_way);
        if let Err(error) = &seen
            && error.is_passing()
        {
            visit.waited().entry(source.clone()).or_default().failed = Some(error.clone());
        }
        seen
    }
}

impl Visit {
    fn waited(&self) -> MutexGuard<'_, BTreeMap<SourceName, Waited>> {
        self.waited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin<'a>(&'a self, source: &'a SourceName) -> Result<(Duration, UnderWay<'a>), SourceError> {
        let now = Instant::now();
        let mut all = self.waited();
        let waited = all.entry(source.clone()).or_default();
        if let Some(error) = &waited.failed {
            return Err(error.clone());
        }
        waited.underway += 1;
        let since = *waited.since.get_or_insert(now);
        let left = self.longest.saturating_sub(waited.spent + now.duration_since(since));
        Ok((left, UnderWay { visit: self, source }))
    }
}

/// Counts until it ends, also where nobody waits for it any more.
struct UnderWay<'a> {
    visit: &'a Visit,
    source: &'a SourceName,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut all = self.visit.waited();
        let waited = all.entry(self.source.clone()).or_default();
        waited.underway = waited.underway.saturating_sub(1);
        if waited.underway == 0
            && let Some(since) = waited.since.take()
        {
            waited.spent += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    fn shop() -> SourceName {
        SourceName("shop".to_owned())
    }

    async fn hangs(patience: &Patience) -> Result<(), SourceError> {
        patience.look(&shop(), pending()).await
    }

    #[tokio::test]
    async fn a_source_that_hangs_is_waited_for_once_a_visit() {
        let longest = Duration::from_millis(50);
        let (visit, begun) = (Patience::visit(longest), Instant::now());
        assert_eq!(hangs(&visit).await.unwrap_err().code(), "slow");
        assert!(begun.elapsed() >= longest);
        let again = Instant::now();
        assert_eq!(hangs(&visit.limited()).await.unwrap_err().code(), "slow", "it is the same visit");
        assert!(again.elapsed() < longest);
        let other = SourceName("other".to_owned());
        assert_eq!(visit.look(&other, ready(Ok(1))).await, Ok(1), "others are asked as before");
        assert_eq!(Patience::Endless.limited().look(&shop(), ready(Ok(1))).await, Ok(1), "another visit asks again");
    }

    #[tokio::test]
    async fn looks_that_nobody_waited_for_to_their_end_count_too() {
        let visit = Patience::visit(Duration::from_millis(60));
        for _ in 0..2 {
            let given_up = tokio::time::timeout(Duration::from_millis(40), hangs(&visit)).await;
            if let Ok(seen) = given_up {
                assert_eq!(seen.unwrap_err().code(), "slow");
                return;
            }
        }
        panic!("the second look had as long as the first");
    }

    #[tokio::test]
    async fn what_does_not_pass_by_itself_is_no_reason_to_ask_no_more() {
        let visit = Patience::Endless.limited();
        let wrong = SourceError::Schema { source_name: shop(), code: "42P01".to_owned() };
        assert_eq!(visit.look(&shop(), ready(Err::<(), _>(wrong.clone()))).await, Err(wrong));
        assert_eq!(visit.look(&shop(), ready(Ok(1))).await, Ok(1));
    }
}
