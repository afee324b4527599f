use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many failures in a row, and a source is left alone for a while.
const FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(20);

/// A source that is down must not make every page wait for its time-out.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Failing {
        times: u32,
    },
    Open {
        since: Instant,
    },
    /// One call is let through to see whether it answers again.
    Probing {
        since: Instant,
    },
}

impl Breaker {
    /// Whether a call may be made now.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::Closed | State::Failing { .. } => true,
            // A probe that never came back is not waited for for ever.
            State::Open { since } | State::Probing { since } => {
                let rested = now.duration_since(since) >= REST;
                if rested {
                    *state = State::Probing { since: now };
                }
                rested
            }
        }
    }

    pub(crate) fn answered(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Closed;
    }

    pub(crate) fn failed(&self, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = match *state {
            State::Closed => 1,
            State::Failing { times } => times + 1,
            State::Open { .. } | State::Probing { .. } => FAILURES,
        };
        *state = if times >= FAILURES { State::Open { since: now } } else { State::Failing { times } };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_give_it_a_rest_and_one_answer_ends_it() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.allows(start));
            breaker.failed(start);
        }
        assert!(!breaker.allows(start + REST / 2));
        assert!(breaker.allows(start + REST), "one call to see");
        assert!(!breaker.allows(start + REST), "and only one");
        breaker.failed(start + REST);
        assert!(!breaker.allows(start + REST + REST / 2));
        assert!(breaker.allows(start + REST * 2));
        breaker.answered();
        assert!(breaker.allows(start + REST * 2));
    }
}
