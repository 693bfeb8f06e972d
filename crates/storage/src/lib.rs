//! One synchronous face over SQLite and PostgreSQL
