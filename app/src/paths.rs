//! Every address of the product. Mails, redirects and links cannot disagree.

use domain::ids::RequestNumber;

pub const HOME: &str = "/";
pub const POLICY: &str = "/policy";
pub const PREFERENCES: &str = "/preferences";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_PARCEL: &str = "/sign-in/parcel";
pub const SIGN_IN_CODE: &str = "/sign-in/code";
pub const SIGN_OUT: &str = "/sign-out";
pub const CONFIRM: &str = "/confirm";
pub const MINE: &str = "/mine";
pub const MINE_FULL: &str = "/mine/full";
pub const MINE_DELETE: &str = "/mine/delete";
pub const REQUESTS: &str = "/requests";
pub const OFFICER: &str = "/officer";
pub const OFFICER_SIGN_IN: &str = "/officer/sign-in";
pub const OFFICER_SECOND: &str = "/officer/second-factor";
pub const OFFICER_ENROL: &str = "/officer/enrol";
pub const OFFICER_SIGN_OUT: &str = "/officer/sign-out";
pub const NIGHTS: &str = "/officer/nights";
pub const AUDIT: &str = "/officer/audit";
pub const DEMO_MAILBOX: &str = "/demo/mailbox";

pub fn correct(token: &str, column: &str) -> String {
    format!("/mine/correct/{token}/{column}")
}

pub fn request(number: &RequestNumber) -> String {
    format!("{REQUESTS}/{number}")
}

pub fn request_action(number: &RequestNumber, action: &str) -> String {
    format!("{REQUESTS}/{number}/{action}")
}

pub fn case(number: &RequestNumber) -> String {
    format!("{OFFICER}/requests/{number}")
}

pub fn case_action(number: &RequestNumber, action: &str) -> String {
    format!("{OFFICER}/requests/{number}/{action}")
}
