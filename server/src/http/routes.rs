//! Every address and its method, in one list: the router is built from it, and the test of all
//! routes × all roles walks it.

use std::{sync::Arc, time::Duration};

use app::paths;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode},
    middleware,
    routing::{MethodRouter, get, post},
};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use super::{
    App, Demo, arrive, copy, correct, customer, delete, handed::LARGEST_FORM, looks, officer, policy, proof, provider,
    public, recipients, represent, requests, sign_in, tasks, transfer, unsent, wish,
};

pub(super) struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of routes × roles"))]
    pub(super) method: Method,
    pub(super) path: &'static str,
    handler: MethodRouter<Arc<App>>,
    takes: Takes,
}

/// How much may be sent there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Words,
    Files,
}

/// The longest form without files: a refusal in plain words, percent-encoded.
pub(super) const LARGEST_WORDS: usize = 64 * 1024;

const TIME: Duration = Duration::from_secs(30);
/// Five files from a telephone.
const TIME_FOR_FILES: Duration = Duration::from_mins(5);

pub(super) fn routes(demo: &Demo) -> Vec<Route> {
    let read = |path, handler| Route { method: Method::GET, path, handler, takes: Takes::Words };
    let write = |path, handler| Route { method: Method::POST, path, handler, takes: Takes::Words };
    let upload = |path, handler| Route { method: Method::POST, path, handler, takes: Takes::Files };
    let mut routes = vec![
        read(paths::HOME, get(public::home)),
        read(paths::POLICY, get(policy::in_force)),
        read(paths::POLICY_VERSIONS, get(policy::versions)),
        read(paths::POLICY_RULES, get(policy::rules)),
        read(paths::POLICY_MINORS, get(policy::minors)),
        read(paths::POLICY_PDF, get(policy::pdf)),
        read("/policy/v/{hash}", get(policy::version)),
        read("/policy/v/{hash}/changes", get(policy::changes)),
        read(paths::VERIFY, get(proof::verify_page)),
        write(paths::VERIFY, post(proof::verify)),
        read("/verify/{file}", get(proof::certificate)),
        read(paths::PREFERENCES, get(public::preferences)),
        read(paths::SIGN_IN, get(sign_in::email_page)),
        write(paths::SIGN_IN, post(sign_in::email)),
        read(paths::SIGN_IN_PARCEL, get(sign_in::parcel_page)),
        write(paths::SIGN_IN_PARCEL, post(sign_in::parcel)),
        read(paths::SIGN_IN_CODE, get(sign_in::code_page)),
        write(paths::SIGN_IN_CODE, post(sign_in::code)),
        write(paths::SIGN_OUT, post(sign_in::sign_out)),
        read("/sign-in/with/{provider}", get(provider::go)),
        read("/sign-in/with/{provider}/back", get(provider::back)),
        read("/arrive/{secret}", get(arrive::page)),
        write("/arrive/{secret}", post(arrive::go)),
        read(paths::CONFIRM, get(sign_in::confirm_page)),
        write(paths::CONFIRM, post(sign_in::confirm)),
        read(paths::MINE, get(customer::mine)),
        read(paths::MINE_FULL, get(customer::mine_full)),
        read(paths::MINE_LISTS, get(customer::lists)),
        read(paths::MINE_LOOKS, get(looks::page)),
        read(paths::MINE_CONSENT, get(customer::consent_page)),
        write(paths::MINE_CONSENT, post(customer::consent)),
        write(paths::MINE_CONSENT_GIVE, post(customer::give)),
        write(paths::MINE_WITHDRAW, post(customer::withdraw)),
        read(paths::MINE_COPY, get(copy::page)),
        write(paths::MINE_COPY_FILE, post(copy::file)),
        write(paths::MINE_COPY_PREPARE, post(copy::prepare)),
        read("/mine/copy/{id}", get(copy::kept)),
        read("/mine/copy/{id}/progress", get(copy::progress)),
        write("/mine/copy/{id}/download", post(copy::download)),
        write("/mine/copy/{id}/remove", post(copy::remove)),
        read(paths::MINE_CANCEL, get(customer::cancel_page)),
        write(paths::MINE_CANCEL, post(customer::cancel)),
        read(paths::RIGHTS, get(public::rights)),
        read(paths::FOR_ANOTHER, get(represent::page)),
        upload(paths::FOR_ANOTHER, post(represent::file)),
        read("/rights/{kind}", get(wish::page)),
        upload("/rights/{kind}", post(wish::file)),
        read(paths::MINE_DELETE, get(delete::page)),
        write(paths::MINE_DELETE, post(delete::file)),
        read("/mine/correct/{token}/{column}", get(correct::page)),
        upload("/mine/correct/{token}/{column}", post(correct::file)),
        read(paths::REQUESTS, get(requests::list)),
        read("/requests/{number}", get(requests::page)),
        read("/requests/{number}/stage", get(requests::stage)),
        write("/requests/{number}/cancel", post(requests::cancel)),
        write("/requests/{number}/stop", post(requests::stop)),
        upload("/requests/{number}/answer", post(requests::answer)),
        write("/requests/{number}/transfer", post(transfer::open)),
        read("/transfer/{secret}", get(transfer::page)),
        write("/transfer/{secret}", post(transfer::fetch)),
        write("/requests/{number}/copy", post(represent::copy)),
        write("/requests/{number}/prepare", post(represent::prepare)),
        read("/requests/{number}/files/{id}", get(represent::my_file)),
        read("/tasks/{link}", get(tasks::page)),
        write("/tasks/{link}", post(tasks::confirm)),
        write("/tasks/{link}/show", post(tasks::reveal)),
        read("/recipients/{link}", get(recipients::page)),
        write("/recipients/{link}", post(recipients::confirm)),
        write("/recipients/{link}/show", post(recipients::reveal)),
        read(paths::OFFICER_SIGN_IN, get(officer::sign_in::password_page)),
        write(paths::OFFICER_SIGN_IN, post(officer::sign_in::password)),
        read(paths::OFFICER_SECOND, get(officer::sign_in::second_page)),
        write(paths::OFFICER_SECOND, post(officer::sign_in::second)),
        read(paths::OFFICER_ENROL, get(officer::sign_in::enrol_page)),
        write(paths::OFFICER_ENROL, post(officer::sign_in::enrol)),
        write(paths::OFFICER_SIGN_OUT, post(sign_in::sign_out)),
        read(paths::OWN_PASSWORD, get(officer::own_password::page)),
        write(paths::OWN_PASSWORD, post(officer::own_password::change)),
        read(paths::OFFICER, get(officer::queue)),
        write(paths::VIEWS, post(officer::save_view)),
        write("/officer/views/{id}/remove", post(officer::forget_view)),
        write(paths::BULK_PREVIEW, post(officer::bulk::preview)),
        write(paths::BULK, post(officer::bulk::go)),
        read(paths::FIND, get(officer::find_page)),
        write(paths::FIND, post(officer::find)),
        read("/officer/requests/{number}", get(officer::case::page)),
        read(paths::INTAKE, get(officer::intake::page)),
        upload(paths::INTAKE, post(officer::intake::file)),
        write("/officer/requests/{number}/people", post(officer::people::show)),
        write("/officer/requests/{number}/confirm", post(officer::people::confirm)),
        read("/officer/requests/{number}/files/{id}", get(represent::case_file)),
        write("/officer/requests/{number}/merge", post(officer::case::merge)),
        write("/officer/requests/{number}/take", post(officer::case::take)),
        write("/officer/requests/{number}/give-back", post(officer::case::give_back)),
        write("/officer/requests/{number}/pass-on", post(officer::case::pass_on)),
        write("/officer/requests/{number}/note", post(officer::case::note)),
        write("/officer/requests/{number}/tell", post(officer::case::tell)),
        write("/officer/requests/{number}/told", post(officer::case::told)),
        write("/officer/requests/{number}/approve/check", post(officer::decide::check_approval)),
        write("/officer/requests/{number}/approve", post(officer::decide::approve)),
        write("/officer/requests/{number}/agree", post(officer::decide::agree)),
        write("/officer/requests/{number}/refuse/check", post(officer::decide::check_refusal)),
        write("/officer/requests/{number}/refuse", post(officer::decide::refuse)),
        write("/officer/requests/{number}/change", post(officer::decide::change)),
        upload("/officer/requests/{number}/settle", post(officer::case::settle)),
        upload("/officer/requests/{number}/ask", post(officer::case::ask)),
        write("/officer/requests/{number}/plan", post(officer::case::plan)),
        read("/officer/requests/{number}/correct", get(officer::work_out::page)),
        // A field for each value of each record.
        upload("/officer/requests/{number}/correct", post(officer::work_out::file)),
        read("/officer/requests/{number}/leave-out", get(officer::leave_out::page)),
        // A token for each record.
        upload("/officer/requests/{number}/leave-out", post(officer::leave_out::file)),
        // From there as well.
        upload("/officer/requests/{number}/reveal", post(officer::reveal::reveal)),
        write("/officer/requests/{number}/rescan", post(officer::case::rescan)),
        read("/officer/requests/{number}/locked", get(officer::locked::page)),
        write("/officer/requests/{number}/locked/ask", post(officer::locked::ask)),
        write("/officer/requests/{number}/locked/grant", post(officer::locked::grant)),
        write("/officer/requests/{number}/locked/show", post(officer::locked::show)),
        read(paths::VERSIONS, get(officer::versions::list)),
        read("/officer/policy/{hash}", get(officer::versions::page)),
        write("/officer/policy/{hash}/approve", post(officer::versions::approve)),
        write("/officer/policy/{hash}/withdraw", post(officer::versions::withdraw)),
        read(paths::DRIFT, get(officer::drift)),
        read(paths::DOORS, get(officer::doors::page)),
        write(paths::DOORS, post(officer::doors::add)),
        write("/officer/connections/{id}/remove", post(officer::doors::remove)),
        write("/officer/connections/messages/{id}/again", post(officer::doors::again)),
        read(paths::NIGHTS, get(officer::nights::nights)),
        read(paths::HOLDS, get(officer::holds::list)),
        read(paths::HOLDS_NEW, get(officer::holds::new_page)),
        write(paths::HOLDS_NEW, post(officer::holds::place)),
        read("/officer/holds/{id}", get(officer::holds::page)),
        write("/officer/holds/{id}/review", post(officer::holds::review)),
        write("/officer/holds/{id}/lift", post(officer::holds::lift)),
        read(paths::NIGHTS_PROGRESS, get(officer::nights::night_progress)),
        read("/officer/requests/{number}/progress", get(officer::case::progress)),
        read("/officer/nights/{file}", get(proof::night)),
        read(paths::REGISTER, get(officer::register::page)),
        read("/officer/register/{file}", get(officer::register::file)),
        read(paths::STATISTICS, get(officer::statistics::page)),
        read("/officer/statistics/{file}", get(officer::statistics::file)),
        read(paths::SIMULATE, get(officer::nights::simulate)),
        read(paths::ACCOUNTS, get(officer::accounts::page)),
        write(paths::ACCOUNTS, post(officer::accounts::open)),
        write(paths::ACCOUNT_CLOSE, post(officer::accounts::close)),
        write(paths::ACCOUNT_RENEW, post(officer::accounts::renew)),
        read(paths::PROGRAMS, get(officer::programs::page)),
        write(paths::PROGRAMS, post(officer::programs::add)),
        write(paths::PROGRAM_REMOVE, post(officer::programs::remove)),
        read(paths::NIGHTS_RELEASE, get(officer::nights::look)),
        write(paths::NIGHTS_RELEASE, post(officer::nights::release)),
        read(paths::AUDIT, get(officer::audit::page)),
        read(paths::AUDIT_CSV, get(officer::audit::file)),
    ];
    if let Demo::Yes(_) = demo {
        routes.push(read(paths::DEMO_MAILBOX, get(public::mailbox)));
    }
    routes
}

pub(super) fn router(demo: &Demo) -> Router<Arc<App>> {
    let (words, files): (Vec<_>, Vec<_>) = routes(demo).into_iter().partition(|route| route.takes == Takes::Words);
    let all = |routes: Vec<Route>, limit: usize, time: Duration| {
        let add = |router: Router<_>, route: Route| router.route(route.path, route.handler);
        routes
            .into_iter()
            .fold(Router::new(), add)
            .layer(DefaultBodyLimit::disable())
            .layer(middleware::from_fn(unsent::listen))
            .layer(RequestBodyLimitLayer::new(limit))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time))
    };
    all(words, LARGEST_WORDS, TIME).merge(all(files, LARGEST_FORM, TIME_FOR_FILES))
}
