//! `thrivosign sign`: where a visible signature shows. Takes options, gives a placement.

use clap::{ArgGroup, Args};
use thrivosign::pdf::Rect;
use thrivosign::sign::{Anchor, Placement, Size};

/// The place of the box; without one the signature is invisible.
#[derive(Args)]
#[command(group(ArgGroup::new("place").args(["visible", "at_text", "next_free"])))]
pub(crate) struct PlaceArgs {
    /// A visible box: page from 1, then left, bottom, width and height in points on the page as it is shown.
    #[arg(long, value_name = "PAGE,X,Y,W,H", value_parser = visible, allow_hyphen_values = true)]
    visible: Option<Placement>,
    /// A visible box below this text of the document, which must stand in one line; see --offset.
    #[arg(long, value_name = "TEXT")]
    at_text: Option<String>,
    /// Which place of that text, counted from 1; without it there must be exactly one.
    #[arg(long, value_name = "N", requires = "at_text", value_parser = clap::value_parser!(u32).range(1..))]
    occurrence: Option<u32>,
    /// From the lower left corner of the text to that of the box, to the right and up, in points; otherwise the box lies 4 points below the text.
    #[arg(long, value_name = "X,Y", requires = "at_text", value_parser = pair, allow_hyphen_values = true)]
    offset: Option<(f64, f64)>,
    /// A visible box in the next free place: below the last signature of the page, then in the next column.
    #[arg(long)]
    next_free: bool,
    /// The page for --at-text (otherwise all) and --next-free (otherwise the last), counted from 1.
    #[arg(long, value_name = "N", conflicts_with = "visible", value_parser = clap::value_parser!(u32).range(1..))]
    page: Option<u32>,
    /// Width and height of the box for --at-text and --next-free, in points.
    #[arg(long, value_name = "W,H", conflicts_with = "visible", value_parser = pair, default_value = "200,60")]
    size: (f64, f64),
}

impl PlaceArgs {
    pub(crate) fn placement(&self) -> Placement {
        let (width, height) = self.size;
        let size = Size { width, height };
        match (&self.visible, &self.at_text) {
            (Some(visible), _) => visible.clone(),
            (None, Some(text)) => Placement::Anchor(Anchor {
                text: text.clone(),
                page: self.page,
                occurrence: self.occurrence,
                offset: self.offset.unwrap_or((0.0, -4.0 - height)),
                size,
            }),
            (None, None) if self.next_free => Placement::NextFree { page: self.page, size },
            (None, None) => Placement::Invisible,
        }
    }
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    numbers?.try_into().ok()
}

fn pair(text: &str) -> Result<(f64, f64), String> {
    numbers(text).map(|[x, y]| (x, y)).ok_or_else(|| "expected two numbers, such as 200,60".to_owned())
}

pub(crate) fn visible(text: &str) -> Result<Placement, String> {
    let wrong = || "expected PAGE,X,Y,W,H, such as 1,50,50,200,60".to_owned();
    let (page, rest) = text.split_once(',').ok_or_else(wrong)?;
    let page = page.trim().parse().map_err(|_| wrong())?;
    match numbers(rest) {
        Some([x, y, w, h]) if w > 0.0 && h > 0.0 => Ok(Placement::Visible { page, rect: Rect::new(x, y, x + w, y + h) }),
        _ => Err(wrong()),
    }
}
