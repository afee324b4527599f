use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answered")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub program_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub asked: String,
    pub status: Option<i32>,
    pub body_sealed: Option<Vec<u8>>,
    pub at: i64,
    /// Counts those who have taken it: an earlier one can change nothing any more.
    pub turn: i64,
    pub lease_until_at: i64,
    /// 1 once something was committed for it without its answer.
    pub begun: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
