//! The rows of the portal's own database, one file a table. See `migrations` for what they mean.

#![expect(unreachable_pub, reason = "the derive macros write public items")]

pub(crate) mod answered;
pub(crate) mod audit;
pub(crate) mod audit_head;
pub(crate) mod audit_mark;
pub(crate) mod audit_part;
pub(crate) mod breaker;
pub(crate) mod calendar_year;
pub(crate) mod certificate;
pub(crate) mod challenge;
pub(crate) mod change_notice;
pub(crate) mod consent;
pub(crate) mod copy;
pub(crate) mod copy_piece;
pub(crate) mod copy_subject;
pub(crate) mod delivery;
pub(crate) mod drift;
pub(crate) mod file;
pub(crate) mod forgotten;
pub(crate) mod handover;
pub(crate) mod hold;
pub(crate) mod job;
pub(crate) mod map_version;
pub(crate) mod notified;
pub(crate) mod outbox;
pub(crate) mod plan;
pub(crate) mod policy_version;
pub(crate) mod program;
pub(crate) mod request;
pub(crate) mod request_event;
pub(crate) mod request_note;
pub(crate) mod request_requester;
pub(crate) mod request_subject;
pub(crate) mod run;
pub(crate) mod saved_view;
pub(crate) mod session;
pub(crate) mod set_aside;
pub(crate) mod staff;
pub(crate) mod step;
pub(crate) mod task;
pub(crate) mod throttle;
pub(crate) mod tombstone;
pub(crate) mod transfer;
pub(crate) mod unlock;
pub(crate) mod webhook;
