use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub state: String,
    pub lang: String,
    pub asked_at: i64,
    pub ends_at: i64,
    pub people: i32,
    pub subject_sealed: Vec<u8>,
    pub key_sealed: Vec<u8>,
    pub pieces: i32,
    pub size: i64,
    pub records: i64,
    pub missing: String,
    pub tries: i32,
    pub tried_at: i64,
    pub request_id: Option<String>,
    pub expected: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
