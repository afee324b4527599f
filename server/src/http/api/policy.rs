//! The policy's versions for programs: what everybody may read, and what waits for two officers.

#![expect(unused_qualifications, reason = "utoipa's macro writes them")]

use app::text::Text;
use axum::{
    Json,
    extract::{Path, Query},
};
use domain::{Lang, map::diff, policy::VersionStage};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use service::policy::{Open, Published};
use utoipa::{IntoParams, ToSchema};

use super::{
    ask::Language,
    caller::Caller,
    problem::{Problem, Problems},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct In {
    /// `zh-CN` unless told.
    #[param(inline)]
    #[serde(default)]
    lang: Language,
}

type Asked = Result<Query<In>, axum::extract::rejection::QueryRejection>;

fn lang(asked: Asked) -> Result<Lang, Problem> {
    let Query(asked) = asked.map_err(|_| Problem::malformed("lang: zh-CN or en"))?;
    Ok(asked.lang.into())
}

/// A published version.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionView {
    /// Of the data map and the company's texts: it names the version.
    hash: String,
    #[schema(value_type = String, format = Date)]
    effective: Date,
    in_force: bool,
    /// Where people read it, and word for word what changed.
    url: String,
}

impl VersionView {
    fn of(version: &Published, caller: &Caller) -> Self {
        Self {
            hash: version.hash.to_string(),
            effective: version.effective,
            in_force: version.hash == caller.portal.map.hash,
            url: format!("{}{}", caller.app.public_url, app::paths::version(&version.hash)),
        }
    }
}

/// Every published version of the policy, the latest first. Any key may read them.
#[utoipa::path(get, path = "/policy/versions", tag = "policy",
    responses((status = 200, body = Vec<VersionView>), Problems))]
pub(super) async fn versions(caller: Caller) -> Result<Json<Vec<VersionView>>, Problem> {
    let versions = caller.portal.versions().await?;
    Ok(Json(versions.iter().map(|version| VersionView::of(version, &caller)).collect()))
}

/// A version of the policy: what it says, and what it changed.
#[derive(Serialize, ToSchema)]
pub(super) struct OneVersionView {
    #[serde(flatten)]
    version: VersionView,
    sections: Vec<SectionView>,
    /// In sentences, against the version before; absent of the first.
    changes: Option<Vec<String>>,
}

/// A part of the policy as people read it.
#[derive(Serialize, ToSchema)]
struct SectionView {
    title: String,
    /// Line by line; the cells of a table are separated by ` | `.
    lines: Vec<String>,
}

fn sections(version: &Published, lang: Lang) -> Vec<SectionView> {
    let document = app::policy::policy(Text::of(lang), &version.map, version.effective);
    let section = |lines, title| SectionView { title, lines };
    document.sections.into_iter().map(|of| section(of.lines(), of.title)).collect()
}

fn sentences(changes: &[diff::Change], lang: Lang) -> Vec<String> {
    changes.iter().map(|change| change.say(lang)).collect()
}

/// One published version, by its hash or the first eight digits of it. Any key may read it.
#[utoipa::path(get, path = "/policy/versions/{hash}", tag = "policy", params(("hash" = String, Path), In),
    responses((status = 200, body = OneVersionView), Problems))]
pub(super) async fn version(
    caller: Caller,
    Path(hash): Path<String>,
    asked: Asked,
) -> Result<Json<OneVersionView>, Problem> {
    let lang = lang(asked)?;
    let (this, before) = caller.portal.version(&hash).await?;
    Ok(Json(OneVersionView {
        version: VersionView::of(&this, &caller),
        sections: sections(&this, lang),
        changes: before.map(|before| sentences(&diff::diff(&before.map, &this.map), lang)),
    }))
}

/// A version that waits for its officers.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenVersionView {
    hash: String,
    #[schema(value_type = String, format = DateTime)]
    proposed_at: Timestamp,
    /// One officer has approved it, and another has to.
    approved_once: bool,
    /// From which day it wants to be in force.
    #[schema(value_type = String, format = Date)]
    wanted: Date,
    /// In sentences, against the version in force.
    changes: Vec<String>,
}

impl OpenVersionView {
    fn of(open: &Open, lang: Lang) -> Self {
        Self {
            hash: open.version.hash.to_string(),
            proposed_at: open.version.proposed_at,
            approved_once: matches!(open.version.stage, VersionStage::ApprovedOnce { .. }),
            wanted: open.map.handler.effective,
            changes: sentences(&open.changes, lang),
        }
    }
}

/// Versions that wait for two officers, who read and approve them on the pages. Needs decide-requests.
#[utoipa::path(get, path = "/policy/open", tag = "policy", params(In),
    responses((status = 200, body = Vec<OpenVersionView>), Problems))]
pub(super) async fn open(caller: Caller, asked: Asked) -> Result<Json<Vec<OpenVersionView>>, Problem> {
    let (permit, lang) = (caller.actor().decide()?, lang(asked)?);
    let open = caller.portal.open_versions(&permit).await?;
    Ok(Json(open.iter().map(|open| OpenVersionView::of(open, lang)).collect()))
}
