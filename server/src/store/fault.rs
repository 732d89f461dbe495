//! A store that ends the process at a statement, as a power cut would: for the tests of `server/tests/kills`, in builds with the feature `faults` and in
//! no other. `THRIVOSIGN_STORE_FAULT=before:N` ends it before the N-th statement that writes, a commit counted as one; `after:N` right behind it.

use super::Stored;
use super::engine::{Engine, Row, Value, Wanted};
use std::cell::Cell;

pub(super) struct Faulty {
    engine: Box<dyn Engine>,
    /// Statements until the one at which it ends.
    left: Cell<u64>,
    is_after: bool,
}

/// With the fault that the environment names, or as it is.
pub(super) fn over(engine: Box<dyn Engine>) -> Box<dyn Engine> {
    let named = std::env::var("THRIVOSIGN_STORE_FAULT").ok();
    let fault =
        named.as_deref().and_then(|text| text.split_once(':')).and_then(|(when, number)| Some((when == "after", number.parse().ok()?)));
    match fault {
        Some((is_after, left)) => Box::new(Faulty { engine, left: Cell::new(left), is_after }),
        None => engine,
    }
}

impl Faulty {
    fn at<T>(&self, statement: impl FnOnce() -> Stored<T>) -> Stored<T> {
        let left = self.left.get().saturating_sub(1);
        let is_here = self.left.replace(left) == 1;
        if is_here && !self.is_after {
            std::process::abort();
        }
        let done = statement();
        if is_here {
            std::process::abort();
        }
        done
    }
}

impl Engine for Faulty {
    fn begin(&self) -> Stored<()> {
        self.engine.begin()
    }

    fn commit(&self) -> Stored<()> {
        self.at(|| self.engine.commit())
    }

    fn rollback(&self) {
        self.engine.rollback();
    }

    fn execute(&self, statement: &str, values: &[Value]) -> Stored<usize> {
        self.at(|| self.engine.execute(statement, values))
    }

    fn query(&self, statement: &str, values: &[Value], each: &mut dyn FnMut(&Row<'_>) -> Wanted) -> Stored<()> {
        // Some statements write and give a row.
        if statement.trim_start().starts_with("SELECT") {
            return self.engine.query(statement, values, each);
        }
        self.at(|| self.engine.query(statement, values, each))
    }
}
