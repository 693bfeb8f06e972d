//! Tests of the room from its door.

mod photos;
mod reuse;
mod scenes;
mod store;
mod table;
