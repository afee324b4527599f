//! What an officer is asked to write to the person, by what was asked: what happens first differs.

use domain::request::RequestKind;

use crate::text::Text;

/// The name of the field, and what is to be known before it is filled in.
pub(super) fn answer_field(t: Text, kind: RequestKind) -> (&'static str, &'static str) {
    match kind {
        // The answer itself has the copy written; there is nothing to be done before.
        RequestKind::Copy => (t.case_words(), t.wish_officer_hint_copy()),
        RequestKind::Transfer => (t.case_words(), t.wish_officer_hint_transfer()),
        RequestKind::ExplainRules | RequestKind::ExplainDecision => {
            (t.wish_officer_words_explain(), t.wish_officer_hint_explain())
        }
        RequestKind::RefuseDecision => (t.wish_officer_words_review(), t.wish_officer_hint_review()),
        RequestKind::Complaint => (t.wish_officer_words_complaint(), t.wish_officer_hint_complaint()),
        RequestKind::Delete
        | RequestKind::CancelAccount
        | RequestKind::Withdraw
        | RequestKind::Correct
        | RequestKind::Complete
        | RequestKind::Restrict
        | RequestKind::Object
        | RequestKind::Lift => (t.wish_officer_words(), t.wish_officer_hint()),
    }
}
