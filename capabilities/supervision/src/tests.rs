//! Tests of listings: the domain without a database, then with both.

mod clocks;
mod golden;
mod matrix;
mod panel;
mod people;
mod platform;
mod refusals;
mod store;
mod story;
mod support;
