//! Messages that wait to be sent, by mail or to a webhook: taken by one sender at a time, tried again after waits that
//! grow, and given up after the last.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};

use crate::{StoreError, Tx};

pub(crate) const WAITING: &str = "waiting";
pub(crate) const GIVEN_UP: &str = "given_up";

/// How long a message that was taken is nobody else's: longer than any sender waits for an answer.
const IN_HAND: SignedDuration = SignedDuration::from_mins(2);

/// A table of such messages.
pub(crate) trait Waits: EntityTrait {
    const ID: Self::Column;
    const STATUS: Self::Column;
    const ATTEMPTS: Self::Column;
    const NEXT_AT: Self::Column;

    fn id(row: &Self::Model) -> &str;
}

impl Tx {
    /// The next one among these that is due, as it was before it was taken.
    pub(crate) async fn take_waiting<M: Waits>(
        &self,
        among: Select<M>,
        now: Timestamp,
    ) -> Result<Option<M::Model>, StoreError> {
        let row = among
            .filter(M::STATUS.eq(WAITING))
            .filter(M::NEXT_AT.lte(now.as_millisecond()))
            .order_by_asc(M::NEXT_AT)
            .limit(1u64)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&self.inner)
            .await?;
        let Some(row) = row else { return Ok(None) };
        M::update_many()
            .col_expr(M::NEXT_AT, Expr::value((now + IN_HAND).as_millisecond()))
            .col_expr(M::ATTEMPTS, Expr::col(M::ATTEMPTS).add(1))
            .filter(M::ID.eq(M::id(&row)))
            .exec(&self.inner)
            .await?;
        Ok(Some(row))
    }
}

/// When to try again after so many attempts; `None` where it is given up. The waits are in seconds.
pub(crate) fn next_try(waits: &[i64], attempts: i64, now: Timestamp) -> Option<Timestamp> {
    let wait = usize::try_from(attempts - 1).ok().and_then(|n| waits.get(n))?;
    Some(now + SignedDuration::from_secs(*wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_last_wait_it_is_given_up() {
        let at = Timestamp::UNIX_EPOCH;
        let after = |attempts| next_try(&[5, 300], attempts, at).map(Timestamp::as_second);
        assert_eq!([1, 2, 3].map(after), [Some(5), Some(300), None]);
    }
}
