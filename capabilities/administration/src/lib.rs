//! Administration 管理: units and the people in them, accounts and their roles, bound devices, the audit trail, and
//! everybody's own account. Whoever may not see something finds nothing there.

mod audit;
pub mod condition;
mod export;
mod exporters;
mod fields;
mod logins;
pub mod pages;
mod view;
pub mod words;

use storage::MigrationSet;

pub use fields::said as event_fields;

pub use exporters::{
    AccountsExport, AuditExport, PeopleExport, ReadsExport, SentExport, SignInsExport, UnitsExport,
};

/// No tables of its own: units and people belong to `organisation`, accounts and devices to `access`.
pub const MIGRATIONS: MigrationSet = MigrationSet { room: "administration", tables: &[], steps: &[] };

/// The texts of administration as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(test)]
mod tests;
