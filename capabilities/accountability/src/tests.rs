//! Tests of cases and clarifications: the domain without a database, then with both.

mod clarifications;
mod golden;
mod judging;
mod opening;
mod panel;
mod platform;
mod store;
mod support;
mod texts;
