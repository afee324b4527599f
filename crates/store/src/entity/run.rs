use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub request_id: Option<String>,
    pub as_of_on: String,
    pub status: String,
    pub map_hash: String,
    pub plan: String,
    pub report: Option<String>,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    /// Of rows set aside: in which night's report they are.
    pub night_id: Option<String>,
    /// Which rows set aside they are.
    pub set_aside_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
