//! The PDF room, tests only: page trees, honest and lying.

use super::testing::{CATALOG, Draft, draft, id, kind};
use super::{Document, ObjectId, Rect};
use crate::error::{ErrorKind, Result};

const LEAF: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>";

fn tree(objects: &[(u32, &str)]) -> Draft {
    let mut file = draft(&[(1, CATALOG)]);
    for (number, body) in objects {
        file.object(*number, body);
    }
    file.whole("")
}

fn page(file: &Draft, index: u64) -> Result<ObjectId> {
    Document::open(&file.bytes)?.latest().page(index).map(|page| page.id)
}

#[test]
fn pages_by_their_index() {
    let file = tree(&[
        (2, "<</Kids[3 0 R 4 0 R 5 0 R]/Count 4>>"),
        (3, LEAF),
        (4, "<</Parent 2 0 R/Kids[6 0 R 7 0 R]/Count 2/Rotate 450>>"),
        (5, LEAF),
        (6, "<</Type/Page/Parent 4 0 R/MediaBox[10 10 0 0]/CropBox[2 2 20 20]>>"),
        (7, "<</Type/Page/Parent 4 0 R/Rotate -90/UserUnit 2>>"),
    ]);
    let order: Vec<ObjectId> = (0..4).map(|n| page(&file, n).unwrap()).collect();
    assert_eq!(order, [id(3), id(6), id(7), id(5)]);
    assert_eq!(kind(page(&file, 4)), Some(ErrorKind::PageNotFound));
    assert_eq!(kind(page(&file, u64::MAX)), Some(ErrorKind::PageNotFound));
    let document = Document::open(&file.bytes).unwrap();
    let view = document.latest();
    let six = view.page(1).unwrap();
    assert_eq!((six.media_box, six.crop_box), (Rect::new(0.0, 0.0, 10.0, 10.0), Rect::new(2.0, 2.0, 10.0, 10.0)));
    assert_eq!((six.rotate, view.page_of(id(6)).unwrap().rotate), (90, 90));
    let seven = view.page(2).unwrap();
    assert_eq!((seven.rotate, seven.user_unit, seven.media_box), (270, 2.0, Rect::new(0.0, 0.0, 612.0, 792.0)));
    assert_eq!([3, 6, 7, 5, 9].map(|n| view.page_number(id(n)).unwrap()), [Some(1), Some(2), Some(3), Some(4), None]);
}

#[test]
fn trees_that_loop() {
    let to_itself = tree(&[(2, "<</Kids[2 0 R]/Count 1>>")]);
    let up = tree(&[(2, "<</Kids[3 0 R]/Count 1>>"), (3, "<</Parent 2 0 R/Kids[2 0 R]/Count 1>>")]);
    for file in [&to_itself, &up] {
        assert_eq!(kind(page(file, 0)), Some(ErrorKind::PdfDamaged));
    }
    // /Parent that leads round and round.
    let parents = tree(&[(2, "<</Kids[3 0 R]/Count 1/Parent 3 0 R>>"), (3, LEAF)]);
    let document = Document::open(&parents.bytes).unwrap();
    assert_eq!(kind(document.latest().page_of(id(3))), Some(ErrorKind::PdfDamaged));
    assert_eq!(document.latest().page_number(id(3)).unwrap(), None);
    assert_eq!(document.latest().page(0).unwrap().id, id(3));
}

#[test]
fn counts_that_lie() {
    let with = |count: &str| {
        tree(&[(2, "<</Kids[3 0 R 4 0 R]/Count 2>>"), (3, &format!("<</Parent 2 0 R/Kids[5 0 R]/Count {count}>>")), (4, LEAF), (5, LEAF)])
    };
    assert_eq!(page(&with("1"), 1).unwrap(), id(4));
    for (count, first, second) in [
        ("9", Ok(id(5)), Err(ErrorKind::PageNotFound)),
        ("4000000000", Ok(id(5)), Err(ErrorKind::PageNotFound)),
        ("9223372036854775807", Ok(id(5)), Err(ErrorKind::PageNotFound)),
        ("0", Ok(id(4)), Err(ErrorKind::PageNotFound)),
        ("-1", Ok(id(4)), Err(ErrorKind::PageNotFound)),
        ("(x)", Ok(id(4)), Err(ErrorKind::PageNotFound)),
    ] {
        let got = [0, 1].map(|n| page(&with(count), n).map_err(|e| e.kind()));
        assert_eq!(got, [first, second], "{count}");
    }
    for (count, told) in [("7", 7), ("-3", 0), ("9999999999999999999999", 0), ("null", 0)] {
        let file = tree(&[(2, &format!("<</Kids[3 0 R]/Count {count}>>")), (3, LEAF)]);
        assert_eq!(Document::open(&file.bytes).unwrap().latest().page_count().unwrap(), told, "{count}");
        assert_eq!(page(&file, 0).unwrap(), id(3), "{count}");
    }
}

#[test]
fn no_pages() {
    for root in ["<</Kids[]/Count 0>>", "<</Kids[]/Count 5>>", "null", "(x)", "<</Kids[9 0 R null 4]/Count 3>>"] {
        assert_eq!(kind(page(&tree(&[(2, root)]), 0)), Some(ErrorKind::NoPages), "{root}");
    }
    let none = draft(&[(1, "<</Type/Catalog>>")]).whole("");
    assert_eq!(kind(page(&none, 0)), Some(ErrorKind::NoPages));
    assert_eq!(Document::open(&none.bytes).unwrap().latest().page_count().unwrap(), 0);
    // The root itself may not be a page.
    assert!(page(&tree(&[(2, LEAF)]), 0).is_err());
}

#[test]
fn depth_is_limited() {
    let deep = |levels: u32| {
        let mut file = draft(&[(1, CATALOG)]);
        for n in 0..levels {
            file.object(2 + n, &format!("<</Type/Pages/Parent {} 0 R/Kids[{} 0 R]/Count 1>>", 1 + n, 3 + n));
        }
        file.object(2 + levels, LEAF);
        file.whole("")
    };
    assert!(page(&deep(60), 0).is_ok());
    assert_eq!(kind(page(&deep(70), 0)), Some(ErrorKind::LimitReached));
    assert_eq!(kind(page(&deep(5000), 0)), Some(ErrorKind::LimitReached));
}
