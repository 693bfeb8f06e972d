//! Tests of listings: the domain without a database, then with both.

mod clocks;
mod golden;
mod matrix;
mod people;

mod refusals;

mod story;
mod support;
