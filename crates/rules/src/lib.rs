//! Dated rules as data: packs, selection by date, decisions with their clause
