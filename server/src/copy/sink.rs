use service::ServiceError;

/// Takes what the archive has written.
pub(super) trait Sink: Send {
    /// `records` are written with them, of all there are.
    fn take(&mut self, bytes: Vec<u8>, records: u64) -> impl Future<Output = Result<(), Unsent>> + Send;
}

/// Why the rest is not written.
pub(super) enum Unsent {
    /// Nobody takes it any more, or it cannot be written as it should be.
    Gone,
    Portal(ServiceError),
}

impl<E: std::error::Error> From<E> for Unsent {
    fn from(_: E) -> Self {
        Self::Gone
    }
}
