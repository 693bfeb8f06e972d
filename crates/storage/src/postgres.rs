//! PostgreSQL behind the same synchronous face: the connection is driven by whoever calls, writes are queued and
//! sent together before the next read or commit.

use std::{collections::HashMap, error::Error};

use bytes::BytesMut;
use tokio::runtime::Runtime;
use tokio_postgres::{
    Client, NoTls, Statement,
    types::{IsNull, ToSql, Type, to_sql_checked},
};
use uuid::Uuid;

use crate::{Param, Row, StorageError};

/// Queued writes are sent at the latest when this many wait.
const QUEUE: usize = 2_000;

#[derive(Debug)]
enum Owned {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
    Uuid(Uuid),
}

impl From<&Param<'_>> for Owned {
    fn from(param: &Param<'_>) -> Self {
        match param {
            Param::Null => Self::Null,
            Param::Bool(value) => Self::Bool(*value),
            Param::Int(value) => Self::Int(*value),
            Param::Real(value) => Self::Real(*value),
            Param::Text(value) => Self::Text((*value).to_owned()),
            Param::Blob(value) => Self::Blob((*value).to_owned()),
            Param::Uuid(value) => Self::Uuid(*value),
        }
    }
}

impl ToSql for Owned {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(value) => value.to_sql(ty, out),
            Self::Int(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Self::Int(value) if *ty == Type::INT2 => i16::try_from(*value)?.to_sql(ty, out),
            Self::Int(value) => value.to_sql(&Type::INT8, out),
            Self::Real(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(&Type::TEXT, out),
            Self::Blob(value) => value.to_sql(&Type::BYTEA, out),
            Self::Uuid(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(crate) struct Postgres {
    runtime: Runtime,
    client: Client,
    statements: HashMap<String, Statement>,
    queue: Vec<(Statement, Vec<Owned>)>,
}

impl Postgres {
    pub(crate) fn connect(url: &str, schema: &str) -> Result<Self, StorageError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| StorageError::Connection(e.to_string()))?;
        let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
        runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::error!(%error, "the PostgreSQL connection ended");
            }
        });
        let mut this = Self { runtime, client, statements: HashMap::new(), queue: Vec::new() };
        this.batch(&format!("SET search_path TO \"{schema}\"; SET client_min_messages TO warning"))?;
        Ok(this)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, StorageError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        self.flush()?;
        let statement = self.runtime.block_on(self.client.prepare(&numbered(sql)))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Queues a write; its error shows at the next [`Self::flush`].
    pub(crate) fn enqueue(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), StorageError> {
        let statement = self.statement(sql)?;
        self.queue.push((statement, params.iter().map(Owned::from).collect()));
        if self.queue.len() >= QUEUE { self.flush() } else { Ok(()) }
    }

    /// Sends what is queued, all in one go.
    pub(crate) fn flush(&mut self) -> Result<(), StorageError> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let queue = std::mem::take(&mut self.queue);
        let client = &self.client;
        let sends = queue.iter().map(|(statement, params)| client.execute_raw(statement, params));
        self.runtime.block_on(futures_util::future::try_join_all(sends))?;
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StorageError> {
        self.flush()?;
        let statement = self.statement(sql)?;
        let params: Vec<Owned> = params.iter().map(Owned::from).collect();
        Ok(self.runtime.block_on(self.client.execute_raw(&statement, &params))?)
    }

    pub(crate) fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
        out: &mut Vec<T>,
        limit: usize,
    ) -> Result<(), StorageError> {
        self.flush()?;
        let statement = self.statement(sql)?;
        let owned: Vec<Owned> = params.iter().map(Owned::from).collect();
        let refs: Vec<&(dyn ToSql + Sync)> = owned.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        let rows = self.runtime.block_on(self.client.query(&statement, &refs))?;
        for row in rows.iter().take(limit) {
            out.push(each(&Row::Postgres(row))?);
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        self.flush()?;
        Ok(self.runtime.block_on(self.client.batch_execute(sql))?)
    }

    /// Forgets queued writes: the transaction they belong to is being rolled back.
    pub(crate) fn forget_queue(&mut self) {
        self.queue.clear();
    }
}

/// `?1` becomes `$1`; quoted text is left alone.
fn numbered(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|c| match c {
            '\'' => {
                quoted = !quoted;
                c
            }
            '?' if !quoted => '$',
            _ => c,
        })
        .collect()
}
