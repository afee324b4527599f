//! A request from filing to its answer.

mod bulk;
mod cancel_account;
mod correct;
mod decide;
mod delete;
mod desk;
mod duplicates;
mod execute;
mod file;
mod files;
mod follow;
mod represent;
mod restrict;
mod sides;
mod stop;
pub mod tasks;
mod transfer;
mod unlock;
mod wish;
mod withdraw;

pub use bulk::{BulkAction, MOST as MOST_AT_ONCE, Previewed, WhyNot, Would};
pub use cancel_account::{Cancellation, Cancelled};
pub use correct::{Corrected, CorrectionDetails, CorrectionForm, Refused};
pub use decide::{Case, GrantedBy, QueueRow};
pub use desk::Wanted;
pub use files::{Message, Opened};
pub use follow::{Followed, MyRequests};
pub use represent::{ForAnother, People, Vouched, WrittenDown, may_be_asked_for};
pub(crate) use restrict::{Doer, Word};
pub use restrict::{Processing, Stoppable};
pub(crate) use stop::stopped;
pub use transfer::{Address, Fetched};
pub use unlock::{By, LockedAway, Opening};
pub use wish::{About, Wish, about};
pub use withdraw::{Consent, Withdrawal};
