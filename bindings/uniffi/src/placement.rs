//! Where a signature shows, and what it forbids from then on.

use thrivosign::pdf::Rect;
use thrivosign::{Error, ErrorKind, sign as core};

/// Where the signature shows. A field that exists keeps the box it has. Lengths are in points (1/72 inch unless the page says otherwise), as a
/// reader sees the page.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Placement {
    /// Nowhere.
    Invisible,
    /// In a box on a page, measured from its lower left corner.
    Visible {
        /// The page, counted from 1.
        page: i32,
        /// Left edge.
        x0: f64,
        /// Lower edge.
        y0: f64,
        /// Right edge.
        x1: f64,
        /// Upper edge.
        y1: f64,
    },
    /// In a box beside a text of the document.
    Anchor {
        /// The text, within one line; runs of white space count as one space. Letter case matters.
        text: String,
        /// Width of the box.
        width: f64,
        /// Height of the box.
        height: f64,
        /// From the lower left corner of the text to that of the box, to the right.
        #[uniffi(default = 0.0)]
        offset_x: f64,
        /// The same, up.
        #[uniffi(default = 0.0)]
        offset_y: f64,
        /// The page to look at, counted from 1; all if absent.
        #[uniffi(default = None)]
        page: Option<i32>,
        /// Which place of the text, counted from 1 in the order of pages, on each from the top and then from the left. Absent: there must be
        /// exactly one.
        #[uniffi(default = None)]
        occurrence: Option<i32>,
    },
    /// In the next free place: below the last signature box of the page and left-aligned with it, then at the top of a column to its right. It
    /// covers no annotation and no text, and nothing that is painted unless pictures and drawings leave no such place.
    NextFree {
        /// Width of the box.
        width: f64,
        /// Height of the box.
        height: f64,
        /// The page, counted from 1; the last one if absent.
        #[uniffi(default = None)]
        page: Option<i32>,
    },
}

fn page(number: i32) -> Result<u32, Error> {
    u32::try_from(number).map_err(|_| Error::new(ErrorKind::PageNotFound))
}

impl Placement {
    pub(crate) fn into_core(self) -> Result<core::Placement, Error> {
        Ok(match self {
            Placement::Invisible => core::Placement::Invisible,
            Placement::Visible { page: number, x0, y0, x1, y1 } => {
                core::Placement::Visible { page: page(number)?, rect: Rect::new(x0, y0, x1, y1) }
            }
            Placement::Anchor { text, width, height, offset_x, offset_y, page: number, occurrence } => {
                let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("an occurrence counts from 1");
                core::Placement::Anchor(core::Anchor {
                    text,
                    page: number.map(page).transpose()?,
                    occurrence: occurrence.map(u32::try_from).transpose().map_err(wrong)?,
                    offset: (offset_x, offset_y),
                    size: core::Size { width, height },
                })
            }
            Placement::NextFree { width, height, page: number } => {
                core::Placement::NextFree { page: number.map(page).transpose()?, size: core::Size { width, height } }
            }
        })
    }
}

/// What a certification signature allows afterwards (DocMDP, ISO 32000-2 12.8.2.2). It is the first signature of a document, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum DocMdp {
    /// Nothing but validation data; no further signature either.
    NoChanges,
    /// Forms are filled in and signed.
    FormFilling,
    /// Annotations too.
    Annotating,
}

impl From<DocMdp> for core::DocMdp {
    fn from(level: DocMdp) -> core::DocMdp {
        match level {
            DocMdp::NoChanges => core::DocMdp::NoChanges,
            DocMdp::FormFilling => core::DocMdp::FormFilling,
            DocMdp::Annotating => core::DocMdp::Annotating,
        }
    }
}

/// Form fields that may no longer change once the signature is there (FieldMDP, ISO 32000-2 12.8.2.4).
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FieldLock {
    /// All of them.
    All,
    /// Those of these fully qualified names, and what is below them.
    Include {
        /// The names.
        names: Vec<String>,
    },
    /// All but those.
    Exclude {
        /// The names.
        names: Vec<String>,
    },
}

impl From<FieldLock> for core::FieldLock {
    fn from(lock: FieldLock) -> core::FieldLock {
        match lock {
            FieldLock::All => core::FieldLock::All,
            FieldLock::Include { names } => core::FieldLock::Include(names),
            FieldLock::Exclude { names } => core::FieldLock::Exclude(names),
        }
    }
}
