//! What every engine keeps. A second one adds a line to [`engines`].

use super::Stored;
use super::engine::{Engine, Row, Transaction, Unread, Value, Wanted, params};
use super::sqlite::Sqlite;
use crate::failure::Failure;

/// One data folder: what opens it, each time as another process would.
type Opens = Box<dyn Fn() -> Box<dyn Engine>>;

fn engines() -> Vec<(&'static str, tempfile::TempDir, Opens)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    vec![("SQLite", folder, Box::new(move || Box::new(Sqlite::open(&path).unwrap())))]
}

/// For every engine, in a store of its own.
fn each(test: impl Fn(&str, &Opens)) {
    for (name, _folder, opens) in engines() {
        test(name, &opens);
    }
}

fn transact<T>(engine: &dyn Engine, work: impl FnOnce(&Transaction<'_>) -> Stored<T>) -> Stored<T> {
    let tx = Transaction::begin(engine)?;
    let value = work(&tx)?;
    tx.commit()?;
    Ok(value)
}

/// Something that every store has from the first: a service's certificate, of which the number is unique.
fn add(tx: &Transaction<'_>, serial: &str, der: &[u8]) -> Stored<usize> {
    tx.execute("INSERT INTO services (serial, der, created) VALUES (?1, ?2, ?3)", params![serial, der, 7_i64])
}

fn serials(engine: &dyn Engine) -> Vec<String> {
    transact(engine, |tx| tx.query_all("SELECT serial FROM services ORDER BY serial", [], |row| row.get(0))).unwrap()
}

#[test]
fn what_is_committed_stays_and_what_is_not_leaves_nothing() {
    each(|name, opens| {
        let engine = opens();
        transact(engine.as_ref(), |tx| add(tx, "a", &[1])).unwrap();
        let failed: Stored<()> = transact(engine.as_ref(), |tx| {
            add(tx, "b", &[2])?;
            Err(Failure::new("the work failed"))
        });
        assert!(failed.is_err(), "{name}");
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            transact::<()>(engine.as_ref(), |tx| {
                add(tx, "c", &[3])?;
                panic!("in the midst of it")
            })
        }));
        assert!(unwound.is_err() && serials(engine.as_ref()) == ["a"], "{name}");
        drop(engine);
        // Another process finds the same; it may write at once.
        let again = opens();
        transact(again.as_ref(), |tx| add(tx, "d", &[4])).unwrap();
        assert_eq!(serials(again.as_ref()), ["a", "d"], "{name}");
    });
}

#[test]
fn two_writers_wait_for_each_other_and_none_overwrites_what_it_has_not_seen() {
    each(|name, opens| {
        let (first, second) = (opens(), opens());
        transact(first.as_ref(), |tx| add(tx, "count", &[0])).unwrap();
        let count = |engine: Box<dyn Engine>| {
            for _ in 0..50 {
                transact(engine.as_ref(), |tx| {
                    let [before] = tx.query_row("SELECT der FROM services WHERE serial = 'count'", [], |row| row.get::<[u8; 1]>(0))?;
                    tx.execute("UPDATE services SET der = ?1 WHERE serial = 'count'", [[before + 1]])
                })
                .unwrap();
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(move || count(first));
            scope.spawn(move || count(second));
        });
        let counted = transact(opens().as_ref(), |tx| Ok(tx.query_row("SELECT der FROM services", [], |row| row.get::<[u8; 1]>(0))?));
        assert_eq!(counted.unwrap(), [100], "{name}");
    });
}

#[test]
fn a_reader_sees_one_moment() {
    each(|name, opens| {
        let (writer, reader) = (opens(), opens());
        transact(writer.as_ref(), |tx| add(tx, "a", &[1])).unwrap();
        writer.begin().unwrap();
        writer.execute("INSERT INTO services (serial, der, created) VALUES ('b', ?1, 1)", &[Value::Bytes(vec![2])]).unwrap();
        let mut seen = 0;
        // Outside a transaction, as a look from elsewhere.
        reader
            .query("SELECT serial FROM services", &[], &mut |_| {
                seen += 1;
                Wanted::More
            })
            .unwrap();
        assert_eq!(seen, 1, "{name}: what is not committed is seen by nobody else");
        writer.commit().unwrap();
        assert_eq!(serials(reader.as_ref()), ["a", "b"], "{name}");
    });
}

#[test]
fn values_come_back_as_they_went() {
    each(|name, opens| {
        let engine = opens();
        let strange = "O'Brien; DROP TABLE services; -- \u{0}王小明 %_";
        let large: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        transact(engine.as_ref(), |tx| add(tx, strange, &large)).unwrap();
        for number in [0, -1, i64::MAX, i64::MIN] {
            transact(engine.as_ref(), |tx| tx.execute("UPDATE services SET created = ?1", [number])).unwrap();
            let row = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?, row.get::<i64>(2)?));
            let read = transact(engine.as_ref(), |tx| Ok(tx.query_row("SELECT serial, der, created FROM services", [], row)?)).unwrap();
            assert_eq!(read, (strange.to_owned(), large.clone(), number), "{name}");
        }
        // NULL, truth, and a place that stands twice.
        let row = |row: &Row<'_>| Ok((row.get::<Option<String>>(0)?, row.get::<bool>(1)?, row.get::<bool>(2)?));
        let sql = "SELECT ?1, ?2 = ?2, ?2 <> ?2";
        let read = transact(engine.as_ref(), |tx| Ok(tx.query_row(sql, params![None::<String>, 5_i64], row)?)).unwrap();
        assert_eq!(read, (None, true, false), "{name}");
    });
}

#[test]
fn a_row_of_another_shape_is_a_failure_and_none_is_none() {
    each(|name, opens| {
        let engine = opens();
        transact(engine.as_ref(), |tx| add(tx, "a", &[1, 2])).unwrap();
        let tx = Transaction::begin(engine.as_ref()).unwrap();
        assert!(matches!(
            tx.query_row("SELECT serial FROM services WHERE serial = 'z'", [], |row| row.get::<String>(0)),
            Err(Unread::None)
        ));
        for column in ["der", "created", "NULL"] {
            let read = tx.query_row(&format!("SELECT {column} FROM services"), [], |row| row.get::<String>(0));
            assert!(matches!(read, Err(Unread::Failed(_))), "{name}: {column}");
        }
        assert!(matches!(tx.query_row("SELECT der FROM services", [], |row| row.get::<[u8; 32]>(0)), Err(Unread::Failed(_))));
        assert!(tx.query_row("SELECT -1", [], |row| row.get::<u32>(0)).is_err() && tx.execute("SELECT nonsense FROM nowhere", []).is_err());
    });
}

#[test]
fn what_must_be_one_is_one_and_what_is_named_is_there() {
    each(|name, opens| {
        let engine = opens();
        transact(engine.as_ref(), |tx| add(tx, "a", &[1])).unwrap();
        assert!(transact(engine.as_ref(), |tx| add(tx, "a", &[2])).is_err(), "{name}: a number twice");
        let sql = "INSERT INTO services (serial, der, created) VALUES ('a', ?1, 1) ON CONFLICT DO NOTHING";
        assert_eq!(transact(engine.as_ref(), |tx| tx.execute(sql, [[9_u8; 1]])).unwrap(), 0, "{name}");
        let orphan = "INSERT INTO families (id, user_id, created) VALUES ('f', 'nobody', 1)";
        assert!(transact(engine.as_ref(), |tx| tx.execute(orphan, [])).is_err(), "{name}: a reference to nothing");
        // After what failed the next transaction is as good as any.
        assert_eq!(transact(engine.as_ref(), |tx| tx.execute("UPDATE services SET created = 3", [])).unwrap(), 1, "{name}");
    });
}

#[test]
fn the_audit_trail_is_neither_edited_nor_cut() {
    each(|name, opens| {
        let engine = opens();
        transact(engine.as_ref(), |tx| {
            tx.execute("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)", [])?;
            tx.execute("INSERT INTO officer_acts VALUES (1, 1, 'o', 'a', '', x'', x'')", [])
        })
        .unwrap();
        for sql in ["DELETE FROM officer_acts", "UPDATE officer_acts SET actor = 'x'"] {
            assert!(transact(engine.as_ref(), |tx| tx.execute(sql, [])).is_err(), "{name}: {sql}");
        }
    });
}
