//! A demonstration company, a portal on it with a clock that stands still, and the people who come.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use jiff::SignedDuration;
use serde_json::Value;
use service::{Clock, Live, Portal, worker::Worked};
use store::outbox::Letter;
use tower::ServiceExt;

use crate::{
    boot,
    config::Config,
    demo, http,
    mail::{Folder, Sender, Sent},
};

pub(super) struct World {
    pub(super) portal: Arc<Portal>,
    pub(super) router: Router,
    live: Arc<Live>,
    pub(super) dir: tempfile::TempDir,
    now: Arc<AtomicI64>,
    sender: Sender,
    mailbox: Folder,
    signins: Value,
}

/// Someone at a browser.
#[derive(Clone)]
pub(super) struct Person<'a> {
    world: &'a World,
    pub(super) cookie: Option<String>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) body: String,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(|_, _| {}).await
    }

    /// With another configuration; the folder is the configuration's.
    pub(super) async fn with(change: impl FnOnce(&mut Config, &Path)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("demo");
        let wanted = demo::Wanted {
            dir: &path,
            customers: 40,
            seed: 7,
            listen: "127.0.0.1:3000".parse().unwrap(),
            today: Clock::System.today(),
            past: 0,
            officers: demo::Officers::One,
        };
        let mut config = demo::write(&wanted).await.unwrap();
        change(&mut config, &path);
        Self::on(dir, &config).await
    }

    async fn on(dir: tempfile::TempDir, config: &Config) -> Self {
        let mut portal = boot::portal(config).await.unwrap();
        let now = Arc::new(AtomicI64::new(portal.clock.now().as_millisecond()));
        portal.clock = Clock::Frozen(now.clone());
        let portal = Arc::new(portal);
        let disk = boot::load_map(&config.path(&config.map)).unwrap();
        let live = Arc::new(Live::new(portal.clone(), disk, config.base.clone()));
        let demo = dir.path().join("demo");
        let signins = serde_json::from_slice(&std::fs::read(demo.join("sign-ins.json")).unwrap()).unwrap();
        Self {
            router: http::router(live.clone(), config, http::Demo::No).unwrap(),
            live,
            sender: Sender::new(config).unwrap(),
            mailbox: Folder::open(&demo.join("mail")).unwrap(),
            portal,
            dir,
            now,
            signins,
        }
    }

    /// Somebody edits the map's files, and the service is started again.
    pub(super) async fn edit_map(&self, file: &str, from: &str, to: &str) -> String {
        let path = self.dir.path().join("demo/map").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let disk = boot::load_map(&self.dir.path().join("demo/map")).unwrap();
        service::policy_in_force(&self.portal.store, &self.portal.clock, &disk).await.unwrap();
        disk.hash.0
    }

    /// A new file of the map, approved by two officers and in force.
    pub(super) async fn publish_map(&self, file: &str, text: &str) {
        let folder = self.dir.path().join("demo/map");
        std::fs::write(folder.join(file), text).unwrap();
        let disk = boot::load_map(&folder).unwrap();
        service::policy_in_force(&self.portal.store, &self.portal.clock, &disk).await.unwrap();
        let hash = disk.hash.clone();
        self.live.know(disk);
        for login in ["officer", "officer2"] {
            let approve = format!("/officer/policy/{hash}/approve");
            let answer = self.staff(login).await.post(&approve, &[]).await;
            assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
        }
        self.live.refresh().await.unwrap();
        // Their codes are used up for this half minute.
        self.pass(SignedDuration::from_mins(1));
    }

    /// The portal by the map in force.
    pub(super) fn current(&self) -> Arc<Portal> {
        self.live.current()
    }

    /// What the server does every few seconds.
    pub(super) async fn refresh(&self) {
        self.live.refresh().await.unwrap();
    }

    /// Another program of the company's, at work in its database.
    pub(super) async fn company(&self, sql: &str) {
        use sea_orm::{ConnectionTrait, Database};
        let url = format!("sqlite:{}?mode=rwc", self.dir.path().join("demo/company.sqlite").display());
        Database::connect(url).await.unwrap().execute_unprepared(sql).await.unwrap();
    }

    /// The first column of what stands in the company's database.
    pub(super) async fn company_texts(&self, sql: &str) -> Vec<String> {
        use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
        let url = format!("sqlite:{}", self.dir.path().join("demo/company.sqlite").display());
        let db = Database::connect(url).await.unwrap();
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        let text = |row: &sea_orm::QueryResult| {
            row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))
        };
        rows.iter().map(|row| text(row).unwrap()).collect()
    }

    /// Another program holds the company's database, until what is returned is dropped.
    pub(super) async fn lock_company(&self) -> sea_orm::DatabaseTransaction {
        use sea_orm::{ConnectionTrait, Database, TransactionTrait};
        let url = format!("sqlite:{}", self.dir.path().join("demo/company.sqlite").display());
        let tx = Database::connect(url).await.unwrap().begin().await.unwrap();
        tx.execute_unprepared("UPDATE customers SET name = name WHERE id = 1").await.unwrap();
        tx
    }

    /// Likewise, and nobody else reads in it either.
    pub(super) async fn shut_company(&self) -> sea_orm::DatabaseConnection {
        use sea_orm::{ConnectOptions, ConnectionTrait, Database};
        let path = self.dir.path().join("demo/company.sqlite");
        let mut options = ConnectOptions::new(format!("sqlite:{}", path.display()));
        let db = Database::connect(options.max_connections(1).to_owned()).await.unwrap();
        db.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        db
    }

    pub(super) fn pass(&self, time: SignedDuration) {
        self.now.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// The worker does all there is to do, and the post goes out.
    pub(super) async fn work(&self) {
        while self.live.current().work_once().await.unwrap() == Worked::Did {}
        while self.live.current().prepare_next(&crate::copy::Archivist).await.unwrap() == Worked::Did {}
        for letter in [Letter::Code, Letter::Notice] {
            while self.sender.send_next(&self.portal, letter).await.unwrap() == Sent::One {}
        }
    }

    pub(super) fn letters(&self) -> Vec<(String, String)> {
        let letters = self.mailbox.newest(1000).unwrap();
        letters.into_iter().map(|letter| (letter.to, letter.body)).collect()
    }

    /// What the messages to somebody are called, the newest first.
    pub(super) fn titles(&self, to: &str) -> Vec<String> {
        let letters = self.mailbox.newest(1000).unwrap().into_iter();
        letters.filter(|letter| letter.to == to).map(|letter| letter.subject).collect()
    }

    /// Somebody without an account, to whom a parcel came.
    pub(super) async fn recipient(&self) -> Person<'_> {
        self.pass(SignedDuration::from_secs(1));
        let mut person = self.visitor();
        let who = self.person("receiver");
        let (mobile, waybill) = (who["mobile"].as_str().unwrap(), who["waybill_no"].as_str().unwrap());
        person.post("/sign-in/parcel", &[("mobile", mobile), ("waybill", waybill)]).await;
        let code = self.code_for(mobile).await;
        let entered = person.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(entered.location.as_deref(), Some("/mine"), "{}", entered.body);
        person
    }

    pub(super) async fn code_for(&self, to: &str) -> String {
        self.work().await;
        let body = self.letters().into_iter().find(|(address, _)| address == to).expect("a letter").1;
        let digits: Vec<char> = body.chars().collect();
        let at = digits.windows(6).position(|six| six.iter().all(char::is_ascii_digit)).expect("a code");
        digits[at..at + 6].iter().collect()
    }

    pub(super) fn person(&self, who: &str) -> &Value {
        let people = self.signins["people"].as_array().unwrap();
        people.iter().find(|person| person["who"] == who).unwrap()
    }

    pub(super) fn email(&self, who: &str) -> String {
        self.person(who)["email"].as_str().unwrap().to_owned()
    }

    pub(super) fn visitor(&self) -> Person<'_> {
        Person { world: self, cookie: None }
    }

    pub(super) async fn customer(&self, email: &str) -> Person<'_> {
        // Letters are told apart by their time: what else waits to be sent goes before.
        self.work().await;
        self.pass(SignedDuration::from_secs(1));
        let mut person = self.visitor();
        let asked = person.post("/sign-in", &[("email", email)]).await;
        assert_eq!(asked.location.as_deref(), Some("/sign-in/code"), "{}", asked.body);
        let code = self.code_for(email).await;
        let entered = person.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(entered.location.as_deref(), Some("/mine"), "{}", entered.body);
        person
    }

    pub(super) async fn staff(&self, login: &str) -> Person<'_> {
        self.landed(login).await.0
    }

    /// Somebody of the staff, and where signing in led them.
    pub(super) async fn landed(&self, login: &str) -> (Person<'_>, String) {
        let mut person = self.visitor();
        let landed = person.signs_in_as(login).await;
        (person, landed)
    }

    /// What their authenticator shows now.
    pub(super) fn code_of(&self, login: &str) -> String {
        let staff = self.signins["staff"].as_array().unwrap().iter().find(|staff| staff["login"] == login).unwrap();
        self.totp(staff["totp_secret"].as_str().unwrap())
    }

    /// What the whole product answers, to whoever it is.
    pub(super) async fn answer(&self, mut request: Request<Body>) -> axum::response::Response {
        let peer: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(super) fn totp(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret.as_bytes().to_vec()).with_account_name("x").build();
        let now = u64::try_from(self.portal.clock.now().as_second()).unwrap();
        totp.unwrap().generate(now).to_string()
    }
}

/// An officer who has compared every point of who asks with the evidence.
pub(super) const COMPARED: &[(&str, &str)] = &[("point", "person"), ("point", "asker"), ("point", "scope")];

impl Person<'_> {
    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// As one of the staff, in this browser, and where it leads.
    pub(super) async fn signs_in_as(&mut self, login: &str) -> String {
        let staff =
            self.world.signins["staff"].as_array().unwrap().iter().find(|staff| staff["login"] == login).unwrap();
        let password = staff["password"].as_str().unwrap();
        self.post("/officer/sign-in", &[("login", login), ("password", password)]).await;
        let code = self.world.totp(staff["totp_secret"].as_str().unwrap());
        let entered = self.post("/officer/second-factor", &[("code", &code)]).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        entered.location.unwrap()
    }

    /// A form of this site, as a browser sends it.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(fields)));
        self.send(request.unwrap()).await
    }

    /// As [`Self::post`], for what is no text.
    pub(super) async fn download(&mut self, path: &str) -> (StatusCode, Vec<u8>) {
        let response = self.begin_download(path).await;
        (response.status(), to_bytes(response.into_body(), 50_000_000).await.unwrap().to_vec())
    }

    /// What comes is not read yet.
    pub(super) async fn begin_download(&mut self, path: &str) -> axum::response::Response {
        let request = Request::post(path)
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty());
        self.answered(request.unwrap()).await
    }

    pub(super) async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.answered(request).await;
        let headers = response.headers().clone();
        Answer {
            status: response.status(),
            location: headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned()),
            headers,
            body: String::from_utf8_lossy(&to_bytes(response.into_body(), 10_000_000).await.unwrap()).into_owned(),
        }
    }

    async fn answered(&mut self, mut request: Request<Body>) -> axum::response::Response {
        let headers = request.headers_mut();
        headers.insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        let response = self.world.answer(request).await;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            if let Some(("__Host-qingdan", value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                assert!(
                    value.is_empty()
                        || (cookie.contains("Secure")
                            && cookie.contains("HttpOnly")
                            && cookie.contains("SameSite=Lax")),
                    "{cookie}"
                );
                self.cookie = (!value.is_empty()).then(|| format!("__Host-qingdan={value}"));
            }
        }
        response
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

/// A customer's open deletion request: its number.
pub(super) async fn deletion(person: &mut Person<'_>) -> String {
    let filed = person.post("/mine/delete", &[]).await;
    let location = filed.location.expect("filed");
    location.trim_start_matches("/requests/").trim_end_matches("?filed").to_owned()
}

/// The digest an approval must name, as it stands in the officer's form.
pub(super) fn digest(page: &str) -> String {
    let at = page.find("name=\"plan\" value=\"").expect("the form") + 19;
    page[at..at + 64].trim_start_matches('"').to_owned()
}

/// The digest of the plan frozen last, whoever may approve it.
pub(super) async fn plan_of(world: &World, case: &str) -> String {
    let number = domain::ids::RequestNumber::parse(case.trim_start_matches("/officer/requests/")).unwrap();
    let auditor = domain::actor::Actor::Staff(domain::actor::Staff {
        id: domain::ids::StaffId(uuid::Uuid::nil()),
        role: domain::actor::StaffRole::Auditor,
    });
    let case = world.portal.case(&auditor.read_requests().unwrap(), &auditor, &number).await.unwrap();
    case.plan_digest.unwrap()
}
