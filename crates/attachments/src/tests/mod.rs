//! Tests of the room from its door.

mod photos;
mod store;
