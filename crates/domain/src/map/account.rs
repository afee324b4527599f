//! What a plan does to the account somebody signs in with.

use super::{DataMap, RoleName, TableName, Way};
use crate::{IdentifierKind, plan::Plan};

impl DataMap {
    /// Whether a plan takes an account with it. Where the map does not say what one is, it is what holds an e-mail address
    /// to sign in with.
    pub fn takes_account(&self, plan: &Plan) -> bool {
        let going = plan.items.iter().filter(|item| !item.outcome.stays());
        going.into_iter().any(|item| self.is_account(&item.table, &item.roles))
    }

    fn is_account(&self, table: &TableName, roles: &[RoleName]) -> bool {
        if let Some(of) = &self.account.of {
            return of.table == *table && roles.contains(&of.role);
        }
        let by_email = |way: &Way| matches!(way, Way::Identified { by: IdentifierKind::Email, .. });
        let of_table = self.table(table).into_iter().flat_map(|table| &table.roles);
        of_table.into_iter().any(|role| role.ways.iter().any(by_email))
    }
}
