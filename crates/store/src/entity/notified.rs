use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notified")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub request_id: String,
    pub recipient: String,
    pub created_at: i64,
    pub tables: String,
    pub found_by_sealed: Option<Vec<u8>>,
    pub told_at: Option<i64>,
    pub told_by: Option<String>,
    pub link_hash: Option<String>,
    pub reminded_at: Option<i64>,
    pub reminder_hash: Option<String>,
    pub confirmed_at: Option<i64>,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
