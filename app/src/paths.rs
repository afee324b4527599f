//! Every address of the product. Mails, redirects and links cannot disagree.

use domain::{
    actor::StaffRole,
    ids::{CopyId, HoldId, RequestNumber},
    map::{MapHash, TableName},
    request::RequestKind,
};
use jiff::civil::Date;

use crate::{components::TABLE, page::urlencode};

pub const HOME: &str = "/";
pub const POLICY: &str = "/policy";
pub const POLICY_VERSIONS: &str = "/policy/versions";
pub const POLICY_RULES: &str = "/policy/rules";
pub const POLICY_MINORS: &str = "/policy/minors";
pub const POLICY_PDF: &str = "/policy.pdf";
pub const VERIFY: &str = "/verify";
pub const PREFERENCES: &str = "/preferences";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_PARCEL: &str = "/sign-in/parcel";
pub const SIGN_IN_CODE: &str = "/sign-in/code";
pub const SIGN_OUT: &str = "/sign-out";
pub const CONFIRM: &str = "/confirm";
pub const MINE: &str = "/mine";
pub const MINE_FULL: &str = "/mine/full";
pub const MINE_LOOKS: &str = "/mine/looks";
pub const MINE_LISTS: &str = "/mine/lists";
pub const MINE_CONSENT: &str = "/mine/consent";
pub const MINE_CORRECT: &str = "/mine/correct";
pub const MINE_DELETE: &str = "/mine/delete";
pub const MINE_CANCEL: &str = "/mine/cancel-account";
pub const MINE_CONSENT_GIVE: &str = "/mine/consent/give";
pub const MINE_WITHDRAW: &str = "/mine/consent/withdraw";
pub const MINE_COPY: &str = "/mine/copy";
pub const MINE_COPY_FILE: &str = "/mine/copy.zip";
pub const MINE_COPY_PREPARE: &str = "/mine/copy/prepare";
pub const RIGHTS: &str = "/rights";
pub const FOR_ANOTHER: &str = "/rights/for-another";
pub const REQUESTS: &str = "/requests";
pub const OFFICER: &str = "/officer";
pub const DOORS: &str = "/officer/connections";
pub const INTAKE: &str = "/officer/new";
pub const VIEWS: &str = "/officer/views";
pub const BULK: &str = "/officer/bulk";
pub const BULK_PREVIEW: &str = "/officer/bulk/preview";
pub const FIND: &str = "/officer/find";
pub const OFFICER_SIGN_IN: &str = "/officer/sign-in";
pub const OFFICER_SECOND: &str = "/officer/second-factor";
pub const OFFICER_ENROL: &str = "/officer/enrol";
pub const OWN_PASSWORD: &str = "/officer/password";
pub const OFFICER_SIGN_OUT: &str = "/officer/sign-out";
pub const ACCOUNTS: &str = "/officer/accounts";
pub const ACCOUNT_CLOSE: &str = "/officer/accounts/close";
pub const ACCOUNT_RENEW: &str = "/officer/accounts/renew";
pub const OPENAPI: &str = "/api/v1/openapi.json";
pub const PROGRAMS: &str = "/officer/programs";
pub const PROGRAM_REMOVE: &str = "/officer/programs/remove";
pub const VERSIONS: &str = "/officer/policy";
pub const DRIFT: &str = "/officer/differences";
pub const NIGHTS: &str = "/officer/nights";
pub const NIGHTS_RELEASE: &str = "/officer/nights/release";
pub const HOLDS: &str = "/officer/holds";
pub const HOLDS_NEW: &str = "/officer/holds/new";
pub const NIGHTS_PROGRESS: &str = "/officer/nights/progress";
pub const REGISTER: &str = "/officer/register";
pub const STATISTICS: &str = "/officer/statistics";
pub const SIMULATE: &str = "/officer/simulate";
pub const AUDIT: &str = "/officer/audit";
pub const AUDIT_CSV: &str = "/officer/audit.csv";
pub const DEMO_MAILBOX: &str = "/demo/mailbox";

/// The first page of a member of staff: where they land after signing in, and where the logo leads.
pub const fn staff_home(role: StaffRole) -> &'static str {
    match role {
        StaffRole::SystemAdmin => DOORS,
        // What keeping the accounts of staff takes is not done here: a page at the same address says so.
        StaffRole::Officer | StaffRole::Auditor | StaffRole::SecurityAdmin => OFFICER,
    }
}

/// What a deletion of some records would do.
pub fn delete_some<'a>(tables: impl IntoIterator<Item = &'a TableName>) -> String {
    let ticked = tables.into_iter().map(|table| format!("&{}=on", urlencode(&format!("{TABLE}{table}"))));
    format!("{MINE_DELETE}?tables=listed{}", ticked.collect::<String>())
}

/// What a deletion of one record would do, by its token.
pub fn delete_record(token: &str) -> String {
    format!("{MINE_DELETE}?record={}", urlencode(token))
}

/// A published version; the beginning of its hash will do.
pub fn version(hash: &MapHash) -> String {
    format!("{POLICY}/v/{}", hash.short())
}

pub fn version_changes(hash: &MapHash) -> String {
    format!("{POLICY}/v/{}/changes", hash.short())
}

/// A version that waits for approval.
pub fn open_version(hash: &MapHash) -> String {
    format!("{VERSIONS}/{hash}")
}

/// A night's signed report.
pub fn night(number: &str) -> String {
    format!("{NIGHTS}/{number}")
}

/// The register of the month that begins on `first`.
/// A rule of the night that waits.
pub fn night_rule(table: &TableName, outcome: &str) -> String {
    format!("{NIGHTS_RELEASE}?table={}&outcome={outcome}", urlencode(&table.to_string()))
}

/// The simulator with a table chosen.
pub fn simulate_table(table: &TableName) -> String {
    format!("{SIMULATE}?table={}", urlencode(&table.to_string()))
}

pub fn register(first: Date) -> String {
    format!("{REGISTER}?month={}", first.strftime("%Y-%m"))
}

pub fn statistics(year: i16) -> String {
    format!("{STATISTICS}?year={year}")
}

pub fn statistics_csv(year: i16) -> String {
    format!("{STATISTICS}/{year}.csv")
}

pub fn register_csv(first: Date) -> String {
    format!("{REGISTER}/{}.csv", first.strftime("%Y-%m"))
}

pub fn hold(id: HoldId) -> String {
    format!("{HOLDS}/{id}")
}

pub fn hold_action(id: HoldId, action: &str) -> String {
    format!("{HOLDS}/{id}/{action}")
}

pub fn webhook_action(id: uuid::Uuid, action: &str) -> String {
    format!("{DOORS}/{id}/{action}")
}

/// A copy that waits to be downloaded. The address alone opens nothing.
pub fn my_copy(id: CopyId) -> String {
    format!("{MINE_COPY}/{id}")
}

pub fn my_copy_action(id: CopyId, action: &str) -> String {
    format!("{MINE_COPY}/{id}/{action}")
}

/// Takes a saved view away.
pub fn forget_view(id: uuid::Uuid) -> String {
    format!("{VIEWS}/{id}/remove")
}

/// Sends a message to another system again.
pub fn delivery_again(id: uuid::Uuid) -> String {
    format!("{DOORS}/messages/{id}/again")
}

/// Where another handler fetches a transfer; the secret is the right to.
pub fn transfer(secret: &str) -> String {
    format!("/transfer/{secret}")
}

/// Where the company's own app posts a token.
pub const ARRIVE: &str = "/arrive";

/// From the company's own app; the secret is the right to come in.
pub fn arrive(secret: &str) -> String {
    format!("/arrive/{secret}")
}

/// To one of the company's identity providers.
pub fn provider(id: &str) -> String {
    format!("{SIGN_IN}/with/{id}")
}

/// Where it sends people back to.
pub fn provider_back(id: &str) -> String {
    format!("{SIGN_IN}/with/{id}/back")
}

/// Anyone may see it.
pub fn certificate(number: &str) -> String {
    format!("{VERIFY}/{number}")
}

/// Where the owner of a system confirms; the secret is the right to do so.
pub fn task(link: &str) -> String {
    format!("/tasks/{link}")
}

/// Where a recipient reads what to do, and confirms; the secret is the right to do so.
pub fn recipient(link: &str) -> String {
    format!("/recipients/{link}")
}

pub fn correct(token: &str, column: &str) -> String {
    format!("{MINE_CORRECT}/{token}/{column}")
}

/// Where a right is used that is asked for in words.
pub fn wish(kind: RequestKind) -> String {
    format!("{RIGHTS}/{}", kind.slug())
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
