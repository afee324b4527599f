use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub subject_index: String,
    pub purpose: String,
    pub map_hash: String,
    pub answer: String,
    pub answered_at: i64,
    pub cover: String,
    pub how: String,
    /// `None` for their own word, and for what was said for them before this was kept.
    pub request_id: Option<String>,
    /// When it was found not to be their word. Nothing is taken out of the ledger.
    pub unsaid_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
