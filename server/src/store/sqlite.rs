//! SQLite as the store's engine: WAL with synchronous=FULL, one connection.

use super::Stored;
use super::engine::{Engine, Row, Value, Wanted};
use crate::failure::Failure;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use std::path::Path;
use std::time::Duration;

/// Statements that are kept ready.
const READY: usize = 128;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        // The code alone: SQLite's texts can quote values.
        let code = error.sqlite_error_code().map_or_else(|| "row of another shape".to_owned(), |code| format!("{code:?}"));
        Failure::new("the store failed").because(code)
    }
}

pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens or makes the database and brings its schema up to date.
    pub(super) fn open(path: &Path) -> Stored<Sqlite> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        super::schema::migrate(&mut connection)?;
        Ok(Sqlite::over(connection))
    }

    /// To read and nothing else: as evidence, which no migration may touch.
    pub(super) fn open_to_read(path: &Path) -> Stored<Sqlite> {
        if !path.is_file() {
            return Err(Failure::new("there is no such store"));
        }
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(Sqlite::over(connection))
    }

    fn over(connection: Connection) -> Sqlite {
        connection.set_prepared_statement_cache_capacity(READY);
        Sqlite { connection }
    }

    /// What is damaged.
    pub(super) fn damage(&self) -> Stored<Vec<String>> {
        let mut damage = Vec::new();
        for (pragma, column) in [("integrity_check", 0), ("foreign_key_check", 2)] {
            self.query(&format!("PRAGMA {pragma}"), &[], &mut |row| {
                let text = row.get(column).unwrap_or_else(|_| "a line of another shape".to_owned());
                if text != "ok" {
                    damage.push(format!("{pragma}: {}", text.escape_debug()));
                }
                Wanted::More
            })?;
        }
        Ok(damage)
    }
}

/// Brings all that was written into the one file of the store, so that a copy of it is whole.
pub(super) fn settle(path: &Path) -> Stored<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(Failure::new("the store is being read; try again")) } else { Ok(()) }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Real numbers are not in this store; neither is text that is none.
fn read(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Null => Some(Value::Null),
        ValueRef::Integer(number) => Some(Value::Integer(number)),
        ValueRef::Text(text) => Some(Value::Text(std::str::from_utf8(text).ok()?.to_owned())),
        ValueRef::Blob(bytes) => Some(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => None,
    }
}

impl Engine for Sqlite {
    fn begin(&self) -> Stored<()> {
        // At once the only writer: one that began to read could find the store changed when it comes to write.
        let begin = if self.connection.is_readonly("main")? { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.execute(begin, &[]).map(|_| ())
    }

    fn commit(&self) -> Stored<()> {
        self.execute("COMMIT", &[]).map(|_| ())
    }

    fn rollback(&self) {
        // SQLite may have done so itself, after a full disk for one.
        if !self.connection.is_autocommit() {
            let _ = self.execute("ROLLBACK", &[]);
        }
    }

    fn execute(&self, statement: &str, values: &[Value]) -> Stored<usize> {
        Ok(self.connection.prepare_cached(statement)?.execute(params_from_iter(values))?)
    }

    fn query(&self, statement: &str, values: &[Value], each: &mut dyn FnMut(&Row<'_>) -> Wanted) -> Stored<()> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let strange = || Failure::new("the store failed").because("row of another shape");
            let values: Option<Vec<Value>> = (0..columns).map(|column| row.get_ref(column).ok().and_then(read)).collect();
            if each(&Row(&values.ok_or_else(strange)?)) == Wanted::Enough {
                break;
            }
        }
        Ok(())
    }
}
