use domain::{Identifier, permit::Work};
use jiff::civil::Date;
use store::{
    Tx,
    copies::{CopyFor, StoredCopy},
    requests::{Reader, Request},
};

use crate::{Notice, Portal, ServiceError, notice::best_address};

/// What there is to tell of one.
#[derive(Clone, Copy)]
pub(super) enum News {
    Ready { until: Date },
    Failed,
}

/// Who waits for one.
pub(super) enum Waits {
    Oneself {
        people: Vec<Identifier>,
    },
    /// Whoever asked for what an officer has agreed to.
    Asker {
        request: Box<Request>,
        asker: Vec<Identifier>,
    },
}

impl Portal {
    pub(super) async fn who_waits(
        &self,
        work: &Work,
        copy: &StoredCopy,
        people: &[Identifier],
    ) -> Result<Waits, ServiceError> {
        let CopyFor::Request(id) = copy.made_for else { return Ok(Waits::Oneself { people: people.to_vec() }) };
        let request = self.store.request_by_id(work, id).await?;
        let request = request.ok_or(ServiceError::Inconsistent { what: "the request of a copy" })?;
        let asker = self.store.asker(Reader::Work(work), id).await?;
        Ok(Waits::Asker { request: Box::new(request), asker })
    }

    pub(super) async fn tell_of_copy(
        &self,
        tx: &Tx,
        copy: &StoredCopy,
        who: &Waits,
        news: News,
    ) -> Result<(), ServiceError> {
        match who {
            Waits::Oneself { people } => {
                let Some(address) = best_address(people) else { return Ok(()) };
                let notice = match news {
                    News::Ready { until } => Notice::CopyReady { id: copy.id, until },
                    News::Failed => Notice::CopyFailed,
                };
                self.post(tx, address, copy.lang, &notice, None).await
            }
            Waits::Asker { request, asker } => {
                let (number, kind) = (request.number.clone(), request.kind);
                let notice = match news {
                    News::Ready { until } => Notice::AgreedReady { number, kind, until },
                    News::Failed => Notice::AgreedFailed { number, kind },
                };
                self.tell(tx, request, asker, &notice).await
            }
        }
    }
}
