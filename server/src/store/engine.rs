//! What the store asks of a database, and no more: SQLite answers it (`sqlite.rs`), another could.
//!
//! Takes statements and values, gives rows. Whoever writes a second engine keeps the tests of `contract.rs`; the statements of this room are SQL as
//! SQLite and PostgreSQL both read it, but for `rowid` (the order in which rows came) and the schema, which each engine has in its own words.

use super::Stored;
use crate::failure::Failure;

/// One open database; used by one thread at a time.
pub(crate) trait Engine: Send {
    /// Begins a transaction. Until it ends nobody else writes, and what it reads is of one moment.
    fn begin(&self) -> Stored<()>;

    /// Ends it; what it wrote is on the disk when this returns.
    fn commit(&self) -> Stored<()>;

    /// Ends it, and nothing of it stays.
    fn rollback(&self);

    /// Runs a statement, in which `?1` and on are the values. Gives how many rows it changed.
    fn execute(&self, statement: &str, values: &[Value]) -> Stored<usize>;

    /// Gives the rows of a statement, in its order, for as long as they are wanted.
    fn query(&self, statement: &str, values: &[Value], each: &mut dyn FnMut(&Row<'_>) -> Wanted) -> Stored<()>;
}

/// Whether more rows are.
#[derive(PartialEq)]
pub(crate) enum Wanted {
    More,
    Enough,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row, column by column.
pub(crate) struct Row<'r>(pub(super) &'r [Value]);

/// Why a row could not be had.
#[derive(Debug)]
pub(crate) enum Unread {
    None,
    Failed(Failure),
}

impl Unread {
    /// A row that this server did not write.
    pub(crate) fn strange() -> Unread {
        Unread::Failed(Failure::new("the store failed").because("row of another shape"))
    }
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Unread {
        Unread::Failed(failure)
    }
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Failure {
        match unread {
            Unread::None => Failure::new("the store failed").because("no row where there must be one"),
            Unread::Failed(failure) => failure,
        }
    }
}

/// What was read of a row.
pub(crate) type Read<T> = Result<T, Unread>;

/// A row that may be missing.
pub(crate) trait Optional<T> {
    fn optional(self) -> Stored<Option<T>>;
}

impl<T> Optional<T> for Read<T> {
    fn optional(self) -> Stored<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(Unread::None) => Ok(None),
            Err(Unread::Failed(failure)) => Err(failure),
        }
    }
}

impl Row<'_> {
    /// The column, from 0.
    pub(crate) fn get<T: FromValue>(&self, column: usize) -> Read<T> {
        self.0.get(column).and_then(T::from_value).ok_or_else(Unread::strange)
    }
}

/// An open transaction. One that is not committed leaves nothing.
pub(crate) struct Transaction<'e> {
    engine: &'e dyn Engine,
    open: bool,
}

impl<'e> Transaction<'e> {
    pub(super) fn begin(engine: &'e dyn Engine) -> Stored<Transaction<'e>> {
        engine.begin()?;
        Ok(Transaction { engine, open: true })
    }

    pub(super) fn commit(mut self) -> Stored<()> {
        self.engine.commit()?;
        self.open = false;
        Ok(())
    }

    /// Runs it; gives how many rows it changed.
    pub(crate) fn execute(&self, statement: &str, values: impl Values) -> Stored<usize> {
        self.engine.execute(statement, &values.values())
    }

    /// Several statements without values, one behind the other.
    #[cfg(test)]
    pub(crate) fn execute_batch(&self, statements: &str) -> Stored<()> {
        statements.split(';').filter(|one| !one.trim().is_empty()).try_for_each(|one| self.engine.execute(one, &[]).map(|_| ()))
    }

    /// The first row.
    pub(crate) fn query_row<T>(&self, statement: &str, values: impl Values, read: impl FnOnce(&Row<'_>) -> Read<T>) -> Read<T> {
        let (mut read, mut found) = (Some(read), Err(Unread::None));
        self.engine.query(statement, &values.values(), &mut |row| {
            if let Some(read) = read.take() {
                found = read(row);
            }
            Wanted::Enough
        })?;
        found
    }

    /// Every row, in the statement's order.
    pub(crate) fn query_all<T>(&self, statement: &str, values: impl Values, mut read: impl FnMut(&Row<'_>) -> Read<T>) -> Stored<Vec<T>> {
        let (mut all, mut failed) = (Vec::new(), None);
        self.engine.query(statement, &values.values(), &mut |row| match read(row) {
            Ok(value) => {
                all.push(value);
                Wanted::More
            }
            Err(unread) => {
                failed = Some(unread);
                Wanted::Enough
            }
        })?;
        failed.map_or(Ok(all), |unread| Err(unread.into()))
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.engine.rollback();
        }
    }
}

/// What can stand in a column.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value;
}

/// What can be read from one.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { bytes.as_slice().try_into().ok() } else { None }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Integer(number) = value { Some(*number != 0) } else { None }
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value {
                Value::Integer(i64::from(*self))
            }
        }

        impl FromValue for $number {
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Integer(number) = value { (*number).try_into().ok() } else { None }
            }
        }
    )*};
}
numbers!(i64, i32, u32, u16, u8);

/// The values of a statement.
pub(crate) trait Values {
    fn values(&self) -> Vec<Value>;
}

impl Values for Vec<Value> {
    fn values(&self) -> Vec<Value> {
        self.clone()
    }
}

/// A statement without values.
impl Values for [&(dyn ToValue + 'static); 0] {
    fn values(&self) -> Vec<Value> {
        Vec::new()
    }
}

macro_rules! lists {
    ($($count:literal),*) => {$(
        impl<T: ToValue> Values for [T; $count] {
            fn values(&self) -> Vec<Value> {
                self.iter().map(T::to_value).collect()
            }
        }
    )*};
}
lists!(1, 2, 3, 4);

/// Values of several types, in the order of their places.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::engine::ToValue::to_value(&$value)),*] };
}
pub(crate) use params;
