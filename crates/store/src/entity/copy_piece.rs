use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "copy_piece")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub copy_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub sealed: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
