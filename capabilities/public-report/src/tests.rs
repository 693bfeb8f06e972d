//! Tests of reports: every command at every stage, then rows, telephones and tickets on both databases.

mod golden;
mod matrix;
mod panel;
mod platform;
mod store;
mod support;
