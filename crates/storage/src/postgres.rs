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

use crate::{Param, Row, StorageError, error::described};

/// Queued writes are sent at the latest when this many wait.
const QUEUE: usize = 2_000;
/// Prepared statements kept per connection; when more gather, all are closed.
const STATEMENTS: usize = 512;

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
        // The bytes go out as they are, so a value of another type than the statement expects would be misread
        // in silence: 8 bytes of a double are a fine 64-bit integer.
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Bool(value), &Type::BOOL) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::FLOAT8) => (*value as f64).to_sql(ty, out),
            (Self::Real(value), &Type::FLOAT8) => value.to_sql(ty, out),
            (
                Self::Text(value),
                &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN,
            ) => value.to_sql(&Type::TEXT, out),
            (Self::Blob(value), &Type::BYTEA) => value.to_sql(ty, out),
            (Self::Uuid(value), &Type::UUID) => value.to_sql(ty, out),
            (value, ty) => Err(format!("{value:?} where the statement expects {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(crate) struct Postgres {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
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
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(url, NoTls))
            .map_err(|e| StorageError::Connection(described(&e)))?;
        runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::error!(%error, "the PostgreSQL connection ended");
            }
        });
        let mut this = Self { runtime: Some(runtime), client, statements: HashMap::new(), queue: Vec::new() };
        this.batch(&format!("SET search_path TO \"{schema}\"; SET client_min_messages TO warning; SET jit TO off; SET application_name TO 'xiaoan {schema}'"))?;
        Ok(this)
    }

    /// Drives the connection until `future` is done. Not from async code, where tokio would panic.
    fn wait<T>(
        &self,
        future: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StorageError> {
        match &self.runtime {
            Some(runtime) => Ok(runtime.block_on(future)?),
            None => Err(StorageError::Connection("closed".to_owned())),
        }
    }

    /// A session whose transactions cannot write, whoever begins them.
    pub(crate) fn reads_only(mut self) -> Result<Self, StorageError> {
        self.batch("SET default_transaction_read_only TO on")?;
        Ok(self)
    }

    /// A session that has its commits on the disk before they are acknowledged, whatever the server's default. It asks
    /// by keys: a plan that was kept while a table was small would read the whole of it for each command, until the
    /// server's own housekeeping looks at the table again.
    pub(crate) fn writes(mut self) -> Result<Self, StorageError> {
        self.batch("SET enable_seqscan TO off")?;
        self.batch(
            "SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') = 'off'",
        )?;
        Ok(self)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, StorageError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        self.flush()?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = self.wait(self.client.prepare(&numbered(sql)))?;
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
        self.wait(futures_util::future::try_join_all(sends))?;
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StorageError> {
        self.flush()?;
        let statement = self.statement(sql)?;
        let params: Vec<Owned> = params.iter().map(Owned::from).collect();
        self.wait(self.client.execute_raw(&statement, &params))
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
        let rows = self.wait(self.client.query(&statement, &refs))?;
        for row in rows.iter().take(limit) {
            out.push(each(&Row::Postgres(row))?);
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        self.flush()?;
        self.wait(self.client.batch_execute(sql))
    }

    /// Forgets queued writes: the transaction they belong to is being rolled back.
    pub(crate) fn forget_queue(&mut self) {
        self.queue.clear();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Dropping a runtime waits for it, which tokio refuses inside async code; this does not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
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
