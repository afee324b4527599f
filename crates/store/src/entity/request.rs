use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub number: String,
    pub kind: String,
    pub stage_name: String,
    pub stage: String,
    pub lang: String,
    pub subject_sealed: Vec<u8>,
    pub details_sealed: Option<Vec<u8>>,
    pub received_at: i64,
    pub due_on: String,
    pub version: i64,
    pub owner: Option<String>,
    /// 1 while it is, for the order of the queue.
    pub open: i32,
    pub requester: String,
    pub requester_sealed: Option<Vec<u8>>,
    pub passed_by: Option<String>,
    /// 1 where it was, for an order of the queue.
    pub asked_by_another: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
