//! One case: a schema, a map, what a person sees, and what is left.

use std::fmt::Write;

use domain::{
    Email, Identifier, Mobile, Personal,
    calendar::Calendar,
    ids::StepId,
    map::{Column, DataMap, MapFile, RoleName, Severity, TableName, load},
    plan::Plan,
};
use jiff::civil::{Date, date};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use sources::{
    Scope, Sources, Terms,
    catalogue::Catalogues,
    execute::{self, Approved, Correction, Flush, Guard, How, Stretch},
    gather::{count, gather},
    lock::Lock,
    plan::plan,
    reach,
};

pub const TODAY: Date = date(2026, 11, 23);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
    Mysql,
}

pub const ALL: &[On] = &[On::Sqlite, On::Postgres, On::Mysql];
pub const SERVERS: &[On] = &[On::Postgres, On::Mysql];

impl On {
    pub const fn engine(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// `a|b|c`: SQLite's, PostgreSQL's and MySQL's way to write something, between « and ».
    fn pick(self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('«') {
            let (choice, tail) = after.split_once('»').unwrap();
            let choice = choice.replace("||", "\u{1}");
            let ways: Vec<&str> = choice.split('|').collect();
            out.push_str(before);
            out.push_str(&ways[self as usize].replace('\u{1}', "||"));
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

#[derive(Clone, Default)]
pub struct Case {
    pub name: &'static str,
    pub on: &'static [On],
    /// Tables and rows. Li is the person, Wang somebody else.
    pub sql: String,
    /// The tables of the map, after a common head.
    pub map: String,
    pub who: Vec<Identifier>,
    pub other: Vec<Identifier>,
    /// `table.column=value`, all that Li sees, sorted.
    pub sees: Vec<&'static str>,
    /// Table, column and new value of a correction.
    pub corrects: Option<(&'static str, &'static str, &'static str)>,
    /// What Li still sees after the erasure.
    pub keeps: Vec<&'static str>,
    /// SQL and its first column, after the erasure.
    pub after: Vec<(&'static str, &'static [&'static str])>,
    /// How many rows a night changes, in the untouched data.
    pub night: u64,
    /// SQL and its first column, after a night on untouched data.
    pub after_night: Vec<(&'static str, &'static [&'static str])>,
    /// Words a check must say.
    pub check_says: Vec<&'static str>,
}

pub fn li() -> Vec<Identifier> {
    vec![email("li@example.com"), mobile("15400000001")]
}

pub fn wang() -> Vec<Identifier> {
    vec![email("wang@example.com"), mobile("15400000002")]
}

pub fn email(text: &str) -> Identifier {
    Identifier::Email(Email::parse(text).unwrap())
}

pub fn mobile(text: &str) -> Identifier {
    Identifier::Mobile(Mobile::parse(text).unwrap())
}

pub const HEAD: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "乙", en = "B" }
officer = { name = { zh-CN = "丙", en = "C" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.email]
[identifier.mobile]
[purpose.p]
name = { zh-CN = "丁", en = "D" }
why = { zh-CN = "丁", en = "D" }
basis = "contract"
necessity = { zh-CN = "必要", en = "necessary" }
"#;

pub fn source(name: &str, engine: &str, url: &str) -> String {
    format!(
        "[source.{name}]\nname = {{ zh-CN = \"库\", en = \"db\" }}\nengine = \"{engine}\"\nurl = \"{url}\"\nstored_in = {{ zh-CN = \"中国\", en = \"China\" }}\n"
    )
}

/// `@people id closed_on`: the long lines every table of a map has. `then` is "delete" unless said.
pub fn table(name: &str, key: &str, from: &str, rest: &str) -> String {
    let key: Vec<String> = key.split(',').map(|k| format!("\"{}\"", k.trim())).collect();
    format!(
        "[table.\"{name}\"]\nname = {{ zh-CN = \"表\", en = \"Table\" }}\nkey = [{}]\npurposes = [\"p\"]\n\
         retention = {{ from = \"{from}\", starts = {{ zh-CN = \"始\", en = \"start\" }}, keep = \"3 years\", then = \"delete\" }}\n{rest}\n",
        key.join(", ")
    )
}

/// A role of the last table.
pub fn role(name: &str, ways: &str) -> String {
    format!("role.{name} = {{ name = {{ zh-CN = \"人\", en = \"person\" }}, {ways} }}\n")
}

/// Fields of the last table: `column kind more`, one a line.
pub fn fields(of: &str, lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let mut parts = line.splitn(3, ' ');
        let (column, kind, more) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or_default());
        let comma = if more.is_empty() { "" } else { ", " };
        let _ = writeln!(out, "field.\"{column}\" = {{ of = \"{of}\", kind = \"{kind}\"{comma}{more} }}");
    }
    out
}

/// Of what is locked away.
pub fn lock() -> Lock {
    Lock::new("request".into(), [7; 32].into())
}

pub struct Company {
    pub db: DatabaseConnection,
    pub map: DataMap,
    pub sources: Sources,
    pub catalogues: Catalogues,
    pub _dir: tempfile::TempDir,
}

impl Company {
    pub async fn open(case: &Case, on: On, url: String) -> Result<Self, String> {
        let dir = tempfile::tempdir().unwrap();
        let (direct, in_map) = if on == On::Sqlite {
            (format!("sqlite:{}?mode=rwc", dir.path().join("c.sqlite").display()), "sqlite:c.sqlite".to_owned())
        } else {
            (url.clone(), url)
        };
        let db = Database::connect(direct).await.unwrap();
        for statement in on.pick(&case.sql).split(";;") {
            db.execute_unprepared(statement).await.map_err(|error| format!("{statement}: {error}"))?;
        }
        let text = format!("{HEAD}{}{}", source("db", on.engine(), &in_map), on.pick(&case.map));
        let map = load(&[MapFile { name: "map.toml".into(), text }])
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
        let sources = Sources::open(&map, dir.path()).unwrap();
        let catalogues = sources.catalogues().await.map_err(|error| error.to_string())?;
        Ok(Self { db, map, sources, catalogues, _dir: dir })
    }

    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, String> {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let rows = self.db.query_all_raw(statement).await.map_err(|error| format!("{sql}: {error}"))?;
        Ok(rows
            .iter()
            .map(|row| {
                let text = row.try_get_by_index::<Option<String>>(0);
                text.or_else(|_| row.try_get_by_index::<Option<i64>>(0).map(|n| n.map(|n| n.to_string())))
                    .or_else(|_| row.try_get_by_index::<Option<i32>>(0).map(|n| n.map(|n| n.to_string())))
                    .unwrap()
                    .unwrap_or_default()
            })
            .collect())
    }

    pub async fn sees(&self, who: &[Identifier]) -> Result<Vec<String>, String> {
        let (mut seen, mut all) = (Vec::new(), 0);
        for part in gather(&self.sources, &self.map, who, &[]).await {
            for rows in part.found.map_err(|error| error.to_string())? {
                all += rows.rows.len() as u64;
                for row in rows.rows {
                    for (column, value) in row.values {
                        if let Some(value) = value {
                            seen.push(format!("{}.{column}={}", rows.table.table, value.reveal()));
                        }
                    }
                }
            }
        }
        let (person, missing) = reach::as_far_as_it_goes(&self.sources, &self.map, who).await;
        let counted = count(&self.sources, &self.map, &person, &missing, &|_| true).await;
        if counted != Some(all) {
            return Err(format!("{all} rows are shown, {counted:?} counted"));
        }
        seen.sort();
        Ok(seen)
    }

    pub fn terms<'a>(&'a self, scope: &'a Scope) -> Terms<'a> {
        let (map, catalogues) = (&self.map, &self.catalogues);
        Terms { map, catalogues, scope, holds: &[], as_of: TODAY, common: None }
    }

    pub async fn plan(&self, scope: &Scope) -> Result<Plan, String> {
        let terms = self.terms(scope);
        Ok(plan(&self.sources, &terms, &Calendar::default()).await.map_err(|error| format!("plan: {error}"))?.plan)
    }

    /// Carries a plan out in steps of two rows, and says what was changed per item.
    pub async fn carry_out(&self, scope: &Scope, plan: &Plan) -> Result<Vec<u64>, String> {
        self.carry_out_in(scope, plan, 2).await
    }

    pub async fn carry_out_in(&self, scope: &Scope, plan: &Plan, most: u64) -> Result<Vec<u64>, String> {
        let terms = self.terms(scope);
        for source in self.sources.iter() {
            execute::prepare(source).await.map_err(|error| format!("prepare: {error}"))?;
            execute::prepare_lock(source).await.map_err(|error| format!("prepare to lock: {error}"))?;
        }
        let (mut changed, lock) = (Vec::new(), lock());
        for item in plan.items.iter().filter(|item| item.changes()) {
            let (mut rows, mut cursor) = (0, None);
            loop {
                let done = execute::run_step(
                    &self.sources,
                    &terms,
                    Approved { item, step: step(), most, lock: &lock },
                    cursor.as_ref(),
                )
                .await;
                let done = done.map_err(|error| format!("{} {:?}: {error}", item.table, item.outcome))?;
                rows += done.rows;
                cursor = done.up_to;
                if cursor.is_none() {
                    break;
                }
            }
            changed.push(rows);
        }
        Ok(changed)
    }

    /// Carries a night out in stretches of two rows, where that can be.
    pub async fn walk(&self, plan: &Plan) -> Result<Vec<u64>, String> {
        let terms = self.terms(&Scope::Expired);
        for source in self.sources.iter() {
            execute::prepare(source).await.map_err(|error| format!("prepare: {error}"))?;
        }
        let within = std::time::Duration::from_secs(30);
        let mut changed = Vec::new();
        for item in plan.items.iter().filter(|item| item.changes()) {
            let say = |error: sources::SourceError| format!("walk {} {:?}: {error}", item.table, item.outcome);
            if !execute::can_walk(&terms, item) {
                let approved = Approved { item, step: step(), most: item.rows, lock: &lock() };
                changed.push(execute::run_step(&self.sources, &terms, approved, None).await.map_err(say)?.rows);
                continue;
            }
            let bounds = execute::bounds(&self.sources, &terms, item, None, 2, 1_000).await.map_err(say)?;
            same("bounds", &(bounds.len() as u64), &(item.rows / 2))?;
            let common = execute::common(&self.sources, &terms, item).await.map_err(say)?;
            let terms = Terms { common: common.as_ref(), ..terms };
            // Where the key is a number, cut evenly instead: the cases take turns.
            let even = execute::even_bounds(&self.sources, &terms, item, 2).await.map_err(say)?;
            let bounds = even.filter(|_| item.rows % 2 == 1).map_or(bounds, Iterator::collect);
            let (mut after, mut rows) = (None, 0);
            for up_to in bounds.into_iter().map(Some).chain([None]) {
                let stretch = Stretch { after: after.clone(), up_to: up_to.clone() };
                let how = |guard| How { within, flush: Flush::Now, guard };
                let go =
                    async |guard| execute::run_stretch(&self.sources, &terms, item, step(), &stretch, how(guard)).await;
                // Where a foreign key refuses, everything was taken back and the statement looks itself.
                let done = match go(Guard::of(item, plan)).await {
                    Err(sources::SourceError::Constraint { .. }) => go(Guard::Look).await,
                    done => done,
                };
                rows += done.map_err(say)?.rows;
                after = up_to;
            }
            changed.push(rows);
        }
        Ok(changed)
    }
}

pub fn step() -> StepId {
    use std::hash::{BuildHasher, Hasher};
    let random = || std::hash::RandomState::new().build_hasher().finish();
    StepId(uuid::Uuid::from_u64_pair(random(), random()))
}

/// Everything that is done with a company's database, one after the other.
pub async fn go_through(case: &Case, on: On, url: &impl Fn() -> String) -> Result<(), String> {
    let company = Company::open(case, on, url()).await?;
    let problems = sources::check::check(&company.sources, &company.map).await;
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(format!("the check finds {problem}"));
    }
    for words in &case.check_says {
        same(&format!("the check says {words}: {said:?}"), &said.iter().any(|line| line.contains(words)), &true)?;
    }
    let mut sees: Vec<String> = case.sees.iter().map(|line| on.pick(line)).collect();
    sees.sort();
    same("what Li sees", &company.sees(&case.who).await?, &sees)?;
    let theirs = company.sees(&case.other).await?;
    if let Some(corrected) = case.corrects {
        correct(&company, &case.who, corrected).await?;
    }

    let person = reach::person(&company.sources, &company.map, &case.who).await.map_err(|e| e.to_string())?;
    let scope = Scope::Person(person);
    let plan = company.plan(&scope).await?;
    let planned: Vec<u64> = plan.items.iter().filter(|item| item.changes()).map(|item| item.rows).collect();
    same("a plan's counts and what was done", &company.carry_out(&scope, &plan).await?, &planned)?;
    let left = company.plan(&scope).await?;
    same(&format!("rows left to change: {left:?}"), &left.rows_to_change(), &0)?;
    same("what Li sees afterwards", &company.sees(&case.who).await?, &case.keeps)?;
    same("what Wang sees afterwards", &company.sees(&case.other).await?, &theirs)?;
    for (sql, expected) in &case.after {
        let expected: Vec<String> = expected.iter().map(|text| on.pick(text)).collect();
        same(sql, &company.texts(&on.pick(sql)).await?, &expected)?;
    }

    let untouched = Company::open(case, on, url()).await?;
    let plan = untouched.plan(&Scope::Expired).await?;
    same("rows of the night", &plan.rows_to_change(), &case.night)?;
    let done: u64 = untouched.carry_out(&Scope::Expired, &plan).await?.iter().sum();
    same("the night's plan and what was done", &done, &case.night)?;
    same("rows left for the next night", &untouched.plan(&Scope::Expired).await?.rows_to_change(), &0)?;
    for (sql, expected) in &case.after_night {
        same(sql, &untouched.texts(&on.pick(sql)).await?, expected)?;
    }

    let untouched = Company::open(case, on, url()).await?;
    let plan = untouched.plan(&Scope::Expired).await?;
    same("the night's plan and a walk", &untouched.walk(&plan).await?.iter().sum::<u64>(), &case.night)?;
    same("rows left after a walk", &untouched.plan(&Scope::Expired).await?.rows_to_change(), &0)?;
    for (sql, expected) in &case.after_night {
        same(sql, &untouched.texts(&on.pick(sql)).await?, expected)?;
    }
    Ok(())
}

async fn correct(company: &Company, who: &[Identifier], wanted: (&str, &str, &str)) -> Result<(), String> {
    let (table, column, after) = wanted;
    let name = TableName::parse(table).unwrap();
    let table = company.map.table(&name).unwrap();
    let source = company.sources.get(&name.source).unwrap();
    execute::prepare(source).await.map_err(|error| error.to_string())?;
    let found = gather(&company.sources, &company.map, who, &[]).await;
    let rows = found.into_iter().flat_map(|part| part.found.unwrap()).find(|rows| rows.table == name).unwrap();
    let role: RoleName = rows.role.clone();
    let row = &rows.rows[0];
    let column = Column(column.to_owned());
    let before = row.values.iter().find(|(c, _)| *c == column).unwrap().1.clone();
    let person = reach::person(&company.sources, &company.map, who).await.unwrap();
    let scope = Scope::Person(person.clone());
    let terms = company.terms(&scope);
    let correction = Correction {
        table,
        role: &role,
        key: &row.key,
        column: &column,
        before: before.as_ref(),
        after: &Personal::new(after),
    };
    let done = execute::correct(&company.sources, &terms, &person, &correction, step()).await;
    same("rows corrected", &done.map_err(|error| format!("correct: {error}"))?, &1)?;
    let again = execute::correct(&company.sources, &terms, &person, &correction, step()).await;
    same("a correction of what is no longer so", &again.map_err(|error| error.to_string())?, &0)?;
    let seen = company.sees(who).await?;
    same("the correction is seen", &seen.contains(&format!("{}.{column}={after}", name.table)), &true)
}

pub fn same<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(
    what: &str,
    is: &A,
    expected: &B,
) -> Result<(), String> {
    if is == expected { Ok(()) } else { Err(format!("{what}\n    is       {is:?}\n    expected {expected:?}")) }
}
