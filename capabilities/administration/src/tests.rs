//! The pages in process, on a small county with real accounts.

mod accounts;
mod audit;
mod channels;
mod condition;
mod county;
mod devices;
mod enrol;
mod exports;
mod failed;
mod many;
mod moved;
mod overtaken;
mod render;
mod sign_ins;
mod townships;
mod units;
