//! Tests of guards: the domain without a database, then with both.

mod counting;
mod gates;
mod golden;
mod panel;
mod platform;
mod reports;
mod staffing;
mod store;
mod support;
