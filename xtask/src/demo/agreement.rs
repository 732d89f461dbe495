//! The demo's document: a loan agreement of three pages between people who do not exist.
//!
//! Takes nothing, gives a PDF and the place of the borrower's signature in it. Standard fonts, text as text; no clock, so that the same
//! bytes come out each time.

use super::pdf::{self, font, reference, string};
use thrivosign::pdf::Rect;
use thrivosign::pdf::write::write_object;
use thrivosign::pdf::{Dictionary, Object, PdfString, Stream, StreamData};

/// Page of the signature lines, from 1.
pub(super) const SIGNATURE_PAGE: u32 = 3;

/// The box above the borrower's line.
pub(super) fn signature_box() -> Rect {
    Rect::new(BORROWER, LINE + 3.0, BORROWER + LINE_WIDTH, LINE + 63.0)
}

// A4 in points.
const WIDTH: f64 = 595.0;
const HEIGHT: f64 = 842.0;
const MARGIN: f64 = 72.0;
const TOP: f64 = HEIGHT - 100.0;
const BOTTOM: f64 = 84.0;
/// Height of the signature lines, their left ends and their width.
const LINE: f64 = 440.0;
const LENDER: f64 = MARGIN;
const BORROWER: f64 = 315.0;
const LINE_WIDTH: f64 = 208.0;

/// Advance widths of Helvetica from the space on, in thousandths (Adobe font metrics).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

fn width(text: &str, size: f64) -> f64 {
    let glyph = |c: u8| HELVETICA.get(usize::from(c.wrapping_sub(32))).copied().unwrap_or(556);
    text.bytes().map(|c| f64::from(glyph(c))).sum::<f64>() * size / 1000.0
}

enum Piece {
    Heading(&'static str),
    Text(&'static str),
    /// Rows of three columns, the first one the head.
    Table(&'static [[&'static str; 3]]),
    NewPage,
}

use Piece::{Heading, NewPage, Table, Text};

const PARTIES: &[&str] =
    &["Example Savings Bank, 12 Harbour Square, 20457 Hamburg (the lender)", "Anna Schmidt, 4 Garden Lane, 20099 Hamburg (the borrower)"];

const BODY: &[Piece] = &[
    Heading("1. The loan"),
    Text(
        "The lender grants the borrower a loan of EUR 24,000.00 (twenty-four thousand euros). The loan is paid out in one sum to the account that the borrower has named, within three banking days after this agreement has been signed by both parties and the right of withdrawal under clause 9 has been explained.",
    ),
    Heading("2. Purpose"),
    Text(
        "The borrower uses the loan to modernise the heating of the house at 4 Garden Lane. The lender may ask for invoices that show this use. Using a part of the loan for something else needs the lender's consent in text form.",
    ),
    Heading("3. Interest"),
    Text(
        "The loan bears interest at a fixed rate of 3.90 per cent a year from the day of payment until it is repaid in full. Interest is computed to the day, on a year of 365 days, and is due together with each instalment. The effective annual rate is 3.97 per cent.",
    ),
    Heading("4. Repayment"),
    Text(
        "The borrower repays the loan in 47 monthly instalments of EUR 540.82 and a last one of EUR 541.03, each due on the first banking day of the month, the first one in the month after payment. Each instalment is used for interest first and for the principal after that. The plan in clause 5 shows what is owed at the end of each year.",
    ),
    Heading("5. Plan of repayment"),
    Table(&[
        ["After", "Paid in total", "Principal left"],
        ["12 months", "EUR 6,489.84", "EUR 18,345.80"],
        ["24 months", "EUR 12,979.68", "EUR 12,467.11"],
        ["36 months", "EUR 19,469.52", "EUR 6,355.00"],
        ["48 months", "EUR 25,959.57", "EUR 0.00"],
    ]),
    Heading("6. Early repayment"),
    Text(
        "The borrower may repay the loan in whole or in part at any time. The lender may ask for compensation of at most one per cent of the sum repaid early, or of half a per cent where less than a year is left. The borrower learns of the compensation before paying.",
    ),
    NewPage,
    Heading("7. Late payment"),
    Text(
        "Who does not pay an instalment when it is due owes interest on arrears at the statutory rate from the day after. The lender reminds the borrower in text form before it takes any other step, and names the sum owed and a time of at least fourteen days.",
    ),
    Heading("8. Ending the agreement"),
    Text(
        "The lender may end this agreement if the borrower is late with two instalments in a row and with at least five per cent of the loan, has been given two weeks to pay, and has been told what follows otherwise. Each party may end it at once for good cause. The borrower may end it at the end of any month.",
    ),
    Heading("9. Right of withdrawal"),
    Text(
        "The borrower may withdraw from this agreement within fourteen days without giving reasons. The time begins when the agreement is concluded, and not before the borrower has been told of this right. It is kept if the declaration is sent in time, in text form, to the lender's address on the first page. After a withdrawal the borrower repays the loan within thirty days, with interest for the days between.",
    ),
    Heading("10. Information to be given"),
    Text(
        "The borrower tells the lender of a new address or name without delay. Until the loan is repaid the lender tells the borrower once a year, and at any time when asked, what is owed, what was paid, and what the remaining plan looks like, free of charge.",
    ),
    Heading("11. Data"),
    Text(
        "The lender keeps the personal data needed to perform this agreement, passes them on where the law demands it and to nobody else, and deletes them when the law no longer asks for them.",
    ),
    Heading("12. Form"),
    Text(
        "This agreement is concluded electronically. It is signed with an electronic signature whose key is held by the signer's own device. Changes of this agreement are made in the same way; this holds for this clause too. Each party keeps a copy of the signed file; the file, and no print of it, is the original.",
    ),
    NewPage,
    Heading("13. Law"),
    Text(
        "The law of the lender's seat applies. If a clause of this agreement is not valid, the others stay so; the parties replace it by one that comes closest to what they wanted. Disputes may be brought before the ombudsman for private banks before a court is asked.",
    ),
    Heading("14. Signatures"),
    Text(
        "By signing, the borrower declares to have read all three pages of this agreement and to have received the information required before its conclusion.",
    ),
];

/// The agreement as a PDF 1.7.
pub(super) fn loan_agreement() -> Vec<u8> {
    let mut pages = vec![Page::default()];
    let mut at = TOP;
    let first = page(&mut pages);
    first.text("HelvB", 20.0, MARGIN, at, "Loan agreement");
    at -= 30.0;
    first.text("Helv", 10.0, MARGIN, at, "between");
    for party in PARTIES {
        at -= 16.0;
        first.text("Helv", 10.0, MARGIN + 14.0, at, party);
    }
    at -= 12.0;
    for piece in BODY {
        match piece {
            NewPage => {
                pages.push(Page::default());
                at = TOP + 34.0;
            }
            Heading(text) => {
                at -= 26.0;
                page(&mut pages).text("HelvB", 11.0, MARGIN, at, text);
                at -= 3.0;
            }
            Text(text) => {
                for line in lines(text, WIDTH - 2.0 * MARGIN, 10.0) {
                    at -= 14.0;
                    page(&mut pages).text("Helv", 10.0, MARGIN, at, &line);
                }
            }
            Table(rows) => at = table(page(&mut pages), at - 6.0, rows),
        }
        debug_assert!(at > BOTTOM, "the text runs out of its page");
    }
    signature_lines(page(&mut pages));
    let count = pages.len();
    for (n, page) in pages.iter_mut().enumerate() {
        page.grey();
        page.text("Helv", 8.0, MARGIN, HEIGHT - 56.0, "Example Savings Bank");
        let number = "Agreement no. 2026-0417";
        page.text("Helv", 8.0, WIDTH - MARGIN - width(number, 8.0), HEIGHT - 56.0, number);
        page.rule(MARGIN, HEIGHT - 62.0, WIDTH - 2.0 * MARGIN);
        let foot = format!("Page {} of {count}", n + 1);
        page.text("Helv", 8.0, (WIDTH - width(&foot, 8.0)) / 2.0, 48.0, &foot);
    }
    file(&pages)
}

fn page(pages: &mut Vec<Page>) -> &mut Page {
    if pages.is_empty() {
        pages.push(Page::default());
    }
    let last = pages.len() - 1;
    &mut pages[last]
}

fn lines(text: &str, room: f64, size: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let longer = if lines[last].is_empty() { word.to_owned() } else { format!("{} {word}", lines[last]) };
        if width(&longer, size) <= room { lines[last] = longer } else { lines.push(word.to_owned()) }
    }
    lines
}

fn table(page: &mut Page, mut at: f64, rows: &[[&str; 3]]) -> f64 {
    let columns = [MARGIN + 6.0, MARGIN + 160.0, MARGIN + 310.0];
    let wide = WIDTH - 2.0 * MARGIN;
    for (n, row) in rows.iter().enumerate() {
        at -= 18.0;
        for (cell, x) in row.iter().zip(columns) {
            page.text(if n == 0 { "HelvB" } else { "Helv" }, 10.0, x, at, cell);
        }
        page.rule(MARGIN, at - 5.0, wide);
    }
    at
}

fn signature_lines(page: &mut Page) {
    for (x, role, name) in [(LENDER, "The lender", "Example Savings Bank"), (BORROWER, "The borrower", "Anna Schmidt")] {
        page.text("HelvB", 10.0, x, LINE + 74.0, role);
        page.rule(x, LINE, LINE_WIDTH);
        page.text("Helv", 9.0, x, LINE - 13.0, name);
    }
    page.text("Helv", 9.0, LENDER, LINE + 24.0, "signs after the borrower");
}

/// The content of one page in the making.
#[derive(Default)]
struct Page(Vec<u8>);

impl Page {
    fn text(&mut self, font: &str, size: f64, x: f64, y: f64, text: &str) {
        self.0.extend_from_slice(format!("BT /{font} {size} Tf {x:.2} {y:.2} Td ").as_bytes());
        write_object(&mut self.0, &Object::String(PdfString { bytes: text.as_bytes().to_vec(), hex: false }));
        self.0.extend_from_slice(b" Tj ET\n");
    }

    fn rule(&mut self, x: f64, y: f64, wide: f64) {
        self.0.extend_from_slice(format!("0.5 w {x:.2} {y:.2} m {:.2} {y:.2} l S\n", x + wide).as_bytes());
    }

    /// What follows is grey.
    fn grey(&mut self) {
        self.0.extend_from_slice(b"0.4 g 0.6 G\n");
    }
}

/// Objects and a cross-reference table around the pages.
fn file(pages: &[Page]) -> Vec<u8> {
    let first_page = 6;
    let kids: Vec<Object> = (0..pages.len()).map(|n| reference(first_page + 2 * n)).collect();
    let fonts = Dictionary::new().with(b"Helv", reference(3)).with(b"HelvB", reference(4));
    let mut objects = vec![
        Object::Dictionary(
            Dictionary::new().with(b"Type", Object::name("Catalog")).with(b"Pages", reference(2)).with(b"Lang", string("en")),
        ),
        Object::Dictionary(
            Dictionary::new()
                .with(b"Type", Object::name("Pages"))
                .with(b"Count", i64::try_from(pages.len()).unwrap_or(0))
                .with(b"Kids", kids)
                .with(b"MediaBox", Rect::new(0.0, 0.0, WIDTH, HEIGHT).to_array())
                .with(b"Resources", Dictionary::new().with(b"Font", fonts)),
        ),
        font("Helvetica"),
        font("Helvetica-Bold"),
        Object::Dictionary(
            Dictionary::new().with(b"Title", string("Loan agreement 2026-0417")).with(b"Author", string("Example Savings Bank")),
        ),
    ];
    for (n, page) in pages.iter().enumerate() {
        let dict = Dictionary::new().with(b"Type", Object::name("Page")).with(b"Parent", reference(2));
        objects.push(Object::Dictionary(dict.with(b"Contents", reference(first_page + 2 * n + 1))));
        let dict = Dictionary::new().with(b"Length", i64::try_from(page.0.len()).unwrap_or(0));
        objects.push(Object::from(Stream { dict, data: StreamData::Bytes(page.0.clone()), id: None }));
    }
    pdf::file(&objects, Some(5))
}
